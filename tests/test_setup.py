"""`visnyk setup`: from a token to a newsroom that can start, played against the sandbox."""

from __future__ import annotations

import asyncio
import re
import stat
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
import typer

from bot.app.setup import NOTES, SetUp
from bot.app.talks import AnswersFile
from bot.app.terminal import words_for
from bot.errors import CannotStart
from bot.sandbox import Sandbox
from bot.texts import Catalogue
from config.newsroom import load_newsroom
from config.settings import LOCALES, load_settings
from tests.conftest import CHANNEL, OWNER, TELEGRAM_TOKEN, VIBER_CHANNEL_TOKEN, VIBER_TOKEN

ANSWERS = {"token": TELEGRAM_TOKEN, "name": "Вісник «Дніпра»", "languages": "uk", "second": "no"}

SAYS = Catalogue.load(LOCALES)

ON_VIBER = {"viber": "yes", "viber_token": VIBER_TOKEN}


@dataclass
class Operator:
    """Answers, and does what is asked for on the phone and in the channel. `leaves` is the question left by Ctrl+C."""

    sandbox: Sandbox
    answers: dict[str, str] = field(default_factory=lambda: dict(ANSWERS))
    may_post: bool = True
    leaves: str = ""
    is_patient: bool = False
    language: str = "en"
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def put(self, text: str) -> None:
        self.said.append(text)
        if "?start=setup" in text:
            self._tasks = asyncio.ensure_future(self.sandbox.telegram.say(OWNER, "/start setup"))

    async def ask(self, key: str, question: str, usual: str = "") -> str:
        self.asked.append(key)
        self.questions.append(question)
        if key == self.leaves:
            raise CannotStart("Left.")
        if key == "channels":
            self.sandbox.telegram.add_bot_to(CHANNEL, TELEGRAM_TOKEN)
            self.sandbox.telegram.set_admin(CHANNEL, TELEGRAM_TOKEN, can_post=self.may_post)
        return self.answers.get(key, usual)


@pytest_asyncio.fixture
async def platforms() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        sandbox.telegram.add_bot(TELEGRAM_TOKEN)
        sandbox.telegram.add_person(OWNER, name="Олена")
        sandbox.telegram.add_channel(CHANNEL, title='Наш "канал"')
        sandbox.telegram.remove_bot(CHANNEL, TELEGRAM_TOKEN, kicked=False)
        sandbox.viber.add_bot(VIBER_TOKEN, name="Вісник", uri="visnyk")
        sandbox.viber.add_channel(VIBER_CHANNEL_TOKEN, name='Наш "Viber"', superadmin="c3VwZXJhZG1pbi1zdXBlcg==")
        yield sandbox


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def set_up(operator: Operator, folder: Path) -> SetUp:
    sandbox = operator.sandbox
    environment = {"TELEGRAM_API_URL": sandbox.telegram_url, "VIBER_API_URL": sandbox.viber_url}
    return SetUp(folder, operator, environment, SAYS.say(operator.language))


async def test_eight_questions_lead_from_a_token_to_a_newsroom(platforms: Sandbox, tmp_path: Path) -> None:
    operator = Operator(platforms)
    await set_up(operator, tmp_path).run()

    file = load_newsroom(tmp_path / "newsroom.toml")
    assert len(operator.asked) == 8
    assert "VIBER" not in (tmp_path / ".env").read_text("utf-8")
    assert (file.name, file.languages, file.desk.approvals) == ("Вісник «Дніпра»", ("uk",), 0)
    assert [(channel.chat, channel.title) for channel in file.channels] == [(str(CHANNEL), 'Наш "канал"')]
    env = tmp_path / ".env"
    assert f"OWNERS=telegram:{OWNER}\n" in env.read_text("utf-8")
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert sorted(names(tmp_path)) == [".env", "newsroom.toml"]
    assert 'The bot may post in Наш "канал".' in "\n".join(operator.said)


async def test_the_proxy_of_the_set_up_stays_the_proxy_of_the_newsroom(platforms: Sandbox, tmp_path: Path) -> None:
    environment = {"TELEGRAM_API_URL": platforms.telegram_url, "TELEGRAM_PROXY": "socks5://desk:secret@proxy.example"}
    await SetUp(tmp_path, Operator(platforms), environment, SAYS.say("en")).run()

    lines = (tmp_path / ".env").read_text("utf-8").splitlines()
    assert "TELEGRAM_PROXY=socks5://desk:secret@proxy.example" in lines


async def test_vibers_costs_are_said_before_it_is_asked_for(platforms: Sandbox, tmp_path: Path) -> None:
    viber = {"viber": "yes", "viber_token": VIBER_TOKEN, "viber_channel": VIBER_CHANNEL_TOKEN}
    operator = Operator(platforms, ANSWERS | viber | {"public_url": "https://news.example.org/"})
    await set_up(operator, tmp_path).run()

    told = "\n".join(operator.said)
    assert told.index("Viber costs money") < told.index("Viber knows the bot: Вісник.")
    assert 'Viber knows the channel: Наш "Viber".' in told
    file = load_newsroom(tmp_path / "newsroom.toml")
    assert [(channel.key, channel.platform, channel.title) for channel in file.channels][1:] == [
        ("viber", "viber", 'Наш "Viber"')
    ]
    env = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text("utf-8").splitlines()[1:])
    assert (env["VIBER_TOKEN"], env["VIBER_CHANNEL_TOKEN"]) == (VIBER_TOKEN, VIBER_CHANNEL_TOKEN)
    settings = load_settings(env | {"NEWSROOM": str(tmp_path / "newsroom.toml")})
    assert str(settings.public_url).rstrip("/") == "https://news.example.org"


async def test_a_viber_that_does_not_answer_keeps_what_was_answered(platforms: Sandbox, tmp_path: Path) -> None:
    platforms.faults.add("viber", "drop_before", times=None)
    with pytest.raises(CannotStart, match="Viber does not answer"):
        await set_up(Operator(platforms, ANSWERS | {"viber": "yes", "viber_token": VIBER_TOKEN}), tmp_path).run()
    platforms.faults.clear()
    again = Operator(platforms, ANSWERS | {"viber_token": VIBER_TOKEN, "public_url": "https://news.example.org"})
    await set_up(again, tmp_path).run()

    assert again.asked == ["viber_token", "viber_channel", "public_url", "write"]


@pytest.mark.parametrize(
    "question", ["token", "channels", "name", "languages", "time_zone", "second", "viber", "write"]
)
async def test_it_can_be_left_at_each_question_and_gone_on_with(
    platforms: Sandbox, tmp_path: Path, question: str
) -> None:
    with pytest.raises(CannotStart):
        await set_up(Operator(platforms, leaves=question), tmp_path).run()
    assert names(tmp_path) <= {NOTES}

    again = Operator(platforms)
    await set_up(again, tmp_path).run()

    assert again.asked[0] == question
    assert load_newsroom(tmp_path / "newsroom.toml").channels


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"token": "nonsense"}, "is not a bot token"),
        ({"token": "100009:unknown"}, "Telegram does not know this token"),
        ({"languages": "ua"}, 'the Ukrainian language is "uk"'),
        ({"time_zone": "Kyiv"}, "is not a known time zone"),
        ({"second": "maybe"}, "must be yes or no"),
        ({"write": "no"}, "Nothing was written"),
        ({"viber": "yes", "viber_token": "no such token"}, "is not a token of Viber's"),
        ({"viber": "yes", "viber_token": "0123456789-unknown"}, "Viber does not take this token"),
        (
            {"viber": "yes", "viber_token": VIBER_TOKEN, "viber_channel": "0123-unknown"},
            "Viber does not take this token",
        ),
        ({"viber": "yes", "viber_token": VIBER_TOKEN, "public_url": "http://a.example"}, "must be the https address"),
    ],
)
async def test_a_wrong_answer_is_a_sentence_and_writes_nothing(
    platforms: Sandbox, tmp_path: Path, answer: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CannotStart, match=sentence):
        await set_up(Operator(platforms, ANSWERS | answer), tmp_path).run()

    assert names(tmp_path) <= {NOTES}


async def test_the_whole_set_up_is_in_ukrainian_for_who_reads_it(platforms: Sandbox, tmp_path: Path) -> None:
    viber = {"viber": "так", "viber_token": VIBER_TOKEN, "viber_channel": VIBER_CHANNEL_TOKEN, "second": "ні"}
    answers = ANSWERS | viber | {"public_url": "https://news.example.org/", "write": "так"}
    operator = Operator(platforms, answers, language="uk")
    await set_up(operator, tmp_path).run()

    told = [*operator.said, *operator.questions]
    for text in (
        "Telegram знає бота: @",
        "і натисніть «Почати»: ви станете власником редакції.",
        "Власник — Олена",
        "✓ Бот може публікувати в «Наш",
        "Viber коштує грошей",
        "Viber знає канал: Наш",
        "Буде записано ",
        "Як називається редакція?",
        "Чи має кожен матеріал погодити ще хтось (так), чи ви публікуєте самі (ні)?",
        "Записати їх?",
    ):
        assert any(text in each for each in told), text
    assert [each for each in told if not re.search("[А-яіїєґ]", each)] == []
    assert load_newsroom(tmp_path / "newsroom.toml").desk.approvals == 0


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"token": "nonsense"}, "token: Це не токен бота"),
        ({"token": "100009:unknown"}, "Telegram не знає цього токена"),
        ({"name": " "}, "Потрібен текст від 1 до 80 символів"),
        ({"languages": "ua"}, "українська мова — «uk»"),
        ({"languages": "ukr"}, "Потрібні дволітерні коди"),
        ({"languages": ","}, "Назвіть щонайменше одну мову"),
        ({"time_zone": "Kyiv"}, "Такого часового поясу немає"),
        ({"second": "maybe"}, "Напишіть «так» або «ні»"),
        ({"write": "ні"}, "Нічого не записано"),
        ({"viber": "так", "viber_token": "no such token"}, "Це не токен Viber"),
        ({"viber": "так", "viber_token": "0123456789-unknown"}, "Viber не приймає цього токена"),
        ({"viber": "так", "viber_token": VIBER_TOKEN, "public_url": "http://a.example"}, "Потрібна адреса https"),
    ],
)
async def test_a_wrong_answer_is_a_sentence_in_ukrainian_too(
    platforms: Sandbox, tmp_path: Path, answer: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CannotStart) as refusal:
        await set_up(Operator(platforms, ANSWERS | answer, language="uk"), tmp_path).run()

    assert sentence in SAYS.say("uk").of(refusal.value)
    assert names(tmp_path) <= {NOTES}


@pytest.mark.parametrize(
    ("named", "around", "language"),
    [
        (None, {"LANG": "uk_UA.UTF-8"}, "uk"),
        (None, {"LC_ALL": "uk_UA.UTF-8", "LANG": "en_US.UTF-8"}, "uk"),
        (None, {"LC_ALL": "C.UTF-8", "LANG": "uk_UA.UTF-8"}, "en"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {}, "en"),
        ("uk", {"LANG": "en_US.UTF-8"}, "uk"),
        ("en", {"LANG": "uk_UA.UTF-8"}, "en"),
    ],
)
def test_the_terminal_speaks_the_machines_language_or_the_named_one(
    named: str | None, around: dict[str, str], language: str
) -> None:
    assert words_for(named, around).language == language


def test_a_language_that_we_do_not_speak_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        words_for("ua", {})

    assert "There is no language “ua”. There are: en, uk." in capsys.readouterr().err


async def test_a_channel_without_rights_is_named(platforms: Sandbox, tmp_path: Path) -> None:
    operator = Operator(platforms, may_post=False)
    await set_up(operator, tmp_path).run()

    assert any("may not post in" in text for text in operator.said)


@pytest.mark.parametrize("name", [".env", "newsroom.toml"])
async def test_files_that_are_there_are_left_alone(platforms: Sandbox, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("ours")
    with pytest.raises(CannotStart, match="already"):
        await set_up(Operator(platforms), tmp_path).run()

    assert (tmp_path / name).read_text() == "ours"


async def test_a_platform_that_does_not_answer_is_told(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        sandbox.telegram.add_bot(TELEGRAM_TOKEN)
        sandbox.faults.add("telegram", "drop_before", times=None)
        with pytest.raises(CannotStart, match="Telegram does not answer"):
            await set_up(Operator(sandbox), tmp_path).run()


async def test_a_disk_that_takes_nothing_is_told(platforms: Sandbox, tmp_path: Path) -> None:
    (tmp_path / f"{NOTES}.new").mkdir()  # stands for a disk that takes nothing, also for root
    with pytest.raises(CannotStart, match="Can't write"):
        await set_up(Operator(platforms), tmp_path).run()

    assert not (tmp_path / ".env").exists()


async def test_a_token_that_was_revoked_meanwhile_is_asked_for_again(platforms: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(CannotStart):
        await set_up(Operator(platforms, leaves="name"), tmp_path).run()
    platforms.telegram.revoke(TELEGRAM_TOKEN)
    with pytest.raises(CannotStart, match="does not know"):
        await set_up(Operator(platforms), tmp_path).run()
    platforms.telegram.add_bot(TELEGRAM_TOKEN)

    again = Operator(platforms)
    await set_up(again, tmp_path).run()

    assert again.asked[0] == "token"


async def test_a_bot_that_another_program_serves_is_told(platforms: Sandbox, tmp_path: Path) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{platforms.telegram_url}/bot{TELEGRAM_TOKEN}/setWebhook", data={"url": "https://other.example/hook"}
        ) as answer,
    ):
        assert answer.status == 200
    with pytest.raises(CannotStart, match="Another program serves this bot"):
        await set_up(Operator(platforms), tmp_path).run()


async def test_a_file_answers_for_machines(platforms: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text('{"token": "1:x"}')
    talk = AnswersFile.read(file)

    assert await talk.ask("token", "?") == "1:x"
    assert await talk.ask("languages", "?", "uk en") == "uk en"
    with pytest.raises(CannotStart, match="no answer named name"):
        await talk.ask("name", "?")


@pytest.mark.parametrize("key", ["channels", "viber_channel"])
async def test_enter_answers_what_may_be_left_empty_at_a_terminal(key: str) -> None:
    asks = f"import asyncio; from bot.app.talks import Terminal; asyncio.run(Terminal().ask({key!r}, '?'))"
    typing = await asyncio.create_subprocess_exec(sys.executable, "-c", asks, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    await typing.communicate(b"\n")

    assert typing.returncode == 0
