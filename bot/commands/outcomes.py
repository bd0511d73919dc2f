"""The outcomes of an article, outlet by outlet, in the desk's words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.fit import Part, Weight
from bot.commands.reasons import why
from bot.commands.talk import Line, Talk
from bot.domain import Platform, Run
from bot.domain.ledger import Dispatch, DispatchState, Missing, Tally
from bot.newsroom.aftermath import Report, by_outlet
from bot.texts import Words, text_id

PLATFORM_NAMES = {Platform.TELEGRAM: "Telegram", Platform.VIBER: "Viber"}


_IN_TROUBLE = frozenset({DispatchState.IN_DOUBT, DispatchState.STOPPED})
CHANNEL_STATES = {
    DispatchState.READY: text_id("waiting to be sent"),
    DispatchState.WAITING: text_id("waiting to be sent"),
    DispatchState.SENDING: text_id("being sent"),
    DispatchState.DELIVERED: text_id("posted"),
    DispatchState.IN_DOUBT: text_id("we don't know whether it appeared, see /doubts"),
    DispatchState.STOPPED: text_id("not posted"),
    DispatchState.RUNNING: text_id("being sent"),
    DispatchState.DONE: text_id("posted"),
}


def lines(talk: Talk, reports: Sequence[Report]) -> list[Line]:
    return [_report_line(talk, report) for report in by_outlet(reports)]


def parts(talk: Talk, reports: Sequence[Report]) -> list[Part]:
    """Weigh the lines: the outlets where all is well are left out first."""
    reports = by_outlet(reports)
    well = [report.dispatch.state not in _IN_TROUBLE and not _is_poorer(report.dispatch) for report in reports]
    weights = [Weight.OURS if each else Weight.STANDING for each in well]
    return list(zip(weights, lines(talk, reports), strict=True))


def _is_poorer(dispatch: Dispatch) -> bool:
    return bool(dispatch.missing or dispatch.poorer_copies)


def _report_line(talk: Talk, report: Report) -> Line:
    words, dispatch = talk.words, report.dispatch
    name = outlet_name(talk, dispatch)
    if report.tally is not None:
        return ", ".join([f"{name}: {_tally(words, report)}", *poorer(words, dispatch)])
    runs = [Run(f"{name}: {words(CHANNEL_STATES[dispatch.state])}")]
    if dispatch.link:
        runs += [Run(", "), Run(words("open the post"), link=dispatch.link)]
    if dispatch.state is DispatchState.STOPPED and dispatch.reason:
        runs.append(Run(f" ({why(words, dispatch.reason)})"))
    return [*runs, *(Run(f", {what}") for what in poorer(words, dispatch))]


#: Texts for the parts that a post can go out without.
WITHOUT = {
    Missing.PICTURE: text_id("the picture"),
    Missing.BUTTON: text_id("the button"),
    Missing.FORMATTING: text_id("the formatting"),
    Missing.MARKS: text_id("some of the formatting"),
}


def poorer(words: Words, dispatch: Dispatch) -> list[str]:
    """Say what a post went out without, if it is poorer than what was promised; and how many single copies are."""
    told = []
    if dispatch.missing and dispatch.state is not DispatchState.STOPPED:
        what = without(words, dispatch.missing)
        told.append(words("without {what} ({reason})", what=what, reason=why(words, dispatch.poorer)))
    if copies := dispatch.poorer_copies:
        told.append(words.plural("{n} copy without the picture", "{n} copies without the picture", copies))
    return told


def without(words: Words, missing: Missing) -> str:
    """Name what is missing."""
    if Missing.FORMATTING in missing:
        missing &= ~Missing.MARKS
    return ", ".join(words(WITHOUT[each]) for each in missing)


def outlet_name(talk: Talk, dispatch: Dispatch) -> str:
    platform = PLATFORM_NAMES[dispatch.platform]
    if dispatch.channel is None:
        return talk.words("{platform}, readers", platform=platform)
    channel = talk.newsroom.channels.get(dispatch.channel)
    title = (channel.title if channel else "") or dispatch.channel
    return talk.words("{platform}, channel “{title}”", platform=platform, title=title)


def _tally(words: Words, report: Report) -> str:
    tally = report.tally
    assert tally is not None
    if not tally.audience:
        return words("nobody reads this language yet" if report.has_readers else "nobody has subscribed yet")
    parts = tally_parts(words, tally)
    if report.dispatch.state is DispatchState.STOPPED:
        parts.append(words("stopped: {reason}", reason=why(words, report.dispatch.reason)))
    return ", ".join(parts)


def tally_parts(words: Words, tally: Tally) -> list[str]:
    parts = [words("{n} delivered", n=words.number(tally.delivered))]
    for count, text in (
        (tally.gone, text_id("{n} left")),
        (tally.failed, text_id("{n} not accepted")),
        (tally.in_doubt, text_id("{n} in doubt")),
        (tally.waiting, text_id("{n} still to come")),
    ):
        if count:
            parts.append(words(text, n=words.number(count)))
    return parts
