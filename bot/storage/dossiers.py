"""Articles with all that the desk did about them, each kind of question in one statement."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.authority import ARTICLE_ACTS, Entry, Proof, ms_of, parsed, prove
from bot.domain.change import Standing
from bot.domain.dossier import Approval, Dossier, Proven, Way
from bot.domain.entry import EntryState
from bot.domain.people import Writer
from bot.domain.review import Decision, Review, ReviewKind, Verdict
from bot.storage.articles import FIRST, OPEN, THE_FIRST, to_entry
from bot.storage.convert import of_article, readable, to_address, to_ms, to_time
from bot.storage.countdown import to_countdown
from bot.storage.engine import Unreadable
from bot.storage.transaction import Row, Transaction

#: At most one row an article: one question is open, one countdown runs, one decision is the last.
_DOSSIER = """
    SELECT a.id, a.state, a.version, a.due_at, a.published_at, a.author, a.created_at, a.not_before, a.expires_at,
        a.paid, a.author_member, v.content,
        r.id AS review_id, r.version AS review_version, r.kind AS review_kind, r.binding, r.asked_by, r.asked_at,
        r.asked_by_member,
        d.kind AS verdict, d.version AS decided_version, d.member_id, d.reason, d.at AS decided_at,
        c.article_id, c.person, c.publisher, c.chat, c.was, c.was_due_at, c.begun_at, c.ends_at, c.tick_at,
        c.ended, c.ended_by,
        EXISTS (SELECT 1 FROM dispatch WHERE article_id = a.id AND state IN ('ready', 'sending', 'running')
                    AND kind NOT IN ('pin', 'unpin'))
            AS is_leaving,
        EXISTS (SELECT 1 FROM halted) AS is_halted
    FROM article AS a
        JOIN version AS v ON v.article_id = a.id AND v.number = a.version
        LEFT JOIN review AS r ON r.article_id = a.id AND r.closed_at IS NULL
        LEFT JOIN decision AS d ON d.id = (SELECT max(id) FROM decision WHERE article_id = a.id)
        LEFT JOIN countdown AS c ON c.article_id = a.id AND c.ended IS NULL
"""
#: The people who had a hand in an article: who wrote a version, then who approved what; then what the log proves.
_HANDS = """
    SELECT DISTINCT article_id, 0 AS kind, 0 AS place, author AS address, author_member AS member_id, '' AS binding,
            0 AS version, 0 AS at, '' AS ticks
        FROM version WHERE article_id {of}
    UNION ALL SELECT article_id, 1, id, address, member_id, binding, version, at, ticks FROM approval
        WHERE article_id {of} AND voided_at IS NULL
"""
#: Actor, act and detail stand where address, binding and ticks do.
_ACTS = f"""
    UNION ALL SELECT CAST(substr(subject, 9) AS INTEGER), 2, id, actor, NULL, act, 0, at, detail FROM audit
        WHERE subject {{about}} AND subject <> '' AND act IN ({", ".join(f"'{act}'" for act in ARTICLE_ACTS)})
"""  # noqa: S608 - ours
_IN_ORDER = " ORDER BY 1, 2, 3"
_BY_TIME = "ORDER BY a.due_at, a.id"
_PLANNED = f"""(SELECT a.id FROM article AS a WHERE a.state IN {OPEN} AND a.due_at >= :since AND a.due_at < :until
    {_BY_TIME} LIMIT :most OFFSET :skip)"""  # noqa: S608 - ours
_THE_PLANNED = f"WHERE a.id IN {_PLANNED} {_BY_TIME}"


def _hands(of: str, about: str) -> tuple[str, str]:
    """The statement; and another for a log that somebody made unreadable, where an article is shown all the same."""
    return (_HANDS + _ACTS).format(of=of, about=about) + _IN_ORDER, _HANDS.format(of=of) + _IN_ORDER


def _of_those(which: str) -> tuple[str, str]:
    return _hands(f"IN {which}", f"IN (SELECT 'article:' || picked.id FROM {which} AS picked)")  # noqa: S608 - ours


_ONE, _ONE_WITHOUT_LOG = _hands("= :id", "= 'article:' || :id")
_OF_THE_FIRST, _OF_THE_FIRST_WITHOUT_LOG = _of_those(FIRST)
_OF_THE_PLANNED, _OF_THE_PLANNED_WITHOUT_LOG = _of_those(_PLANNED)
#: More articles than ever wait.
ALL = 1_000_000


class DossierQueries(Transaction):
    async def dossier(self, article_id: int) -> Dossier | None:
        """Return an article as it stands, read in two statements; None if there is none of this number."""
        row = await self.one(_DOSSIER + "WHERE a.id = :id", {"id": article_id})
        if row is None:
            return None
        try:
            hands = await self.all(_ONE, {"id": article_id})
        except Unreadable:
            hands = await self.all(_ONE_WITHOUT_LOG, {"id": article_id})
        with of_article(row["id"]):
            return await self._following(_dossier(row, list(hands)))

    async def open_dossiers(
        self, most: int = ALL, skip: int = 0, period: tuple[datetime, datetime] | None = None
    ) -> list[Dossier]:
        """Return at most `most` articles that wait, after `skip` of them, in two statements.

        In the order of the list: those with a time by their times, then held, submitted, drafts. With a `period`: those
        that have a time from its first instant on and before its second, by their times.
        """
        params: dict[str, int] = {"most": most, "skip": skip}
        if period is not None:
            params |= {"since": to_ms(period[0]), "until": to_ms(period[1])}
        which = THE_FIRST if period is None else _THE_PLANNED
        rows = await self.all(_DOSSIER + which, params)
        of_which = _OF_THE_FIRST if period is None else _OF_THE_PLANNED
        try:
            hands = _by_article(await self.all(of_which, params))
        except Unreadable:
            of_which = _OF_THE_FIRST_WITHOUT_LOG if period is None else _OF_THE_PLANNED_WITHOUT_LOG
            hands = _by_article(await self.all(of_which, params))
        dossiers = readable(rows, lambda row: _dossier(row, hands[row["id"]]), of="id")
        return [await self._following(each) for each in dossiers]

    async def _following(self, dossier: Dossier) -> Dossier:
        """Read how the article stands that this one follows up, by its text. Few articles follow one up."""
        about = dossier.entry.article.about
        if about is None:
            return dossier
        found = await self.value("SELECT standing FROM article WHERE id = :id", {"id": about.number})
        return replace(dossier, earlier=Standing(found) if found is not None else None)

    async def count_open(self) -> int:
        """Return the number of articles that wait."""
        return int(await self.value(f"SELECT count(*) FROM article WHERE state IN {OPEN}"))  # noqa: S608 - ours

    async def planned_times(self, since: datetime, until: datetime) -> list[tuple[datetime, EntryState]]:
        """Return the times from `since` on and before `until` that waiting articles have, in no order."""
        rows = await self.all(
            f"SELECT due_at, state FROM article WHERE state IN {OPEN} AND due_at >= :since AND due_at < :until",  # noqa: S608 - ours
            {"since": to_ms(since), "until": to_ms(until)},
        )
        return [(to_time(row["due_at"]), EntryState(row["state"])) for row in rows]


def _by_article(rows: Sequence[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["article_id"]].append(row)
    return found


def _dossier(row: Row, hands: list[Row]) -> Dossier:
    proof = prove(_act(each) for each in _kind(hands, 2))
    entry = to_entry(row)
    countdown = to_countdown(row) if row["article_id"] is not None else None
    return Dossier(
        entry=entry,
        asked=_asked(row, proof),
        decision=_decision(row) if row["verdict"] is not None else None,
        countdown=countdown,
        timed_by=proof.timed_by,
        is_leaving=bool(row["is_leaving"]),
        is_halted=bool(row["is_halted"]),
        writers=frozenset(Writer(to_address(each["address"]), each["member_id"]) for each in _kind(hands, 0)),
        approvals=tuple([given for each in _kind(hands, 1) if (given := _approval(each, proof)) is not None]),
        proven=Proven(
            text=proof.has_written(entry.version, entry.article.sha256),
            time=proof.has_timed(dict(row), dict(row) if countdown is not None else None),
            expiry=proof.has_expiry(row["expires_at"]),
        ),
        changed={actor: to_time(at) for actor, at in proof.changed.items()},
        undo_until=None if proof.ends is None else to_time(ms_of(proof.ends)),
        way=Way(proof.published, proof.stopped, frozenset(proof.let_on_by), bool(proof.written)),
    )


def _act(row: Row) -> Entry:
    return Entry(row["at"], row["address"], row["binding"], parsed(row["ticks"]))


def _kind(hands: list[Row], kind: int) -> list[Row]:
    return [each for each in hands if each["kind"] == kind]


def _asked(row: Row, proof: Proof) -> Review | None:
    """The open question, if the log knows that it was put."""
    if row["review_id"] is None:
        return None
    return _review(row) if proof.has_asked({**dict(row), "kind": row["review_kind"]}) else None


def _approval(row: Row, proof: Proof) -> Approval | None:
    """One that the log has like that."""
    if not proof.has_given(dict(row)):
        return None
    meant = proof.approvals[row["member_id"], row["binding"]].meant
    return Approval(
        row["member_id"], row["binding"], tuple(json.loads(row["ticks"])), None if meant is None else to_time(meant)
    )


def _review(row: Row) -> Review:
    return Review(
        id=row["review_id"],
        article_id=row["id"],
        version=row["review_version"],
        kind=ReviewKind(row["review_kind"]),
        binding=row["binding"],
        asked_by=to_address(row["asked_by"]),
        asked_at=to_time(row["asked_at"]),
        asked_by_member=row["asked_by_member"],
    )


def _decision(row: Row) -> Decision:
    return Decision(
        verdict=Verdict(row["verdict"]),
        version=row["decided_version"],
        member_id=row["member_id"],
        reason=row["reason"],
        at=to_time(row["decided_at"]),
    )
