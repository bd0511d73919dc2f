"""Stories: an article, what it follows up, and what follows it up."""

from __future__ import annotations

from bot.domain import Article
from bot.storage.transaction import Transaction

#: Up to the first article of the story, and from all of these down. UNION ends what somebody made a circle of.
_STORY = """
    WITH RECURSIVE up (id) AS (
        SELECT id FROM article WHERE id = :id
        UNION SELECT article.about FROM article JOIN up ON article.id = up.id WHERE article.about IS NOT NULL
    ), story (id) AS (
        SELECT id FROM up UNION SELECT article.id FROM article JOIN story ON article.about = story.id
    )
    SELECT article.id FROM article JOIN story ON story.id = article.id
    WHERE article.state IN ('counting', 'queued', 'held', 'submitted', 'draft', 'published') OR article.id = :id
    ORDER BY CASE WHEN article.published_at IS NULL THEN 1 ELSE 0 END, article.published_at, article.id
"""
#: Follow-ups that will go out by themselves.
_TIMED = "SELECT id FROM article WHERE about = :id AND state IN ('queued', 'counting') ORDER BY id"


class StoryQueries(Transaction):
    async def story(self, number: int) -> list[int]:
        """Return the numbers of a story's articles: those that are out in the order they came out, then what waits.

        Whatever was cancelled or rejected is none of it, unless it is the one that is asked about.
        """
        return [row["id"] for row in await self.all(_STORY, {"id": number})]

    async def timed_follow_ups(self, number: int) -> list[int]:
        """Return the follow-ups of an article that have a time, or go out in a moment."""
        return [row["id"] for row in await self.all(_TIMED, {"id": number})]

    async def follow(self, number: int, article: Article) -> None:
        """Keep which article this one follows up by its newest text."""
        about = article.about.number if article.about is not None else None
        sql = "UPDATE article SET about = CAST(:about AS BIGINT) WHERE id = :id"
        await self.run(sql, {"id": number, "about": about})
