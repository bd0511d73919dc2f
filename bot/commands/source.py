"""Stories that changed at their source: the desk is told, and of one that is out offered the change, with its kind."""

from __future__ import annotations

from bot.commands import cards, drafts, proposals
from bot.commands.marks import KINDS
from bot.commands.talk import Key, Keys, Line, Talk
from bot.domain import Article
from bot.domain.buttons import TakeSource
from bot.domain.change import ChangeKind
from bot.domain.entry import EntryState
from bot.domain.news import SourceChanged
from bot.domain.parse import Pasted
from bot.domain.people import Role
from bot.domain.suggestion import suggested
from bot.errors import Refused
from bot.newsroom import cases
from bot.newsroom import proposals as rules
from bot.newsroom.cases import Case
from bot.texts import text_id

_CHANGED = text_id(
    "📡 The story of #{id} changed at its source, but somebody has worked on the article, so it stays as it is. "
    "{link} To take the new text: /edit {id}"
)
_CHANGED_OUT = text_id("📡 #{id} is out, and its story has changed at its source: {headline} {link}")


async def tell(talk: Talk, told: SourceChanged) -> None:
    """Tell that the story of an article is another one at its source."""
    entry = await talk.desk.entry(told.article)
    is_out = entry.state is EntryState.PUBLISHED
    headline = cards.short(told.headline)
    said = talk.words(_CHANGED_OUT if is_out else _CHANGED, id=entry.id, headline=headline, link=told.link)
    if not is_out:
        await talk.show([said])
        return
    lines, keys = await _offer(talk, told) if told.version == entry.version else ([], [])
    await talk.show([said, *lines], keys, article=entry.id)


async def _offer(talk: Talk, told: SourceChanged) -> tuple[list[Line], Keys]:
    """Return what would change, and a button for each kind that this change may be."""
    case = await cases.read_case(talk.desk, told.article)
    try:
        article = drafts.reworded(talk, case.article, Pasted.of(told.runs), None).article
    except Refused:  # its text is none for an article; its address is told
        return [], []
    kinds = await _kinds(talk, case, article)
    keys = [
        [
            Key(
                talk.words("📡 Take it: {kind}", kind=KINDS[kind]),
                TakeSource(case.number, kind, told.version, told.runs),
            )
        ]
        for kind in kinds
    ]
    return proposals.changed(talk.words, case.article, article), keys


async def _kinds(talk: Talk, case: Case, article: Article) -> list[ChangeKind]:
    """Return the kinds of change that are possible now, the likeliest first."""
    is_misprint = talk.may(Role.EDITOR) and await rules.misprint(talk.desk, case, article) is None
    return [each for each in suggested(case.article, article, is_misprint=is_misprint) if case.may_be(each)]
