"""The steps of docs/tutorial.md, said and pressed as they stand there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.settings import load_settings
from tests.conftest import NEWSROOM, OWNER, VIBER_OWNER, Scene, a_scene, unnumbered
from tests.dialogues.conftest import TELEGRAM, VIBER, Chat

TUTORIAL = Path(__file__).resolve().parent.parent / "docs" / "tutorial.md"
READS = re.compile(r"(Olena|Taras) reads “((?:[^“”]|“[^”]*”)*)”")


def shipped_rules() -> str:
    text = load_settings({}).newsroom.read_text(encoding="utf-8")
    return re.split(r"^\[(?!\[risks)", text[text.index("[[risks]]") :], flags=re.MULTILINE)[0]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """The policy is that of newsroom.toml as it comes."""
    ours = [line for line in NEWSROOM.splitlines() if not line.startswith(("desk.", "evidence."))]
    (tmp_path / "newsroom.toml").write_text("\n".join([*ours, shipped_rules()]), encoding="utf-8")
    async with a_scene(tmp_path) as running:
        running.sandbox.telegram.add_person(OWNER, name="Olena", language="en")
        running.sandbox.viber.add_person(VIBER_OWNER, name="Taras", language="en")
        yield running


async def test_an_article_gets_out_by_the_steps_of_the_tutorial(scene: Scene) -> None:
    people = {"Olena": Chat(scene, TELEGRAM, "en"), "Taras": Chat(scene, VIBER, "en")}
    for chat in people.values():
        await chat.says("/list", "The queue is empty")
    text = TUTORIAL.read_text(encoding="utf-8")
    article = re.findall(r"```\n(.*?)\n```", text, re.DOTALL)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    for who, does, happens in rows[2:]:
        heard = {name: len(chat.heard()) for name, chat in people.items()}
        if who:
            await act(people[who], article if does == "the text above" else does)
        else:
            assert does == "30 seconds pass"
            assert not scene.channel() and not scene.viber_channel()
            scene.advance(seconds=30)
            await scene.until(lambda: scene.channel() and scene.viber_channel())
        for name, words in READS.findall(happens):
            await reads(scene, people[name], words, heard[name])
    assert len(rows) > 10


RISKY = """/queue Two killed at a level crossing, police suspect Ivan Koval

A train hit a car.

status: single source
source: a source in the police"""


async def test_two_people_are_enough_for_what_is_risky_too(scene: Scene) -> None:
    olena, taras = Chat(scene, TELEGRAM, "en"), Chat(scene, VIBER, "en")
    await taras.says("/list", "The queue is empty")
    await olena.says(RISKY, "#1 · draft")
    await olena.says("/submit 1", "#1 is with your colleagues.")
    question = await taras.hears("#1 is waiting for your approval.")
    items = len(re.findall("☐", question.text))
    assert items == 3 + 2 + 2

    await taras.presses("✅ Approve", "First tick what you have checked in #")
    for place in range(1, items + 1):
        await taras.presses(f"☐ {place}", f"☑ {place}.")
    await taras.presses("✅ Approve", "#1 is approved")
    await olena.says("/now 1", "goes out in 30 sec")
    scene.advance(seconds=30)
    await scene.until(lambda: scene.channel() and scene.viber_channel())


async def test_what_a_strike_left_is_not_shown_for_three_hours(scene: Scene) -> None:
    olena, taras = Chat(scene, TELEGRAM, "en"), Chat(scene, VIBER, "en")
    await taras.says("/list", "The queue is empty")
    await olena.says("/queue Наслідки удару по порту\n\nГорить склад.\nstatus: confirmed\nsource: ДСНС", "#1 · draft")

    await olena.says("/at 1 15:59", "#1 may not go out before today at 16:00")
    await olena.says("/at 1 16:00", "#1 is set for today at 16:00")


async def act(chat: Chat, does: str) -> None:
    """The first thing in the cell: a button in bold, or words in backquotes; the article as it is."""
    first = re.match(r"(?:\*\*(.+?)\*\*|`(.+?)`)", does)
    if first is not None and first[1]:
        await press(chat, first[1])
    elif chat.on_telegram:
        await chat.scene.sandbox.telegram.say(OWNER, first[2] if first is not None else does)
    else:
        await chat.scene.sandbox.viber.say(VIBER_OWNER, first[2] if first is not None else does)


async def press(chat: Chat, label: str) -> None:
    if not chat.on_telegram:
        shown = [each for row in chat.scene.sandbox.viber.keyboard(VIBER_OWNER) for each, _ in row]
        await chat.scene.sandbox.viber.press(VIBER_OWNER, next(each for each in shown if unnumbered(each) == label))
        return
    newest = [bubble for bubble in chat.heard() if label in [text for row in bubble.buttons for text, _ in row]][-1]
    await chat.scene.sandbox.telegram.press(OWNER, newest.message_id, label)


async def reads(scene: Scene, chat: Chat, words: str, since: int) -> None:
    """In a new message, or in the countdown's, which is redrawn."""
    counted = [bubble for bubble in chat.heard()[:since] if bubble.text.startswith(("⏳", "✖️"))]

    def found() -> bool:
        shown = {bubble.message_id: bubble for bubble in chat.heard()}
        again = [shown[bubble.message_id] for bubble in counted if shown[bubble.message_id] != bubble]
        return any(words in bubble.text for bubble in [*chat.heard()[since:], *again])

    await scene.until(found)
