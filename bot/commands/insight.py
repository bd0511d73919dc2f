"""/who and /resend: who has an article and who has not, and what is missing going out once more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import cards, outcomes
from bot.commands.queue import article_id, say_lacking
from bot.commands.reasons import why
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain.buttons import Resend
from bot.domain.ledger import DispatchState, Outcome, Reason
from bot.errors import Refused
from bot.newsroom import aftermath
from bot.newsroom.aftermath import Report
from bot.newsroom.resend import Missing, missing
from bot.newsroom.resend import resend as send_again
from bot.texts import Words, text_id

#: Reasons of one kind that are named; the rest is counted.
REASONS = 3
#: Words that may follow the article's number in /resend.
MISSING = frozenset({"missing", "решті"})

KINDS = (
    (Outcome.GONE, text_id("left: {n}")),
    (Outcome.FAILED, text_id("not accepted: {n}")),
    (Outcome.IN_DOUBT, text_id("in doubt: {n}")),
)


async def who(talk: Talk, argument: str) -> None:
    number, _ = article_id(argument, text_id("/who 12"))
    entry = await talk.desk.entry(number)
    reports = await aftermath.report(talk.desk, number)
    if not reports:
        raise Refused("#{id} has not gone out yet. /show {id} shows its state.", id=number)
    lines: list[Line] = [talk.words("Who has #{id}:", id=number), bold(entry.article.headline)]
    for report in aftermath.by_outlet(reports):
        lines += await _outlet(talk, report)
    if entry.article.changes:
        lines += await _versions(talk, number)
    runs = any(report.dispatch.state is DispatchState.RUNNING for report in reports)
    if not runs and any(report.tally and (report.tally.failed or report.tally.in_doubt) for report in reports):
        lines.append(talk.words("/resend {id} missing sends it to those who did not get it.", id=number))
    await talk.show(lines)


async def _versions(talk: Talk, number: int) -> list[Line]:
    """Return how many readers have which version; Viber's keep theirs, and are told."""
    words, lines = talk.words, list[Line]()
    for held in await talk.tx.holdings(number):
        platform = outcomes.PLATFORM_NAMES[held.platform]
        parts = [words("{platform}, version {version}", platform=platform, version=held.version)]
        parts += [words("told of the change")] if held.is_told else []
        n = words.number(held.readers)
        lines.append(f"{', '.join(parts)}: {n}" if held.is_sure else ", ".join([*parts, words("in doubt: {n}", n=n)]))
    return [bold(words("Readers by version:")), *lines] if lines else []


async def _outlet(talk: Talk, report: Report) -> Sequence[Line]:
    tally = report.tally
    if tally is None or not tally.audience:
        return outcomes.lines(talk, [report])
    words = talk.words
    lines: list[Line] = [
        bold(outcomes.outlet_name(talk, report.dispatch)),
        words("delivered: {n} of {all}", n=words.number(tally.delivered), all=words.number(tally.audience)),
    ]
    reasons = [each for post in (report.dispatch.id, *report.beside) for each in await talk.tx.reasons(post)]
    for outcome, text in KINDS:
        lines += _kind(words, text, [reason for reason in reasons if reason.outcome is outcome])
    lines += outcomes.poorer(words, report.dispatch)
    if tally.waiting:
        lines.append(words("still to come: {n}", n=words.number(tally.waiting)))
    if report.dispatch.state is DispatchState.STOPPED:
        lines.append(words("stopped: {reason}", reason=why(words, report.dispatch.reason)))
    return lines


def _kind(words: Words, text: str, reasons: Sequence[Reason]) -> list[Line]:
    if not reasons:
        return []
    lines: list[Line] = [words(text, n=words.number(sum(reason.count for reason in reasons)))]
    lines += [
        f"  · {words.number(reason.count)} — {cards.short(why(words, reason.words, reason.outcome))}"
        for reason in reasons[:REASONS]
    ]
    if len(reasons) > REASONS:
        rest = sum(reason.count for reason in reasons[REASONS:])
        lines.append("  · " + words("{n} for other reasons", n=words.number(rest)))
    return lines


async def resend(talk: Talk, argument: str) -> None:
    """Send at once where that is safe; ask first if something could come twice or more would go along."""
    number, rest = article_id(argument, text_id("/resend 12 missing"))
    if rest.casefold() not in MISSING:
        raise Refused(
            (
                "/resend {id} missing sends #{id} only to the readers who did not get it. /who {id} shows how "
                "many there are."
            ),
            id=number,
        )
    found = await missing(talk.desk, number)
    if found.in_doubt or found.waiting or found.channels:
        await _ask(talk, number, found)
    else:
        await send_missing(talk, number, found, doubtful=False)


async def _ask(talk: Talk, number: int, found: Missing) -> None:
    words = talk.words
    lines: list[Line] = [words("Send #{id} once more?", id=number)]
    if found.failed:
        lines.append(words("not accepted: {n}", n=words.number(found.failed)))
    if found.in_doubt:
        n = words.number(found.in_doubt)
        lines.append(words("⚠️ in doubt: {n}. They may already have it; then they would get it twice.", n=n))
    if found.waiting:
        n = words.number(found.waiting)
        lines.append(words("Sending was stopped with {n} readers still to come; they get it too.", n=n))
    if found.channels:
        lines += outcomes.lines(
            talk, [each for each in await aftermath.report(talk.desk, number) if each.tally is None]
        )
    seen = (number, found.failed, found.in_doubt, found.waiting)
    sure = found.failed + found.waiting + found.channels
    keys: list[list[Key]] = []
    if sure:
        label = words("📨 Without those who may have it: {n}", n=words.number(sure))
        keys.append([Key(label, Resend(*seen, doubtful=False, channels=found.channels))])
    if found.in_doubt:
        label = words("⚠️ Also to those who may have it: {n}", n=words.number(sure + found.in_doubt))
        keys.append([Key(label, Resend(*seen, doubtful=True, channels=found.channels))])
    await talk.show(lines, keys)


async def press(talk: Talk, press: Resend) -> None:
    seen = Missing(press.failed, press.in_doubt, press.waiting, press.channels)
    await send_missing(talk, press.article, seen, doubtful=press.doubtful)


async def send_missing(talk: Talk, number: int, seen: Missing, *, doubtful: bool) -> None:
    """Send it. `seen` is what the person decided upon; if the figures have changed, they must decide again."""
    count, lacking = await send_again(talk.desk, number, seen, doubtful=doubtful)
    if lacking:
        await say_lacking(talk, number, lacking)
        return
    plural = talk.words.plural
    said = plural("#{id} goes to {n} reader again.", "#{id} goes to {n} readers again.", count, id=number)
    await talk.show([said])
