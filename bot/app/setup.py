"""The set-up: from a token to a newsroom that can start, in eight questions. Nothing is written before the last."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.adapters.proxy import proxy_for
from bot.adapters.telegram.acquaintance import Acquaintance, Found, Useless, acquainted
from bot.adapters.viber.acquaintance import called
from bot.app import setup_viber
from bot.errors import CannotStart, Refused
from bot.texts import Words, sentence, text_id
from config import values
from config.faults import SettingsError
from config.newsroom import load_newsroom
from config.settings import PACKAGED_NEWSROOM

#: The answers so far, kept until the files are written, so that the set-up can be left and gone on with.
NOTES = ".visnyk-setup"
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")


class Talk(Protocol):
    """The operator: at a terminal, or a file with answers."""

    @property
    def is_patient(self) -> bool:
        """True if another question after a wrong answer brings another answer."""
        ...

    def put(self, text: str) -> None: ...

    async def ask(self, key: str, question: str, usual: str = "") -> str: ...


@dataclass(frozen=True, slots=True)
class Question:
    """`check` returns the answer as it is kept, or raises `Refused`. `text` and `usual` are of the catalogue."""

    key: str
    text: str
    usual: str
    check: Callable[[str], str]


def _name(answer: str) -> str:
    try:
        return values.title(answer)
    except ValueError:
        raise Refused("It must be a text of 1 to {most} characters: people see it.", most=values.LONGEST) from None


def _languages(answer: str) -> str:
    found = re.findall(r"[^\s,]+", answer.casefold())
    if not found or len(set(found)) < len(found):
        raise Refused("It must name at least one language, and each once: uk, en.")
    if "ua" in found:
        raise Refused('It is "ua", which is the country; the Ukrainian language is "uk".')
    try:
        return " ".join(str(values.language(each)) for each in found)
    except ValueError:
        raise Refused("It must be two-letter codes, like: uk en.") from None


def _zone(answer: str) -> str:
    try:
        return str(values.zone(answer.strip()))
    except ValueError:
        raise Refused("It is not a known time zone; write one like Europe/Kyiv.") from None


def _yes_or_no(answer: str) -> str:
    word = answer.strip().casefold()
    if word not in ("yes", "y", "так", "no", "n", "ні"):
        raise Refused("It must be yes or no.")
    return "1" if word in ("yes", "y", "так") else "0"


QUESTIONS = (
    Question("name", text_id("What is the newsroom called?"), "", _name),
    Question("languages", text_id("In which languages does it publish, the first one first?"), "uk en", _languages),
    Question("time_zone", text_id("In which time zone does it work?"), "Europe/Kyiv", _zone),
    Question(
        "second",
        text_id("Must a second person approve each article (yes), or do you publish alone (no)?"),
        text_id("yes"),
        _yes_or_no,
    ),
)


@dataclass(slots=True)
class SetUp:
    """One set-up in a folder, with the answers that an earlier one left."""

    folder: Path
    talk: Talk
    environment: Mapping[str, str]
    words: Words
    notes: dict[str, str] = field(default_factory=dict)

    async def run(self) -> None:
        """Ask, listen and write. Raises `CannotStart`; then nothing but the notes has changed."""
        self._begin()
        api_url = self.environment.get("TELEGRAM_API_URL", "https://api.telegram.org")
        token = await self._token()
        async with acquainted(token, api_url, self._proxy("TELEGRAM_PROXY", api_url)) as bot:
            await self._introduce(bot, token)
            await self._owner(bot)
            await self._channels(bot)
        for question in QUESTIONS:
            await self._answer(question)
        await self._viber()
        await self._write(api_url)

    def _begin(self) -> None:
        for name in (".env", "newsroom.toml"):
            if (self.folder / name).exists():
                raise CannotStart(
                    sentence(
                        "There is {file} already. Move it away, or begin in another folder.", file=self.folder / name
                    )
                )
        if not os.access(self.folder, os.W_OK):
            raise CannotStart(
                sentence("This user may not write in {folder}. Begin in another folder.", folder=self.folder)
            )
        with suppress(FileNotFoundError, ValueError):
            self.notes.update(json.loads((self.folder / NOTES).read_text("utf-8")))
            self._put("Going on where the last set-up was left.")

    def _keep(self, key: str, answer: str) -> None:
        self.notes[key] = answer
        written(self.folder / NOTES, json.dumps(self.notes, ensure_ascii=False))

    async def _token(self) -> str:
        def check(answer: str) -> str:
            if not TOKEN.fullmatch(answer.strip()):
                raise Refused("It is not a bot token; it must look like 123456789:AAE… as @BotFather gives it.")
            return answer.strip()

        # Kept only after Telegram knew it, so a wrong one is asked for again.
        return self.notes.get("token") or await self._checked(
            Question("token", text_id("The bot's token (write /newbot to @BotFather)"), "", check)
        )

    async def _introduce(self, bot: Acquaintance, token: str) -> None:
        try:
            self._put("Telegram knows the bot: @{name}.", name=await bot.introduce())
        except Useless:
            if self.notes.pop("token", ""):  # revoked since: the next set-up asks for another
                written(self.folder / NOTES, json.dumps(self.notes, ensure_ascii=False))
            raise
        self._keep("token", token)

    async def _owner(self, bot: Acquaintance) -> None:
        if "owner" in self.notes:
            return
        self._put("Open https://t.me/{name}?start=setup and press Start: you become the owner.", name=bot.username)
        while not bot.starters:
            await bot.listen()
        owner = bot.starters[0]
        self._put("The owner is {name} (telegram:{id}).", name=owner.name, id=owner.id)
        self._keep("owner", str(owner.id))

    async def _channels(self, bot: Acquaintance) -> None:
        if "channels" in self.notes:
            return
        self._put(
            "In each channel: Administrators > Add Admin > @{name}, with Post Messages switched on.", name=bot.username
        )
        question = self.words("Press Enter when that is done; without a channel only readers get articles.")
        await self.talk.ask("channels", question)
        await bot.listen(0)
        for found in bot.channels.values():
            self._put(_standing(found), channel=found.title)
        if not bot.channels:
            self._put("No channel was found. Name one later in newsroom.toml.")
        self._keep("channels", json.dumps([[each.chat, each.title] for each in bot.channels.values()]))

    async def _answer(self, question: Question) -> None:
        if question.key not in self.notes:
            self._keep(question.key, await self._checked(question))

    async def _viber(self) -> None:
        """Say what Viber costs; only then ask whether it is wanted, and for its tokens, which Viber must know."""
        if "viber" not in self.notes:
            self._put(setup_viber.COSTS)
        await self._answer(Question("viber", text_id("Publish on Viber as well?"), text_id("no"), _yes_or_no))
        if self.notes["viber"] != "1":
            return
        await self._viber_account(Question("viber_token", text_id("The Viber bot's token"), "", setup_viber.token))
        await self._viber_account(
            Question(
                "viber_channel", text_id("The Viber channel's token; Enter: no channel"), "", setup_viber.token_or_none
            )
        )
        await self._answer(
            Question("public_url", text_id("The https address of this machine"), "", setup_viber.address)
        )
        self._put("After the start, write /link to the bot on Telegram: what it answers, say to the bot in Viber.")

    async def _viber_account(self, question: Question) -> None:
        """Ask for a token, and keep it once Viber has named its account."""
        if question.key in self.notes:
            return
        token, is_channel = await self._checked(question), question.key == "viber_channel"
        if token:
            proxy = self._proxy("VIBER_PROXY", self.viber_url)
            name = await called(self.viber_url, token, channel=is_channel, proxy=proxy)
            self._put("Viber knows the channel: {name}." if is_channel else "Viber knows the bot: {name}.", name=name)
            if is_channel:
                self._keep("viber_title", name)
        self._keep(question.key, token)

    @property
    def viber_url(self) -> str:
        return self.environment.get("VIBER_API_URL", "https://chatapi.viber.com/pa")

    def _proxy(self, setting: str, url: str) -> str:
        return proxy_for(url, self.environment, self.environment.get(setting, ""))

    @property
    def _proxies(self) -> tuple[str, ...]:
        """The lines of .env with the proxies that this set-up went through by a setting of their own."""
        given = ((name, self.environment.get(name)) for name in ("TELEGRAM_PROXY", "VIBER_PROXY"))
        return tuple(f"{name}={value}" for name, value in given if value)

    async def _checked(self, question: Question) -> str:
        while True:
            usual = self.words(question.usual)
            answer = await self.talk.ask(question.key, self.words(question.text), usual)
            try:
                return question.check(answer)
            except Refused as fault:
                said = self.words(fault.text, **fault.values)
                if not self.talk.is_patient:
                    raise CannotStart(f"{question.key}: {said}") from None
                self.talk.put(said)

    def _put(self, text: str, /, **values: object) -> None:
        self.talk.put(self.words(text, **values))

    async def _write(self, api_url: str) -> None:
        env, newsroom = self.folder / ".env", self.folder / "newsroom.toml"
        self._put("To be written: {env} (only you can read it) and {newsroom}.", env=env, newsroom=newsroom)
        if await self._checked(Question("write", text_id("Write them?"), text_id("yes"), _yes_or_no)) != "1":
            raise CannotStart(sentence("Nothing was written. The answers are kept; `visnyk setup` goes on with them."))
        written(newsroom, newsroom_of(self.notes))
        try:
            load_newsroom(newsroom)
            more = (*self._proxies, *setup_viber.env_of(self.notes, self.viber_url))
            written(env, env_of(self.notes, api_url, more))
        except (SettingsError, CannotStart):
            newsroom.unlink()
            raise
        (self.folder / NOTES).unlink()


def _standing(found: Found) -> str:
    if found.may_post:
        return text_id("✓ The bot may post in {channel}.")
    return text_id("✗ The bot may not post in {channel}: its Administrators > the bot > switch on Post Messages.")


def newsroom_of(notes: Mapping[str, str]) -> str:
    """Return newsroom.toml: the one that comes with Visnyk, with these answers in their places."""
    languages = notes["languages"].split()
    changed: dict[str, object] = {key: notes[key] for key in ("name", "time_zone")}
    changed |= {"languages": languages, "approvals": int(notes["second"])}
    text = PACKAGED_NEWSROOM.read_text("utf-8")
    for key, value in changed.items():
        line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
        text = re.sub(rf"^{key} = .*$", lambda _, line=line: line, text, count=1, flags=re.MULTILINE)  # type: ignore[misc]
    for language in {"uk", "en"} - set(languages):  # a signature in a language that is not published
        text = re.sub(rf'^{language} = ".*"\n', "", text, flags=re.MULTILINE)
    channels = [_channel(number, *found) for number, found in enumerate(json.loads(notes["channels"]), 1)]
    return "".join([text, *channels, setup_viber.channel_of(notes)])


def _channel(number: int, chat: int, title: str) -> str:
    key = "main" if number == 1 else f"channel{number}"
    named = json.dumps(title, ensure_ascii=False)
    return f'\n[[channels]]\nkey = "{key}"\nplatform = "telegram"\nchat = "{chat}"\ntitle = {named}\n'


def env_of(notes: Mapping[str, str], api_url: str, more: Sequence[str]) -> str:
    """Return .env with the tokens, the owner and the place of newsroom.toml; all else has its default."""
    lines: Sequence[str] = (
        "# Made by `visnyk setup`. config/example.env has all the other settings.",
        f"TELEGRAM_TOKEN={notes['token']}",
        f"TELEGRAM_API_URL={api_url}",
        f"OWNERS=telegram:{notes['owner']}",
        "NEWSROOM=newsroom.toml",
        *more,
    )
    return "\n".join(lines) + "\n"


def written(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all. Raises `CannotStart`."""
    new = path.with_name(f"{path.name}.new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        raise CannotStart(
            sentence("Can't write {path}: {why}. It was left as it was.", path=path, why=error.strerror)
        ) from None
