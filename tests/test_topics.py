"""A desk group that is a forum: each article has its own topic there, and in it needs no number."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.change import ChangeKind, Tell
from bot.domain.news import NEWS
from bot.domain.people import Role
from bot.sandbox import Bubble
from bot.storage import Queries
from tests.conftest import ARTICLE, NEWSROOM, OWNER, READER, TELEGRAM_TOKEN, Scene, a_scene
from tests.helpers.crowd import HEADLINE, an_article, publishes, said
from tests.helpers.rows import some_news

FORUM = -1009999999991
NO_RIGHT = "не може створювати теми"


pytestmark = pytest.mark.newsroom(groups=[str(FORUM)])


@pytest.fixture
def scene(scene: Scene) -> Scene:
    scene.sandbox.telegram.add_group(FORUM, title="Редакція", forum=True)
    scene.sandbox.telegram.set_admin(FORUM, TELEGRAM_TOKEN, can_manage_topics=True)
    return scene


def heard(scene: Scene, thread: int | None = None) -> list[Bubble]:
    """What the bot said in the forum; None: wherever."""
    bubbles = [bubble for bubble in scene.sandbox.telegram.phone(FORUM) if bubble.sender == "bot"]
    return [bubble for bubble in bubbles if thread in (None, bubble.thread)]


def topics(scene: Scene) -> dict[int, str]:
    return scene.sandbox.telegram.topics(FORUM)


async def says(scene: Scene, text: str, expected: str, *, thread: int = 0) -> Bubble:
    before = len(heard(scene))
    await scene.sandbox.telegram.say(OWNER, text, chat=FORUM, thread=thread)
    await scene.until(lambda: said(heard(scene)[before:], expected))
    return said(heard(scene)[before:], expected)[0]


async def opened(scene: Scene, number: int = 1) -> int:
    """An article is written in the general topic; its own begins."""
    card = await says(scene, f"/queue {ARTICLE}", f"#{number} · чернетка")
    return card.thread


async def test_an_article_gets_a_topic_of_its_own(scene: Scene) -> None:
    first, second = await opened(scene, 1), await opened(scene, 2)

    assert topics(scene) == {first: f"#1 {HEADLINE}", second: f"#2 {HEADLINE}"}
    assert not heard(scene, 0)
    assert len(said(heard(scene, first), "#1")) == len(said(heard(scene, second), "#2")) == 1


async def test_in_an_articles_topic_a_command_needs_no_number(scene: Scene) -> None:
    first, second = await opened(scene, 1), await opened(scene, 2)
    for typed, expected in (
        ("/show", "#2 · чернетка"),
        ("/at 18:30", "#2 у черзі ✓ Вийде сьогодні о 18:30"),
        ("/at 24.12 18:30", "24 груд"),
        ("/at завтра 9:00", "#2 у черзі ✓ Вийде завтра о 09:00"),
        ("/edit лід: Коротко.", "Коротко."),
        ("/history", "Історія #2"),
        ("/log", "Хто що робив із #2"),
        ("/pause", "#2 на паузі"),
        ("/cancel", "#2 скасовано"),
    ):
        answer = await says(scene, typed, expected, thread=second)
        assert answer.thread == second
    assert (await says(scene, "/show 1", "#1 · чернетка", thread=second)).thread == first
    assert (await says(scene, "/list", "#1 · чернетка", thread=second)).thread == second
    assert (await says(scene, "/show", "Який матеріал: /показати?")).thread == 0


async def test_its_buttons_work_and_its_news_comes_there(scene: Scene) -> None:
    thread = await opened(scene)
    card = heard(scene, thread)[-1]
    await scene.sandbox.telegram.press(OWNER, card.message_id, "🚀 Опублікувати зараз", chat=FORUM)
    await scene.until(lambda: said(heard(scene, thread), "#1 виходить. Результат"))

    await scene.until(lambda: said(heard(scene, thread), "#1 вийшов"))
    assert not heard(scene, 0)


#: Whatever a piece of news may carry.
ANYTHING = {
    "article": 1, "dispatch": 1, "left": 1, "dispatches": [1], "late": 60, "reason": "чому", "name": "Іван", "by": 3,
    "by_name": "Іван", "to": [1], "person": 1, "verdict": "changes", "binding": "", "since": 0.0, "until": 0.0,
    "why": "changed", "platform": "telegram", "title": "Вісник", "head": "1:0", "entry": 1, "readers": 1, "kind": "x",
    "wall": "2026-11-24 18:30", "now_at": 0.0, "account": "telegram", "feed": "site",
    "needed": 2, "others": 1, "rules": [], "approved": False, "new": "-2", "old": "-1",
    "address": {"platform": "viber", "id": "a="}, "digest": "5d41", "codes": 20, "people": 3, "rows": ["halt"],
    "behind": 600.0, "cause": "visnyk:unapproved", "at": 0.0, "missing": 1, "asked": "x", "names": ["Олена"],
    "change": 1, "tip": 1, "headline": "Міст", "link": "https://example.org/a",
    "weakening": [{"guard": "approvals", "rule": "desk.approvals", "before": "1", "after": "0"}],
}  # fmt: skip

#: What a kind calls by a name that means another thing elsewhere.
OTHERWISE: Mapping[str, Mapping[str, object]] = {
    "rules_changed": {"weakening": ["approvals"], "others": ["slots"]},
    "stopped_on_its_way": {"by": "Іван"},
}


async def test_no_news_needs_a_person_to_be_told_to_a_group(scene: Scene) -> None:
    """A piece of news that can't be told would hold up all that come after it."""
    await opened(scene)
    await publishes(scene, an_article())
    app, now = scene.app, scene.clock()

    async def tell(tx: Queries) -> None:
        entry = await tx.entry(1)
        assert entry is not None
        await tx.add_change(
            entry, ChangeKind.CORRECTION, 1, note="Було 20.", reason="", tell=Tell.NOBODY, author="person:1", now=now
        )
        for kind in NEWS.keys() - {"team"}:
            await tx.tell_desk(f"try:{kind}", some_news(kind, {**ANYTHING, **OTHERWISE.get(kind, {})}), now)
        await app.telling.tell_desk(tx, now)
        assert not await tx.all("SELECT 1 FROM reply WHERE body LIKE '%не може вам про неї розповісти%'")

    await app.store.write(tell)
    assert not await app.store.read.untold()


async def test_news_of_an_article_that_was_written_elsewhere_begins_its_topic(scene: Scene) -> None:
    await says(scene, "/list", "Черга порожня")
    await publishes(scene, an_article())
    await scene.until(lambda: topics(scene))
    (thread,) = topics(scene)

    await scene.until(lambda: said(heard(scene, thread), HEADLINE))


async def test_a_topic_is_begun_once_also_over_a_restart(scene: Scene) -> None:
    thread = await opened(scene)
    await scene.stop()
    await scene.start()

    assert (await says(scene, "/show 1", "#1 · чернетка")).thread == thread
    assert list(topics(scene)) == [thread]


async def test_without_the_right_all_stands_in_the_general_topic_and_the_desk_is_told_once(scene: Scene) -> None:
    await scene.says("/list", "Черга порожня")
    scene.sandbox.telegram.set_admin(FORUM, TELEGRAM_TOKEN)
    assert await opened(scene, 1) == await opened(scene, 2) == 0
    await scene.until(lambda: said(scene.telegram(), NO_RIGHT) and said(heard(scene, 0), NO_RIGHT))
    scene.advance(minutes=5)
    assert (await says(scene, "/show 1", "#1 · чернетка")).thread == 0
    assert len(said(scene.telegram(), NO_RIGHT)) == 1

    scene.sandbox.telegram.set_admin(FORUM, TELEGRAM_TOKEN, can_manage_topics=True)
    scene.advance(minutes=5)
    assert (await says(scene, "/show 1", "#1 · чернетка")).thread != 0


async def test_a_deleted_topic_loses_no_word_and_the_next_begins_another(scene: Scene) -> None:
    thread = await opened(scene)
    scene.sandbox.telegram.delete_topic(FORUM, thread)
    for said_first, expected in (("/who 1", "ще не"), ("/show 1", "#1 · чернетка")):
        assert (await says(scene, said_first, expected)).thread == 0

    again = await says(scene, "/show 1", "#1 · чернетка")
    assert again.thread not in (0, thread)
    assert list(topics(scene)) == [again.thread]


RENAMED = "заголовок: Міст закрили знову"


async def test_its_topic_is_called_as_the_article_is(scene: Scene) -> None:
    """Wherever the headline was changed."""
    first, second = await opened(scene, 1), await opened(scene, 2)
    await scene.says(f"/edit 1 {RENAMED}", "#1 · чернетка")
    await scene.until(lambda: topics(scene) == {first: "#1 Міст закрили знову", second: f"#2 {HEADLINE}"})
    await says(scene, "/edit лід: Надовго.", "Надовго.", thread=first)
    await says(scene, f"/edit заголовок: {'Довгий ' * 30}", "#1 · чернетка", thread=first)
    await scene.until(lambda: topics(scene)[first] == f"#1 {'Довгий ' * 30}"[:128].strip())

    assert renames(scene) == [200, 200]


async def test_a_topic_is_renamed_after_a_restart_too(scene: Scene) -> None:
    thread = await opened(scene)
    scene.sandbox.faults.add(platform="telegram", method="editForumTopic", kind="drop_before")
    await scene.says(f"/edit 1 {RENAMED}", "#1 · чернетка")
    await scene.until(lambda: renames(scene))
    assert topics(scene) == {thread: f"#1 {HEADLINE}"}
    await scene.stop()
    scene.sandbox.faults.clear()
    await scene.start()

    await scene.until(lambda: topics(scene) == {thread: "#1 Міст закрили знову"})


async def test_a_name_that_may_not_be_given_or_a_topic_that_is_gone_harms_nothing(scene: Scene) -> None:
    first, second = await opened(scene, 1), await opened(scene, 2)
    scene.sandbox.telegram.set_admin(FORUM, TELEGRAM_TOKEN)
    await says(scene, f"/edit {RENAMED}", "Міст закрили знову", thread=first)
    await scene.until(lambda: len(renames(scene)) == 1)
    assert topics(scene)[first] == f"#1 {HEADLINE}"

    scene.sandbox.telegram.set_admin(FORUM, TELEGRAM_TOKEN, can_manage_topics=True)
    scene.sandbox.telegram.delete_topic(FORUM, second)
    await scene.says("/edit 2 заголовок: Міст", "#2 · чернетка")
    await scene.until(lambda: len(renames(scene)) == 2)
    again = await says(scene, "/show 2", "#2 · чернетка")
    assert topics(scene) == {first: f"#1 {HEADLINE}", again.thread: "#2 Міст"}


def renames(scene: Scene) -> list[int]:
    """How each attempt to rename a topic was answered."""
    return [request.status for request in scene.sandbox.requests if request.method == "editForumTopic"]


async def test_a_group_without_topics_is_not_asked_for_any(tmp_path: Path) -> None:
    text = NEWSROOM.replace("desk.approvals = 0", f'desk.approvals = 0\ndesk.groups = ["{FORUM}"]')
    (tmp_path / "newsroom.toml").write_text(text, encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        scene.sandbox.telegram.add_group(FORUM, title="Редакція")
        scene.sandbox.telegram.set_admin(FORUM, TELEGRAM_TOKEN, can_manage_topics=True)
        await opened(scene)
        await says(scene, "/now 1", "#1 виходить. Результат")

        assert not [request for request in scene.sandbox.requests if request.method == "createForumTopic"]


async def test_the_question_stands_in_the_topic_and_somebody_else_answers_it_there(tmp_path: Path) -> None:
    text = NEWSROOM.replace("desk.approvals = 0", f'desk.approvals = 1\ndesk.groups = ["{FORUM}"]')
    (tmp_path / "newsroom.toml").write_text(text, encoding="utf-8")
    async with a_scene(tmp_path) as scene:
        scene.sandbox.telegram.add_group(FORUM, title="Редакція", forum=True)
        scene.sandbox.telegram.set_admin(FORUM, TELEGRAM_TOKEN, can_manage_topics=True)
        now, reader = scene.clock(), Address(Platform.TELEGRAM, str(READER))
        await scene.app.store.write(
            lambda tx: tx.add_person(reader, "Іван", Role.EDITOR, now, invited_by=None, wait_until=None)
        )
        thread = await opened(scene)
        await says(scene, "/submit", "#1 надіслано колегам.", thread=thread)
        await scene.until(lambda: said(heard(scene, thread), "чекає на ваше"))
        question = said(heard(scene, thread), "чекає на ваше")[-1]
        press = scene.sandbox.telegram.press
        await press(OWNER, question.message_id, "✅ Погодити", chat=FORUM)
        await scene.until(lambda: said(heard(scene, thread), "погодити має хтось інший"))
        await press(READER, question.message_id, "✅ Погодити", chat=FORUM)
        await scene.until(lambda: said(heard(scene, thread), "#1 погоджено"))
        await scene.until(lambda: said(heard(scene, thread), "#1 погоджено: Іван"))
        assert not heard(scene, 0)
