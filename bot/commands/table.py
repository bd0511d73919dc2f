"""The commands: one table, the same on both platforms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import KW_ONLY, dataclass

from bot.commands import (
    checking,
    corrections,
    drafts,
    duty,
    feeds,
    halting,
    history,
    insight,
    lineup,
    mine,
    official,
    people,
    proposals,
    proposing,
    proving,
    queue,
    readers,
    reading,
    review,
    revival,
    searching,
    story,
    systems,
)
from bot.commands.groups import FIRST, TITLES, Group, group_of
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain import Media, Run, plain
from bot.domain.buttons import ShowHelp
from bot.domain.people import Role
from bot.texts import text_id

Runs = Sequence[Run]

#: Commands that change nothing.
ONLY_ASK = frozenset(
    {
        "latest",
        "search",
        "check",
        "channels",
        "mydata",
        "corrections",
        "proof",
        "help",
        "whoami",
        "list",
        "show",
        "mine",
        "week",
        "who",
        "log",
        "history",
        "story",
        "doubts",
        "team",
    }
)

#: Commands that send something or give it a time, and are asked about if they are read late. `/at` and `/pause` look
#: for themselves, because the one may have passed and the other may stop.
SENDS = frozenset({"next", "now", "urgent", "swap", "resend"})

#: Commands that stop something, which are heard however much somebody has sent.
STOPS = frozenset({"halt", "cancel", "undo", "unlink", "checking", "retract"})


@dataclass(frozen=True, slots=True)
class Command:
    """`act` gets what stands after the command, with its links and emphasis, and the picture that came with it.

    `example` is what is typed after the name, or all of it where that has words; `aliases` spare Viber's users the
    change of keyboard layout.
    `role` is the least that may say it; None: everybody. `with_code`: with a one-time code, everybody too.
    `private`: not in the desk's group.
    """

    name: str
    example: str
    aliases: tuple[str, ...]
    about: str
    act: Callable[[Talk, Runs, Media | None], Awaitable[None]]
    role: Role | None = None
    _: KW_ONLY
    with_code: bool = False
    private: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Return all words that it may be typed as."""
        return frozenset({self.name, *self.aliases})

    def typed(self, language: str) -> str:
        """Return the name that people of a language are shown."""
        return self.aliases[0] if language == "uk" else self.name

    @property
    def only_asks(self) -> bool:
        """True if it changes nothing, and so is answered beside the writer."""
        return self.name in ONLY_ASK

    @property
    def sends(self) -> bool:
        """True if it sends something, or gives it a time."""
        return self.name in SENDS

    @property
    def stops(self) -> bool:
        """True if it stops something."""
        return self.name in STOPS

    @property
    def is_about_article(self) -> bool:
        return self.example.removeprefix(f"/{self.name} ").startswith("12")


def _plain(act: Callable[[Talk, str], Awaitable[None]]) -> Callable[[Talk, Runs, Media | None], Awaitable[None]]:
    async def with_text(talk: Talk, argument: Runs, _media: Media | None) -> None:
        await act(talk, plain(argument))

    return with_text


async def show_help(talk: Talk, argument: str) -> None:
    """Show what this person can say, or more about one command. Strangers do not learn of the desk."""
    sayable = [command for command in COMMANDS if talk.may(command.role)]
    named = BY_NAME.get(argument.strip().lstrip("/").casefold())
    if talk.member is None:
        await talk.show([_help_line(talk, command) for command in sayable if command.role is None])
    elif named in sayable:
        await talk.show([_help_line(talk, named)])
    else:
        await _show_groups(talk, sayable)


async def _show_groups(talk: Talk, sayable: Sequence[Command]) -> None:
    first = [_help_line(talk, BY_NAME[name]) for name in FIRST[talk.me.role]]
    lines: list[Line] = [bold(talk.words("Begin with these:")), *first]
    for group in Group:
        names = [f"/{command.typed(talk.words.language)}" for command in sayable if group_of(command.name) is group]
        lines.append([*bold(talk.words(TITLES[group])), Run(": " + " ".join(names))])
    others = ", ".join(
        f"/{BY_NAME[name].name if _is_native(talk) else BY_NAME[name].aliases[0]}" for name in ("queue", "list")
    )
    lines += [talk.words("Ukrainian names work too: {names} …", names=others)]
    keys = [Key(talk.words(TITLES[group]), ShowHelp(group)) for group in Group]
    await talk.show(lines, [keys[:2], keys[2:]])


async def show_group(talk: Talk, shown: ShowHelp) -> None:
    """Show a group's commands, each with what it does."""
    group = Group(shown.group)
    lines = [
        _help_line(talk, command) for command in COMMANDS if talk.may(command.role) and group_of(command.name) is group
    ]
    await talk.show([bold(talk.words(TITLES[group])), *lines])


def _help_line(talk: Talk, command: Command) -> Line:
    example = talk.words(command.example)
    typed = example if example.startswith("/") else f"/{command.typed(talk.words.language)} {example}".rstrip()
    return f"{typed} — {talk.words(command.about)}"


def _is_native(talk: Talk) -> bool:
    return talk.words.language == "uk"


OWNER, EDITOR, REPORTER = Role.OWNER, Role.EDITOR, Role.REPORTER
COMMANDS = (
    Command(
        "start", "", ("старт",), text_id("subscribe to our news"), _plain(readers.start), with_code=True, private=True
    ),
    Command("stop", "", ("стоп",), text_id("unsubscribe"), _plain(readers.stop), private=True),
    Command("latest", "", ("останні", "новини"), text_id("the latest articles"), _plain(reading.latest)),
    Command(
        "search",
        text_id("/search bridge"),
        ("пошук",),
        text_id("what we published about something"),
        _plain(searching.search),
    ),
    Command(
        "check",
        text_id("/check text"),
        ("перевірити",),
        text_id("whether a text is really ours"),
        checking.typed,
        private=True,
    ),
    Command("corrections", "", ("виправлення",), text_id("what we corrected or retracted"), _plain(corrections.told)),
    Command(
        "proof",
        "12",
        ("доказ",),
        text_id("that it stands in our public record, to be checked without us"),
        _plain(proving.proof),
    ),
    Command("channels", "", ("канали",), text_id("which channels are really ours"), _plain(official.channels)),
    Command("help", "", ("допомога",), text_id("what you can say"), _plain(show_help)),
    Command("whoami", "", ("хтоя",), text_id("your id"), _plain(readers.whoami)),
    Command(
        "language",
        "",
        ("мова",),
        text_id("the language of the articles you get"),
        _plain(readers.language),
        private=True,
    ),
    Command("mydata", "", ("моїдані",), text_id("what we keep about you"), _plain(readers.my_data), private=True),
    Command(
        "forgetme",
        "",
        ("забудьмене",),
        text_id("delete what we keep about you"),
        _plain(readers.ask_to_forget),
        private=True,
    ),
    Command("queue", "", ("новий",), text_id("a new article, with its text or step by step"), drafts.queue, REPORTER),
    Command("list", "", ("черга",), text_id("what is waiting"), _plain(queue.show_list), REPORTER),
    Command("show", "12", ("показати",), text_id("an article and where it went"), _plain(mine.show), REPORTER),
    Command("mine", "", ("моє",), text_id("what waits for you"), _plain(mine.mine), REPORTER),
    Command("edit", "12", ("змінити",), text_id("change the text or a field"), drafts.edit, REPORTER),
    Command("at", "12 18:30", ("час",), text_id("publish at a time"), _plain(queue.at), EDITOR),
    Command("next", "12", ("далі",), text_id("publish at the next free slot"), _plain(queue.take_next), EDITOR),
    Command("submit", "12", ("подати",), text_id("ask the desk to approve it"), _plain(review.submit), REPORTER),
    Command(
        "approve",
        "12",
        ("погодити",),
        text_id("approve it, or see it first"),
        _plain(proposals.approve_typed),
        EDITOR,
    ),
    Command("now", "12", ("зараз",), text_id("publish now"), _plain(queue.publish_now), EDITOR),
    Command(
        "urgent", "12", ("негайно",), text_id("publish now, without approval"), _plain(review.publish_alone), OWNER
    ),
    Command(
        "undo",
        "12",
        ("повернути",),
        text_id("stop it, or take a cancelled one back"),
        _plain(revival.undo),
        EDITOR,
    ),
    Command("cancel", "12", ("скасувати",), text_id("take it out of the queue"), _plain(queue.cancel), EDITOR),
    Command("swap", "12 15", ("поміняти",), text_id("each gets the other's time"), _plain(lineup.swap), EDITOR),
    Command("pause", "12", ("пауза",), text_id("pause it, or put it back in the queue"), _plain(lineup.pause), EDITOR),
    Command(
        "checking",
        "12",
        ("перевіряємо",),
        text_id("tell readers that a published report is being checked"),
        _plain(proposing.checking),
        EDITOR,
    ),
    Command("typo", "12", ("описка",), text_id("correct a misprint in what is out"), proposing.typo, EDITOR),
    Command("update", "12", ("доповнити",), text_id("add new facts to what is out"), proposing.update, REPORTER),
    Command(
        "clarify",
        "12",
        ("уточнити",),
        text_id("make clear what could mislead in what is out"),
        proposing.clarify,
        REPORTER,
    ),
    Command("correct", "12", ("виправити",), text_id("correct an error in what is out"), proposing.correct, REPORTER),
    Command(
        "retract", "12", ("відкликати",), text_id("take back what does not stand"), _plain(proposing.retract), EDITOR
    ),
    Command(
        "restore",
        "12",
        ("відновити",),
        text_id("let a checked or retracted report stand again"),
        _plain(proposing.restore),
        EDITOR,
    ),
    Command("week", "", ("тиждень",), text_id("the week at a glance"), _plain(lineup.week), REPORTER),
    Command("who", "12", ("кому",), text_id("who got it and who did not"), _plain(insight.who), EDITOR),
    Command(
        "resend",
        text_id("/resend 12 missing"),
        ("надіслати",),
        text_id("send it to those who did not get it"),
        _plain(insight.resend),
        EDITOR,
    ),
    Command(
        "stopsend",
        "12",
        ("досить",),
        text_id("what has not left of one article stays here"),
        _plain(queue.stop_sending),
        EDITOR,
    ),
    Command("log", "12", ("журнал",), text_id("who did what, in all or with one article"), _plain(history.log), EDITOR),
    Command("history", "12", ("історія",), text_id("what an article said before"), _plain(history.history), EDITOR),
    Command("story", "12", ("сюжет",), text_id("an article and its follow-ups"), _plain(story.story), REPORTER),
    Command("halt", "", ("спинити",), text_id("stop all sending right away"), _plain(halting.halt), EDITOR),
    Command(
        "resume", "", ("продовжити",), text_id("continue sending (takes two people)"), _plain(halting.resume), EDITOR
    ),
    Command("doubts", "", ("сумніви",), text_id("posts we are not sure about"), _plain(queue.doubts), EDITOR),
    Command(
        "link",
        "",
        ("звязати", "зв'язати"),
        text_id("link your Telegram and Viber"),
        _plain(people.link),
        REPORTER,
        with_code=True,
        private=True,
    ),
    Command(
        "unlink",
        "",
        ("відвязати", "відв'язати"),
        text_id("an account that is no longer yours"),
        _plain(people.unlink),
        REPORTER,
        private=True,
    ),
    Command(
        "duty",
        "8-16",
        ("чергування",),
        text_id("your hours: at other times only alarms ring"),
        _plain(duty.duty),
        REPORTER,
        private=True,
    ),
    Command(
        "mute",
        text_id("/mute 2 h"),
        ("тиша",),
        text_id("silence for a while; alarms still ring"),
        _plain(duty.mute),
        REPORTER,
        private=True,
    ),
    Command(
        "notify",
        "",
        ("сповіщення",),
        text_id("what you hear unasked"),
        _plain(duty.notify),
        REPORTER,
        private=True,
    ),
    Command("feeds", "", ("стрічки",), text_id("the feeds that bring drafts"), _plain(feeds.feeds), EDITOR),
    Command("team", "", ("команда",), text_id("who is on the desk"), _plain(people.show_team), OWNER),
    Command(
        "invite",
        text_id("editor"),
        ("запросити",),
        text_id("an invitation link"),
        _plain(people.invite),
        OWNER,
        private=True,
    ),
    Command(
        "role",
        text_id("/role 3 editor"),
        ("роль",),
        text_id("change someone's role"),
        _plain(people.change_role),
        OWNER,
    ),
    Command(
        "keys",
        "",
        ("ключі",),
        text_id("keys for the newsroom's own systems"),
        _plain(systems.keys),
        OWNER,
        private=True,
    ),
    Command("remove", "3", ("вилучити",), text_id("take somebody off the desk"), _plain(people.remove), OWNER),
)
BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}
