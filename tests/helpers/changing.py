"""A change of an article that is out, let out by the store alone."""

from __future__ import annotations

from bot.domain import Article, Platform
from bot.domain.change import Change, ChangeKind, Tell
from bot.newsroom.writing import with_picture
from bot.storage import Queries
from tests.conftest import Scene
from tests.helpers.acts import acting
from tests.helpers.crowd import DESK
from tests.helpers.pictures import numbered
from tests.promises.moments import comes_true

RIGHT = "Поранено 12 людей."
NOTE = "Було «20», правильно «12»."


async def changes(
    scene: Scene,
    article: Article,
    *,
    kind: ChangeKind = ChangeKind.CORRECTION,
    tell: Tell = Tell.HOLDERS,
    number: int = 1,
    notice_first: int = 20_000,
) -> Change:
    """Let a change of an article go out."""

    async def work(tx: Queries) -> Change:
        entry = await tx.entry(number)
        assert entry is not None
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        before, media = entry.article.media, article.media
        if media is not None and (before is None or before.place != media.place):
            await tx.keep_picture(media.place, numbered(len(media.place)), "jpg", scene.clock())
        shown = await with_picture(desk, article, before)
        version = await tx.draft_version(entry, shown, DESK, scene.clock())
        change = await tx.add_change(
            entry, kind, version, note=NOTE, reason="", tell=tell, author="person:1", now=scene.clock()
        )
        await tx.let_change_out(
            change, "corrected", scene.clock(), edits=[Platform.TELEGRAM], silent=False, notice_first=notice_first
        )
        return change

    return await scene.app.store.write(work)


async def everywhere(scene: Scene, change: Change) -> None:
    await comes_true(scene, f"SELECT 1 FROM change WHERE id = {change.id} AND state = 'done'")


async def everybody_has_it(scene: Scene, article: int = 1) -> None:
    under_way = "state IN ('ready', 'sending', 'running')"
    await comes_true(
        scene, f"SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM dispatch WHERE article_id = {article} AND {under_way})"
    )
