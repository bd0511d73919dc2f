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
        """Return when what waits, is on its way or is to be taken down expires, as people know it."""
        rows = await self.all(
            f"""SELECT id, expires_at, expires_wall FROM article
                    WHERE state IN {OPEN} AND expires_at IS NOT NULL AND expires_wall IS NOT NULL
                UNION ALL SELECT a.id, a.expires_at, a.expires_wall
                    FROM dispatch AS d JOIN article AS a ON a.id = d.article_id
                    WHERE d.state IN ('ready', 'sending', 'running')
                        AND a.expires_at IS NOT NULL AND a.expires_wall IS NOT NULL
                UNION ALL SELECT id, expires_at, expires_wall FROM article
                    WHERE ends_at IS NOT NULL AND expires_at IS NOT NULL AND expires_wall IS NOT NULL"""  # noqa: S608 - ours
        )
        return [*{row["id"]: Wall(row["id"], to_time(row["expires_at"]), row["expires_wall"]) for row in rows}.values()]

    async def set_expiry(self, article_id: int, at: datetime | None, wall: str, zone: str) -> None:
        """Let the article expire at `at`, which the clock of `zone` shows as `wall`; None: it does not expire."""
        await self.run(
            """UPDATE article SET expires_at = :at, expires_wall = :wall, expires_zone = :zone,
                   ends_at = CASE WHEN ends_at IS NULL THEN NULL ELSE CAST(:at AS BIGINT) END WHERE id = :id""",
            {"id": article_id, "at": at and to_ms(at), "wall": wall or None, "zone": zone},
        )
        self.signal("queue")

    async def ending(self, now: datetime) -> list[int]:
        """Return the articles that are out and whose time is over, the longest first."""
        rows = await self.all(
            "SELECT id FROM article WHERE ends_at <= :now AND ends_at IS NOT NULL ORDER BY ends_at, id",
            {"now": to_ms(now)},
        )
        return [row["id"] for row in rows]

    async def end_at(self, article_id: int, at: datetime | None) -> None:
        """Let what is out of an article be ended at this instant; None: never, or it is done."""
        await self.run("UPDATE article SET ends_at = :at WHERE id = :id", {"id": article_id, "at": at and to_ms(at)})
        self.signal("queue")

    async def ask_instead(self, review_id: int, binding: str) -> None:
        """Let a question that was put be about `binding` from now on."""
        await self.run("UPDATE review SET binding = :binding WHERE id = :id", {"id": review_id, "binding": binding})
