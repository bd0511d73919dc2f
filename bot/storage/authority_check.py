"""The check that every row which gives somebody authority has its act in the log, and every act its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from bot.domain.authority import (
    ADOPTED,
    APPROVED,
    ARTICLE_ACTS,
    HALT,
    VOID_ALL,
    VOID_ONE,
    Entry,
    Proof,
    acts_of_code,
    ms_of,
    parsed,
    prove,
    seat,
)
from bot.domain.seals import NO_KEY, seal_of

_OPEN = "('counting', 'queued', 'held', 'submitted', 'draft')"
_LAST = """SELECT act, actor, at, detail FROM audit WHERE subject = ? AND subject <> '' ORDER BY id DESC LIMIT 1"""
_FIRST_SEAT = """SELECT at FROM audit
    WHERE id = (SELECT min(id) FROM audit WHERE subject >= 'seat:' AND subject < 'seat;' AND subject <> '')"""
#: Articles that somebody let out or changed alone after somebody else looked at them last.
_TO_REVIEW = """SELECT subject FROM audit WHERE act IN ('article.published_alone', 'article.reviewed')
    OR (act = 'article.changed' AND detail LIKE '%"reviewed":false%')
    GROUP BY subject
    HAVING max(CASE WHEN act = 'article.reviewed' THEN 0 ELSE id END)
        > max(CASE WHEN act = 'article.reviewed' THEN id ELSE 0 END)"""
Row = Mapping[str, Any]


class Rows(Protocol):
    """The answer to a question, row by row."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Asked(Protocol):
    """A connection that is asked in one state of the database; rows have their columns by name and by place.

    Parameters are written `?`.
    """

    def execute(self, sql: str, params: Sequence[object] = (), /) -> Rows: ...


def check_authority(asked: Asked, key: bytes = NO_KEY, *, everything: bool = True) -> list[str]:
    """Name each row that the log does not prove as it stands. `everything`: also of articles that are over.

    `key`: see `Driver`; without it, as beside a backup, the seals of buttons can't be looked at.
    """
    check = _Check(asked, key, everything=everything)
    if check.since is None:  # an older Visnyk's: its rows are told to the log at the next start
        return []
    found = [*check.seats(), *check.articles(), *check.halt(), *check.codes(), *check.buttons()]
    return sorted(set(found))


class _Check:
    def __init__(self, asked: Asked, key: bytes, *, everything: bool) -> None:
        self._key = key
        self._ask = asked.execute
        self._everything = everything
        #: From then on the log is told of every seat, code and halt; None: not yet.
        self.since: int | None = self._value(_FIRST_SEAT)

    def _value(self, sql: str, *values: object) -> Any:
        row = self._ask(sql, values).fetchone()
        return None if row is None else row[0]

    def _last(self, subject: str) -> Row | None:
        found: Row | None = self._ask(_LAST, (subject,)).fetchone()
        return found

    def _acts(self, subject: str, acts: Sequence[str] = ()) -> list[Entry]:
        among = f"AND act IN ({', '.join('?' * len(acts))})" if acts else ""
        sql = f"SELECT at, actor, act, detail FROM audit WHERE subject = ? AND subject <> '' {among} ORDER BY id"  # noqa: S608 - ours
        return [
            Entry(row["at"], row["actor"], row["act"], parsed(row["detail"]))
            for row in self._ask(sql, (subject, *acts))
        ]

    def _subjects(self, kind: str) -> set[str]:
        """Return what follows `kind:` in the subjects of the log."""
        sql = "SELECT DISTINCT subject FROM audit WHERE subject >= ? AND subject < ? AND subject <> ''"
        return {row[0][len(kind) + 1 :] for row in self._ask(sql, (f"{kind}:", f"{kind};"))}

    def seats(self) -> Iterator[str]:
        own: defaultdict[int, dict[str, int | None]] = defaultdict(dict)
        for row in self._ask("SELECT * FROM identity"):
            own[row["member_id"]][row["address"]] = row["waits_until"]
        members = {row["id"]: row for row in self._ask("SELECT * FROM member")}
        for number, row in members.items():
            last = self._last(f"seat:{number}")
            proven = parsed(last["detail"]).get("seat") if last is not None else None
            if proven != seat(dict(row), own[number]):
                yield f"member {number}"
        yield from (f"member {number}" for number in own.keys() - members.keys())
        yield from (f"member {number}" for number in map(int, self._subjects("seat")) if number not in members)

    def articles(self) -> Iterator[str]:
        for article in self._ask(f"SELECT * FROM article WHERE state IN {_OPEN}").fetchall():  # noqa: S608 - ours
            proof = prove(self._acts(f"article:{article['id']}", ARTICLE_ACTS))
            yield from self._of_article(article, proof)
            yield from self._approvals(article["id"], proof)
        if self._everything:
            over = self._over()
            for number in over:
                proof = prove(self._acts(f"article:{number}", (APPROVED, VOID_ONE, *VOID_ALL)))
                yield from self._approvals(number, proof)
            yield from self._looked_at()

    def _over(self) -> list[int]:
        approved = "SELECT CAST(substr(subject, 9) AS INTEGER) FROM audit WHERE act = 'article.approved'"
        known = f"SELECT article_id FROM approval UNION {approved}"  # noqa: S608 - ours
        return [row[0] for row in self._ask(f"{known} EXCEPT SELECT id FROM article WHERE state IN {_OPEN}")]  # noqa: S608 - ours

    def _of_article(self, article: Row, proof: Proof) -> Iterator[str]:
        number, state = article["id"], article["state"]
        sha = self._value("SELECT sha256 FROM version WHERE article_id = ? AND number = ?", number, article["version"])
        running = self._ask("SELECT * FROM countdown WHERE article_id = ? AND ended IS NULL", (number,)).fetchone()
        is_timed, counts = proof.has_timed(article, running), state == "counting"
        if not proof.has_written(article["version"], sha) or (not is_timed and not counts):
            yield f"article {number}"
        if counts != (running is not None) or (not is_timed and counts):
            yield f"countdown {number}"
        review = self._ask("SELECT * FROM review WHERE article_id = ? AND closed_at IS NULL", (number,)).fetchone()
        if (review is None and state == "submitted") or (review is not None and not proof.has_asked(review)):
            yield f"review {number}"

    def _looked_at(self) -> Iterator[str]:
        """Name what went out on one person's word and was looked at afterwards by the log alone, or the rows alone."""
        waits = {int(row[0][8:]) for row in self._ask(_TO_REVIEW)}
        rows = {
            row["article_id"]
            for row in self._ask("SELECT article_id FROM review WHERE kind = 'after' AND closed_at IS NULL")
        }
        yield from (f"review {number}" for number in waits ^ rows)

    def _approvals(self, number: int, proof: Proof) -> Iterator[str]:
        rows = self._ask("SELECT * FROM approval WHERE article_id = ?", (number,)).fetchall()
        live = {(row["member_id"], row["binding"]): row for row in rows if row["voided_at"] is None}
        for row in rows:
            key = (row["member_id"], row["binding"])
            if key not in proof.ever or (row["voided_at"] is None and not proof.has_given(row)):
                yield f"approval {row['id']}"
        for (member, binding), given in proof.approvals.items():
            if (member, binding) not in live and self.since is not None and given.at >= self.since:
                yield f"approval of #{number} by member {member}"

    def halt(self) -> Iterator[str]:
        row = self._ask("SELECT * FROM halt").fetchone()
        last = self._last(HALT)
        is_proven = last is not None and last["act"] != "halt.ended"
        if row is None and is_proven:
            yield "halt"
        if row is not None and row["person"] != "system" and not (is_proven and self._began(row)):
            yield "halt"
        asked = self._ask("SELECT * FROM resume_request").fetchone()
        by = None if asked is None else ("halt.resume_asked", f"person:{asked['member_id']}", asked["at"])
        wanted = last is not None and last["act"] == "halt.resume_asked"
        if (asked is not None) != wanted or (
            last is not None and wanted and by != (last["act"], last["actor"], last["at"])
        ):
            yield "resume_request"

    def _began(self, row: Row) -> bool:
        sql = """SELECT at, detail FROM audit WHERE subject = 'halt' AND subject <> '' AND act = 'halt.begun'
                 ORDER BY id DESC LIMIT 1"""
        begun = self._ask(sql).fetchone()
        return begun is not None and (row["at"], row["person"]) == (begun["at"], parsed(begun["detail"]).get("from"))

    def codes(self) -> Iterator[str]:
        known = set()
        for row in self._ask("SELECT * FROM invitation").fetchall():
            known.add(row["code_sha256"])
            acts = self._acts(f"code:{row['code_sha256']}")
            is_old = self.since is not None and row["made_at"] < self.since and not acts
            if not is_old and not _is_as_made(row, acts):
                yield f"invitation {row['code_sha256'][:12]}"
        yield from (f"invitation {digest[:12]}" for digest in self._subjects("code") - known)

    def buttons(self) -> Iterator[str]:
        if not self._key:
            return
        adopted = self._last(ADOPTED)
        known = parsed(adopted["detail"]).get("buttons", {}) if adopted is not None else {}
        for row in self._ask("SELECT id, action, args, chat, member_id FROM button"):
            what = (row["action"], row["args"], row["chat"], row["member_id"])
            if seal_of(self._key, row["id"], *what) != row["id"] and known.get(row["id"]) != seal_of(NO_KEY, "", *what):
                yield f"button {row['id']}"


def _is_as_made(row: Row, acts: Sequence[Entry]) -> bool:
    """True if the log has this code like that, and its use and answer exactly as the row says."""
    used_by = row["used_by"] if row["used_at"] is not None else None
    wanted = acts_of_code(row["role"], row["made_by"], used_by, answered=row["answered_at"] is not None)
    is_own = row["role"] is not None or row["member_id"] == row["made_by"]
    times = [each.at for each in acts]
    stamped = [at for at in (row["made_at"], row["used_at"], row["answered_at"]) if at is not None]
    until = acts[0].detail.get("until") if acts else None
    return (
        is_own
        and [(each.act, each.actor) for each in acts] == wanted
        and times == stamped
        and (until is None or ms_of(until) == row["expires_at"])
        and acts[0].detail.get("role") == row["role"]
    )
