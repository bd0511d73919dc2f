"""Times of articles as people know them: what the newsroom's clock showed when they were typed."""

from __future__ import annotations

from datetime import datetime

from bot.domain.entry import Wall
from bot.storage.articles import OPEN, ArticleQueries
from bot.storage.convert import to_ms, to_time


class WallQueries(ArticleQueries):
    async def keep_wall(self, article_id: int, wall: str, zone: str) -> None:
        """Keep what the clock of `zone` shows at the article's time."""
        await self.run(
            "UPDATE article SET due_wall = :wall, due_zone = :zone WHERE id = :id",
            {"id": article_id, "wall": wall, "zone": zone},
        )

    async def walls(self) -> list[Wall]:
        """Return the times of what is queued, as people know them."""
        rows = await self.all(
            f"""SELECT id, due_at, due_wall FROM article
                WHERE state IN {OPEN} AND state IN ('queued', 'held') AND due_at IS NOT NULL
                    AND due_wall IS NOT NULL"""  # noqa: S608 - ours
        )
        return [Wall(row["id"], to_time(row["due_at"]), row["due_wall"]) for row in rows]

    async def expiry_walls(self) -> list[Wall]:
        """Return when what waits or is on its way expires, as people know it."""
        rows = await self.all(
            f"""SELECT id, expires_at, expires_wall FROM article
                    WHERE state IN {OPEN} AND expires_at IS NOT NULL AND expires_wall IS NOT NULL
                UNION ALL SELECT a.id, a.expires_at, a.expires_wall
                    FROM dispatch AS d JOIN article AS a ON a.id = d.article_id
                    WHERE d.state IN ('ready', 'sending', 'running')
                        AND a.expires_at IS NOT NULL AND a.expires_wall IS NOT NULL"""  # noqa: S608 - ours
        )
        return [*{row["id"]: Wall(row["id"], to_time(row["expires_at"]), row["expires_wall"]) for row in rows}.values()]

    async def set_expiry(self, article_id: int, at: datetime | None, wall: str, zone: str) -> None:
        """Let the article expire at `at`, which the clock of `zone` shows as `wall`; None: it does not expire."""
        await self.run(
            "UPDATE article SET expires_at = :at, expires_wall = :wall, expires_zone = :zone WHERE id = :id",
            {"id": article_id, "at": at and to_ms(at), "wall": wall or None, "zone": zone},
        )

    async def ask_instead(self, review_id: int, binding: str) -> None:
        """Let a question that was put be about `binding` from now on."""
        await self.run("UPDATE review SET binding = :binding WHERE id = :id", {"id": review_id, "binding": binding})
