"""How an article gets out, as chat: one writes on one platform, another answers for it on the other."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.commands.posts import LINE as END
from bot.newsroom import review, writing
from bot.sandbox.telegram_content import SMALL_JPEG
from bot.storage import Queries
from bot.web.haste import AT_ONCE
from tests.conftest import NEWSROOM, OWNER, VIBER_OWNER, unnumbered
from tests.dialogues.conftest import ARTICLES, Chat, Four, TwoOfADesk, card_in, opened, said
from tests.helpers.acts import acting
from tests.helpers.catalogue import LANGUAGES, stretch, titled, written
from tests.helpers.crowd import an_article

TODAY = "today at {time}"
WHY = "Хто це сказав?"
SAYS = {
    "approve": written("✅ Approve"),
    "changes": written("✏️ Ask for changes"),
    "later": written("🕒 Later"),
    "reject": written("⛔ Reject"),
    "submitted": written("#{id} is with your colleagues.", id=1),
    "asked": written("#{id} is waiting for your approval. It", id=1),
    "asked of new": written("#{id} was changed since you looked at it, and", id=1),
    "asked of time": written("🕒 #{id} waits for your approval: only its time", id=1),
    "reminded": written("⏰ #{id} still waits for your approval, {long} by now.", id=1),
    "approved": written("#{id} is approved.", id=1),
    "told approved": written("#{id} is approved by {person}.", id=1),
    "approved card": titled(1, "approved"),
    "why changes": written("What should change in #{id}?", id=1),
    "why reject": written("Why do you reject #{id}?", id=1),
    "returned": written("#{id} is back with its author", id=1),
    "rejected": written("#{id} is rejected;", id=1),
    "card": stretch("✏️ {person} asks for changes: “{reason}”", reason=WHY),
    "told changes": stretch("✏️ {person} asks for changes in #{id}:", id=1, reason=WHY),
    "told reject": stretch("⛔ {person} rejected #{id}: “{reason}”.", id=1, reason=WHY),
    "changed": written("#{id} has changed since you saw it.", id=1),
    "draft": titled(1, "draft"),
    "is rejected": written("Article #{id} was rejected.", id=1),
    "is out": written("#{id} is going out now. The result", id=1),
    "again": written("I will ask you about #{id} again {when}.", id=1, when=written(TODAY, time="13:15")),
    "waits long": written("⏰ #{id} has been waiting for approval", id=1, when=written(TODAY, time="13:00")),
    "left": written("Nothing was changed. /list"),
    "empty": written("Write the reason in one message"),
    "timed": written("#{id} is set for {when}. It goes out only", id=1, when=written(TODAY, time="18:30")),
    "not asked": written("#{id} was changed before it was approved", id=1),
    "void": written("#{id} was changed, so its approval no longer", id=1),
    "queued card": written("⚠️ Not approved for this time:"),
    "submit": written("📨 Submit for approval"),
    "cancelled": written("#{id} is cancelled: it does not go out.", id=1),
    "cancelled card": titled(1, "cancelled"),
    "is cancelled": written("Article #{id} was cancelled.", id=1),
    "told cancelled": stretch("✖️ {person} cancelled #{id}: it does not go out.", id=1),
}
LISTED = {language: f"#1 · {written(TODAY, time='18:30')[language]} · {written('⚠️ not approved')[language]} · "
          for language in LANGUAGES}  # fmt: skip


@dataclass
class Desk(TwoOfADesk):
    @property
    def says(self) -> dict[str, str]:
        return {name: text[self.author.language] for name, text in SAYS.items()}


@pytest.fixture
async def desk(tmp_path: Path, platform: str, language: str) -> AsyncIterator[Desk]:
    text = NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1")
    async with opened(Desk, tmp_path, text, platform, language) as made:
        await made.author.says(f"/queue {ARTICLES[language]}", made.author.draft(1))
        await made.submits()
        yield made


async def test_whoever_is_asked_sees_the_exact_posts_and_approves(desk: Desk) -> None:
    [question] = [bubble for bubble in desk.other.heard() if desk.says["asked"] in bubble.text]
    assert [bubble for bubble in desk.other.heard() if desk.other.headline in bubble.text] == [question]
    post, _, asked = question.text.partition(END)
    assert desk.says["asked"] in asked

    await desk.other.presses(desk.says["approve"], desk.says["approved"])
    await desk.author.hears(desk.says["told approved"])
    await desk.author.hears(desk.says["approved card"])
    await desk.author.says("/list", desk.says["approved card"])
    await desk.author.says("/now 1", desk.says["is out"])
    await desk.scene.until(lambda: desk.scene.channel() and desk.scene.viber_channel())
    out = desk.scene.channel() if desk.other.on_telegram else desk.scene.viber_channel()
    assert out[0].text.startswith(post.strip())


async def test_the_other_platforms_post_is_behind_a_button_of_the_question(desk: Desk) -> None:
    other = "Viber" if desk.other.on_telegram else "Telegram"
    for _ in range(2):  # it may be looked at again
        shown = await desk.other.pushes(
            "", "⬆️ Exactly what readers on {platform} get.", on=f"👁 {other}" + ("" if desk.other.on_telegram else " #1")
        )
        assert shown.text.startswith(desk.other.headline) and shown.text.rstrip(".").endswith((f" {other} get", other))

    await desk.other.presses(desk.says["approve"], desk.says["approved"])


async def test_whoever_is_asked_reads_the_note_that_readers_never_see(desk: Desk) -> None:
    word = written("🗒 For the desk only: {note}")[desk.author.language]
    note = " ".join(f"The mayor's office, by telephone, {n}." for n in range(9))
    await desk.author.says(f"/edit 1 note: {note}", desk.author.draft(1))
    await desk.submits()

    question = (await desk.other.hears(desk.says["asked of new"])).text
    line = next(line for line in question.splitlines() if line.startswith(word))
    assert note.startswith(line.removeprefix(word).rstrip("…")) and "telephone, 1." in line
    await desk.other.says("/show 1", word + note)

    def posts() -> list[str]:
        shown = [bubble.text for bubble in desk.other.heard() if bubble.text.startswith(desk.other.headline)]
        return [text.partition(END)[0] for text in shown]

    await desk.scene.until(posts)
    assert not any("telephone" in post for post in posts())


async def test_a_request_for_changes_goes_to_the_author_with_its_reason(desk: Desk) -> None:
    await desk.other.presses(desk.says["changes"], desk.says["why changes"])
    await desk.other.says(WHY, desk.says["returned"])
    await desk.author.hears(desk.says["told changes"])
    assert desk.says["draft"] in (await desk.author.hears(desk.says["card"])).text

    await desk.author.says("/edit 1 source: ОВА", desk.says["draft"])
    await desk.submits()
    await desk.other.presses(desk.says["approve"], desk.says["approved"])


async def test_what_was_sent_back_is_not_approved_by_an_old_button(desk: Desk) -> None:
    keyboard = desk.scene.sandbox.viber.keyboard(desk.other._viber_id)
    await desk.other.presses(desk.says["changes"], desk.says["why changes"])
    await desk.other.says(WHY, desk.says["returned"])

    if not desk.other.on_telegram:  # there the question has become the card
        assert desk.says["approve"] not in str(desk.scene.sandbox.viber.keyboard(desk.other._viber_id))
        (approve,) = [action for row in keyboard for label, action in row if unnumbered(label) == desk.says["approve"]]
        await desk.other.says(approve, desk.says["changed"])


async def test_a_time_that_nobody_approved_is_not_promised(desk: Desk) -> None:
    """The person who was asked hears that they no longer need to answer."""
    says = desk.says
    await desk.author.says("/at 1 18:30", says["timed"])
    await desk.other.hears(says["not asked"])
    await desk.author.says("/list", LISTED[desk.author.language])
    await desk.author.says("/week", "18:30  #1 ⚠️")
    await desk.author.says("/pause 1", {"uk": "/пауза 1", "en": "/pause 1"}[desk.author.language])
    await desk.author.says("/pause 1", says["timed"])
    await desk.author.says("/show 1", says["queued card"])

    before = desk.times_asked
    await desk.author.says("/submit 1", says["submitted"])
    await desk.scene.until(lambda: desk.times_asked > before)
    await desk.other.presses(says["approve"], says["approved"])
    await desk.author.says("/at 1 18:30", "#1")
    assert not said(desk.author, says["void"])
    await desk.author.says("/at 1 19:00", "19:00")
    for chat in (desk.author, desk.other):
        await chat.hears(says["void"])


async def test_to_submit_once_more_shows_no_posts_that_were_seen(desk: Desk) -> None:
    posts = sum(desk.other.headline in bubble.text for bubble in desk.other.heard())
    await desk.submits()

    assert sum(desk.other.headline in bubble.text for bubble in desk.other.heard()) == posts + 1  # the question


async def test_a_refused_press_shows_how_it_stands_now(desk: Desk) -> None:
    """On Telegram the question itself has changed, on Viber the card comes with its own keyboard."""
    await desk.author.says("/cancel 1", desk.says["cancelled"])
    if not desk.other.on_telegram:  # also when the tap was on its way as the next keyboard came
        await desk.other.presses(desk.says["approve"], desk.says["is cancelled"])
    await desk.other.hears(desk.says["cancelled card"])


async def test_a_keyboard_offers_no_answer_to_what_is_not_asked_any_more(desk: Desk) -> None:
    if desk.other.on_telegram:
        return
    await desk.author.says("/at 1 18:30", desk.says["timed"])
    await desk.other.hears(desk.says["not asked"])
    assert desk.says["submit"] in keyboard(desk.other) and desk.says["approve"] not in keyboard(desk.other)


def keyboard(chat: Chat) -> list[str]:
    return [unnumbered(label) for row in chat.scene.sandbox.viber.keyboard(VIBER_OWNER) for label, _ in row]


async def test_the_author_hears_who_cancelled_it(desk: Desk) -> None:
    await desk.other.says("/cancel 1", desk.says["cancelled"])
    await desk.author.hears(desk.says["told cancelled"])
    assert not said(desk.other, desk.says["told cancelled"])


async def test_a_rejected_article_goes_nowhere_until_it_is_written_anew(desk: Desk) -> None:
    await desk.other.presses(desk.says["reject"], desk.says["why reject"])
    await desk.other.says(WHY, desk.says["rejected"])
    await desk.author.hears(desk.says["told reject"])

    for typed in ("/now 1", "/submit 1", "/at 1 18:30"):
        await desk.author.says(typed, desk.says["is rejected"])
    await desk.author.says("/edit 1 source: ОВА", desk.says["draft"])


async def test_a_reason_can_be_left_unsaid(desk: Desk) -> None:
    await desk.other.presses(desk.says["reject"], desk.says["why reject"])
    await desk.other.says("а" * 1001, desk.says["empty"])
    await desk.other.says("/cancel", desk.says["left"])
    await desk.submits()
    await desk.other.presses(desk.says["approve"], desk.says["approved"])


async def test_pressing_later_brings_the_question_for_approval_back(desk: Desk) -> None:
    await desk.other.presses(desk.says["later"], desk.says["again"])
    before = desk.times_asked
    desk.scene.advance(minutes=15)

    await desk.scene.until(lambda: desk.times_asked == before + 1)
    await desk.other.presses(desk.says["approve"], desk.says["approved"])


async def test_what_waits_too_long_is_asked_again_and_told_to_the_owners_once(desk: Desk) -> None:
    desk.scene.advance(minutes=15)
    await desk.scene.until(lambda: desk.times_asked == 2)
    await desk.scene.stop()
    desk.scene.clock.at = desk.scene.clock.at.replace(hour=12, minute=0)
    await desk.scene.start()
    for chat in (desk.author, desk.other):
        await chat.hears(desk.says["waits long"])

    desk.scene.advance(hours=5)
    await desk.other.says("/whoami", desk.other.platform)
    assert [said(chat, desk.says["waits long"]) for chat in (desk.author, desk.other)] == [1, 1]
    assert desk.times_asked == 2  # what the owners are told is the question itself
    assert desk.other.labelled(await desk.other.hears(desk.says["waits long"]), "✅ Approve")


ALONE = (
    written("It goes out on your responsibility."),
    stretch("⚡ {person} is sending #{id} out without approval:", id=1),
    written("⚡ #{id} went out without approval:", id=1),
    written("✅ Reviewed"),
    written("Noted: you looked at #{id}.", id=1),
    stretch("✅ {person} reviewed #{id} after it went out.", id=1),
    written("⏰ #{id}: nobody has reviewed yet", id=1),
)


async def test_an_owner_sends_it_out_alone_and_somebody_else_looks_at_it_until_it_is_done(desk: Desk) -> None:
    mine, all_hear, asked, looked, noted, told, again = (text[desk.author.language] for text in ALONE)
    await desk.author.says({"uk": "/негайно 1", "en": "/urgent 1"}[desk.author.language], mine)
    await desk.scene.until(lambda: desk.scene.channel() and desk.scene.viber_channel())
    await desk.other.hears(all_hear)
    await desk.other.hears(asked)
    for minutes, times in ((15, 1), (60, 2), (60, 3)):
        desk.scene.advance(minutes=minutes)
        await desk.scene.until(lambda times=times: said(desk.other, again) == times)  # type: ignore[misc]
    assert said(desk.other, asked) == 1 and not said(desk.author, asked) and not said(desk.author, again)

    await desk.other.presses(looked, noted)
    await desk.author.hears(told)
    times = said(desk.other, again)
    desk.scene.advance(hours=5)
    await desk.other.says("/history 1", desk.other.headline)
    assert said(desk.other, again) <= times


async def test_what_is_approved_needs_no_look_afterwards(desk: Desk) -> None:
    mine, _, asked, *_ = (text[desk.author.language] for text in ALONE)
    await desk.other.presses(desk.says["approve"], desk.says["approved"])
    await desk.author.hears(desk.says["told approved"])
    await desk.author.says("/urgent 1", desk.says["is out"])

    await desk.scene.until(lambda: desk.scene.channel() and desk.scene.viber_channel())
    await desk.author.says("/history 1", written("with /urgent, right away")[desk.author.language])
    assert not said(desk.author, mine) and not said(desk.other, asked)


#: What a phone shows at once, and how much of a line it holds.
SCREEN, LINE = 20, 45
#: As much as an article can have, each part as long as newspapers write it.
RICH = """{headline}

{lead}

{body}

status: single source
source: Полтавська обласна військова адміністрація https://example.org/ova
source: Державне агентство відновлення та розвитку інфраструктури
link: https://example.org/news/2026/11/sula-bridge-reopened
topics: місто, транспорт, інфраструктура
photo: https://example.org/bridge.jpg
note: Перевірити в агентстві, чи справді 120 мільйонів, до 18:00.
urgent

Читайте також

{teasers}"""


def rich() -> str:
    return RICH.format(
        headline="Міст через Сулу відкрили після двох років ремонту: рух в обох напрямках, вантажівкам теж можна",
        lead="Рух відновили в обох напрямках, обмеження для вантажівок зняли. " * 4,
        body="\n\n".join(["Ремонт тривав два роки й коштував 120 мільйонів гривень. " * 3] * 8),
        teasers="\n\n".join(
            [f"{n}. Водіїв просять обирати інші дороги, бо дощ триватиме до п'ятниці" for n in range(6)]
        ),
    )


def height(text: str) -> int:
    return sum(max(1, math.ceil(len(line) / LINE)) for line in text.splitlines())


async def test_what_the_desk_is_shown_fits_one_screen_of_a_phone(desk: Desk) -> None:
    desk.scene.sandbox.internet.put("https://example.org/bridge.jpg", SMALL_JPEG)
    card = await desk.author.says(f"/queue {rich()}", desk.author.draft(2))
    await desk.author.says("/submit 2", "#2")
    question = await desk.other.hears(written("#{id} is waiting for your approval. It", id=2)[desk.author.language])
    await desk.other.presses(desk.says["changes"], "#2")
    await desk.other.says("Хто це сказав? " * 60, "#2")
    returned = await desk.author.hears(desk.says["card"].partition("Хто")[0])

    shown = {"card": card_in(card, 2), "question": question.text, "returned": returned.text}
    assert {name: height(text) for name, text in shown.items() if height(text) > SCREEN} == {}, returned.text


RISK = """
[[risks]]
key = "casualties"
title = "casualties"
words = ["загин", "killed"]
approvals = 1
checklist = ["Two officials confirm it", "The families know"]
"""
RISKY = {
    "uk": "Двоє загинули на переїзді\n\nПотяг зіткнувся з автомобілем.\n\nджерело: ДСНС",
    "en": "Two killed at a level crossing\n\nA train hit a car.\n\nsource: Rescue service",
}
TICK, FIRST = written("Tick what you have checked:"), written("First tick what you have checked in #{id}", id=1)


async def ticks(chat: Chat, label: str, expected: str) -> None:
    """The question is drawn again: the same message on Telegram, a new one on Viber."""
    if chat.on_telegram:
        box = [b for b in chat.heard() if label in [text for row in b.buttons for text, _ in row]][-1]
        await chat.scene.sandbox.telegram.press(OWNER, box.message_id, label)
        await chat.hears(expected)
    else:
        await chat.presses(label, expected)


async def test_a_checklist_is_ticked_before_an_approval_counts(tmp_path: Path, platform: str, language: str) -> None:
    text = NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1") + RISK
    article, tick, first = RISKY[language], TICK[language], FIRST[language]
    async with opened(Desk, tmp_path, text, platform, language) as desk:
        await desk.author.says(f"/queue {article}", desk.author.draft(1))
        await desk.submits()
        assert tick in (await desk.other.hears("☐ 1. Two officials confirm it\n☐ 2. The families know")).text

        await desk.other.presses(desk.says["approve"], first)
        await ticks(desk.other, "☐ 1", "☑ 1. Two officials confirm it\n☐ 2. The families know")
        await ticks(desk.other, "☑ 1", "☐ 1. Two officials confirm it\n☐ 2. The families know")
        await ticks(desk.other, "☐ 2", "☐ 1. Two officials confirm it\n☑ 2. The families know")
        await desk.other.presses(desk.says["approve"], first)
        await ticks(desk.other, "☐ 1", "☑ 1. Two officials confirm it\n☑ 2. The families know")
        await desk.other.presses(desk.says["approve"], desk.says["approved"])


async def submitted(four: Four, author: Chat, articles: int) -> None:
    app, clock = four.scene.app, four.scene.clock

    async def work(tx: Queries) -> None:
        desk = await acting(app.newsroom, tx, clock(), author.address)
        for number in range(articles):
            situation = await writing.draft(desk, an_article(f"Новина {author.name} {number}"))
            await review.submit(desk, situation.entry.id)

    await four.write(work)


@pytest.mark.newsroom(approvals=1)
async def test_what_is_asked_about_several_articles_at_once_is_one_message(four: Four) -> None:
    for author in four.chats[:2]:
        await submitted(four, author, 3)
    told = "These articles are waiting for your approval:"
    for chat in four.chats:
        bubble = await chat.sees(told)
        label = next(label for row in (*bubble.buttons, *bubble.keyboard) for label, _ in row)
        await chat.pushes("", "#{id} is waiting for your approval. It goes out: {when}.", on=label)
        assert len([each for each in chat.heard() if chat.reads(each, told)]) <= 2  # once for each author


@pytest.mark.newsroom(approvals=1)
async def test_five_articles_of_one_person_wait_for_approval_and_no_more(four: Four) -> None:
    for number, author in enumerate(four.chats, 1):
        await submitted(four, author, review.WAITING)
        await author.drafts(number * (review.WAITING + 1))
        refused = "Your articles that already wait for approval: {numbers}. Submit this one once one of them is"
        await author.asks(f"/submit {number * (review.WAITING + 1)}", refused)
        await author.asks(f"/submit {number * (review.WAITING + 1) - 1}", "#{id} is with your colleagues.")


async def test_who_sends_too_much_at_once_is_told_when_it_goes_on(four: Four) -> None:
    for chat in four.chats:
        for _ in range(AT_ONCE + 30):  # the clock goes on a little at each look
            await chat.types("/resume")
        await chat.sees("That was too much at once. What you send is taken again in {time};")
        await chat.types("/list")
        await chat.asks("/cancel", "Nothing is waiting for /{command} right now.")
        told = [bubble for bubble in chat.heard() if chat.reads(bubble, "That was too much at once.")]
        assert len(told) == 1
        four.scene.advance(minutes=1, seconds=1)
        await chat.asks("/list", "The queue is empty. Add an article: /queue")
