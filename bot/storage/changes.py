"""Changes of articles that are out: their rows, and the dispatches by which each reaches the copies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain import Address, Article, Platform
from bot.domain.change import ENDS_SENDING, Change, ChangeKind, ChangeState, Tell
from bot.domain.entry import Entry
from bot.domain.ledger import Cause, Dispatch, DispatchKind, DispatchState, Policy
from bot.storage.convert import to_ms, to_time
from bot.storage.dispatches import to_dispatch
from bot.storage.handover import FIRST, cause_of_end
from bot.storage.pins import PinQueries
from bot.storage.transaction import Row

#: Readers with copies; with more, the word about them goes before the edits.
NOTICE_FIRST = 20_000
#: Kinds that stop harm: their edits leave before the news of others.
PRESSING = frozenset({ChangeKind.CHECKING, ChangeKind.CORRECTION, ChangeKind.RETRACTION, ChangeKind.RESTORATION})


#: Of a change: nothing of it is on its way.
_IDLE = """
    NOT EXISTS (SELECT 1 FROM dispatch WHERE change_id = change.id
        AND dispatch.state IN ('ready', 'sending', 'running', 'waiting'))
    AND NOT EXISTS (SELECT 1 FROM handover WHERE handover.article_id = change.article_id)
"""
_IDLE_CHANGE = f"""
    SELECT article_id FROM change
    WHERE state = 'running' AND state IN ('draft', 'submitted', 'counting', 'running') AND {_IDLE} ORDER BY id LIMIT 1
"""  # noqa: S608 - ours
_ADD_VERSION = """
    INSERT INTO version (article_id, number, sha256, content, author, author_member, made_at)
    VALUES (:id, (SELECT max(number) + 1 FROM version WHERE article_id = :id), :sha256, :content, :author,
        (SELECT member_id FROM identity WHERE address = :author), :at)
    RETURNING number
"""
_ADD_CHANGE = """
    INSERT INTO change (article_id, number, kind, from_version, to_version, note, reason, tell, state, author, made_at)
    VALUES (:article, (SELECT count(*) + 1 FROM change WHERE article_id = :article), :kind, :from, :to, :note, :reason,
        :tell, :state, :author, :now)
    RETURNING *
"""
_CARRY = """
    INSERT INTO dispatch (article_id, version, platform, channel, state, urgent, silent, paid, plain, policy, audience,
        counting_from, not_before, created_at, changed_at, language, others, page_size, kind, change_id, of)
    SELECT article_id, :version, platform, channel, :state, :urgent, :silent, :paid, plain, :policy,
        CASE WHEN channel IS NULL THEN 0 ELSE 1 END, NULL, :now, :now, :now, language, others, page_size, :kind,
        :change, id
    FROM dispatch WHERE id = :of AND (ids_gone = 0 OR :kind NOT IN ('edit', 'removal'))
"""
#: What carries older versions to channels and has not left.
_END_OLDER = """
    UPDATE dispatch SET state = 'stopped', reason = :reason, changed_at = :now
    WHERE article_id = :article AND superseded_by IS NULL AND channel IS NOT NULL AND state IN ('ready', 'waiting')
        AND (kind IN ('edit', 'removal') OR (kind = 'notice' AND :tells = 1))
"""
_SUPERSEDE = """
    UPDATE dispatch SET superseded_by = :change
    WHERE article_id = :article AND superseded_by IS NULL
        AND (kind IN ('edit', 'removal') OR (kind = 'post' AND channel IS NULL) OR (kind = 'notice' AND :tells = 1))
"""
_RENEW = """
    UPDATE dispatch SET version = :version, superseded_by = NULL, changed_at = :now,
        state = CASE WHEN :back = 1 THEN 'stopped' ELSE state END,
        reason = CASE WHEN :back = 1 THEN :reason ELSE reason END
    WHERE id = :id
"""
#: Edits of the same copies that a later one has made good: it failed for nobody.
_EARLIER_EDITS = """
    SELECT earlier.id FROM dispatch AS later JOIN dispatch AS earlier ON earlier.of = later.of
    WHERE later.change_id = :change AND later.kind IN ('edit', 'removal') AND later.state = 'done'
        AND later.channel IS NULL AND earlier.kind IN ('edit', 'removal') AND earlier.id < later.id
        AND NOT EXISTS (SELECT 1 FROM exception WHERE dispatch_id = later.id AND exception.kind = 'failed')
"""


class ChangeQueries(PinQueries):
    async def draft_version(self, entry: Entry, article: Article, author: Address, now: datetime) -> int:
        """Keep a version that a change may lead to; the entry's own version stays until the change is let out."""
        content = {"sha256": article.sha256, "content": article.to_json()}
        by = {"author": str(author), "at": to_ms(now)}
        return int(await self.value(_ADD_VERSION, {"id": entry.id, **content, **by}))

    async def add_change(
        self,
        entry: Entry,
        kind: ChangeKind,
        to_version: int,
        *,
        note: str,
        reason: str,
        tell: Tell,
        author: str,
        now: datetime,
        state: ChangeState = ChangeState.DRAFT,
    ) -> Change:
        """Keep a change under the article's next number of a change. `author` as the log names people."""
        what = {"article": entry.id, "kind": kind, "from": entry.version, "to": to_version, "tell": tell}
        words = {"note": note, "reason": reason, "author": author, "state": state, "now": to_ms(now)}
        row = await self.one(_ADD_CHANGE, {**what, **words})
        assert row is not None
        return to_change(row)

    async def change(self, change_id: int) -> Change | None:
        row = await self.one("SELECT * FROM change WHERE id = :id", {"id": change_id})
        return to_change(row) if row is not None else None

    async def changes(self, article_id: int) -> list[Change]:
        """Return the changes of an article, oldest first."""
        rows = await self.all("SELECT * FROM change WHERE article_id = :id ORDER BY number", {"id": article_id})
        return [to_change(row) for row in rows]

    async def move_change(self, change: Change, state: ChangeState, now: datetime) -> None:
        """Give a change a new state."""
        await self.run(
            """UPDATE change SET state = :state,
                   done_at = CASE WHEN :state = 'done' THEN CAST(:now AS BIGINT) ELSE done_at END WHERE id = :id""",
            {"id": change.id, "state": state, "now": to_ms(now)},
        )

    async def standing(self, article_id: int) -> str:
        """Return how an article stands that is out."""
        return str(await self.value("SELECT standing FROM article WHERE id = :id", {"id": article_id}))

    async def idle_change(self) -> int | None:
        """Return an article with a running change of which nothing is on its way; None: there is none."""
        number = await self.value(_IDLE_CHANGE)
        return int(number) if number is not None else None

    async def finish_changes(self, article_id: int, now: datetime) -> list[Change]:
        """End the changes of an article of which nothing is on its way; return them."""
        rows = await self.all(
            f"""UPDATE change SET state = 'done', done_at = :now WHERE article_id = :article AND state = 'running'
                   AND {_IDLE} RETURNING *""",  # noqa: S608 - ours
            {"article": article_id, "now": to_ms(now)},
        )
        for row in rows:
            await self._forget_earlier_edits(row["id"])
        return [to_change(row) for row in rows]

    async def _forget_earlier_edits(self, change_id: int) -> None:
        """Forget the pages of earlier edits of the same copies: an article costs its post and one edit.

        They stay where a later edit failed: for those readers the earlier one says what they have.
        """
        rows = await self.all(_EARLIER_EDITS, {"change": change_id})
        earlier = [{"id": row["id"]} for row in rows]
        await self.many("DELETE FROM page WHERE dispatch_id = :id", earlier)
        await self.many("DELETE FROM exception WHERE dispatch_id = :id", earlier)
        await self.many("UPDATE dispatch SET audience = 0 WHERE id = :id", earlier)

    async def is_before_the_edit(self, notice: Dispatch) -> bool:
        """Return True if copies are edited only after the word beside them."""
        sql = """SELECT 1 FROM dispatch WHERE of = :post AND kind IN ('edit', 'removal') AND change_id = :change
                     AND id > :id"""
        which = {"post": notice.of, "change": notice.change_id, "id": notice.id}
        return await self.value(sql, which) is not None

    async def dispatches_of(self, change: Change) -> list[Dispatch]:
        """Return all that carries a change, also the posts to readers who had no copy yet."""
        rows = await self.all("SELECT * FROM dispatch WHERE change_id = :id ORDER BY id", {"id": change.id})
        return [to_dispatch(row) for row in rows]

    # A change goes out

    async def let_change_out(
        self,
        change: Change,
        standing: str,
        now: datetime,
        *,
        edits: Collection[Platform],
        silent: bool,
        notice_first: int = NOTICE_FIRST,
    ) -> None:
        """Let a change go out: from the commit on, nothing of an earlier version leaves.

        The article's version and `standing` move on. Copies are edited on the platforms of `edits`; their holders are
        told if the change tells them, and first of all if they are more than `notice_first`; whoever has no copy yet
        gets the new version, or none if it takes back.
        """
        await self._move_on(change, standing, now)
        posts = await self.dispatches(change.article_id)
        if change.kind in ENDS_SENDING:
            await self.unpin_now(change.article_id, change.id, now)
        await self._supersede(change, now)
        for post in posts:
            if post.channel is not None:
                await self._change_post(change, post, now, edits=edits, silent=silent)
        read = [post for post in posts if post.channel is None and (post.audience or not post.is_counted)]
        for kind, post in _in_order(change, read, edits, notice_first):
            await self.carry(change, post, kind, now, state=DispatchState.RUNNING, silent=silent)
        for post in read:
            await self._end_post(change, post, now)
            await self.begin_handover(post)
        await self.hand_over(now, FIRST)
        # What is with the couriers comes back.
        self.signals |= {"halt", "dispatch", "queue"}

    async def _move_on(self, change: Change, standing: str, now: datetime) -> None:
        """Make it the change that runs, and its version the article's."""
        which = {"id": change.id, "article": change.article_id, "now": to_ms(now)}
        await self.run("UPDATE change SET state = 'running', out_at = :now WHERE id = :id", which)
        await self.run(
            "UPDATE change SET state = 'superseded' WHERE article_id = :article AND state = 'running' AND id <> :id",
            which,
        )
        await self.run(
            "UPDATE article SET version = :version, standing = :standing, changed_at = :now WHERE id = :article",
            {**which, "version": change.to_version, "standing": standing},
        )

    async def _end_post(self, change: Change, post: Dispatch, now: datetime) -> None:
        """Nothing more of an older post leaves: the rest goes out with a newer one, or stays in the house."""
        if change.kind not in ENDS_SENDING:
            if not post.is_counted:
                await self.inherit_counting(post, await self.heir(post, now))
        elif post.state is DispatchState.RUNNING:
            await super().settle(post.id, DispatchState.STOPPED, now, reason=cause_of_end(change.kind))

    async def _supersede(self, change: Change, now: datetime) -> None:
        """Let nothing more be reserved of what carries earlier versions; a word beside them waits for a newer one."""
        which = {"article": change.article_id, "tells": int(change.tell is Tell.HOLDERS)}
        await self.run(_END_OLDER, {**which, "reason": Cause.SUPERSEDED, "now": to_ms(now)})
        await self.run(_SUPERSEDE, {**which, "change": change.id})

    async def carry(
        self, change: Change, post: Dispatch, kind: DispatchKind, now: datetime, *, state: DispatchState, silent: bool
    ) -> None:
        """Make the dispatch by which a change reaches the copies of a post. Without their ids nothing can be edited."""
        is_edit = kind.changes_copies
        # Edits can't be bought, and one that is made twice is made once.
        ways = {"paid": int(post.paid and not is_edit), "policy": Policy.RESEND if is_edit else Policy.HOLD}
        how = {"state": state, "urgent": int(change.kind in PRESSING), "silent": int(silent)}
        what = {"version": change.to_version, "kind": kind, "change": change.id, "of": post.id}
        await self.run(_CARRY, {**ways, **how, **what, "now": to_ms(now)})
        self.signal("dispatch")

    # Posts in channels

    async def _change_post(
        self, change: Change, post: Dispatch, now: datetime, *, edits: Collection[Platform], silent: bool
    ) -> None:
        """Change the copy in a channel. One that may be there waits until that is known."""
        if post.state in (DispatchState.READY, DispatchState.STOPPED):
            await self._renew(change, post, now)
            return
        is_there = post.state is DispatchState.DELIVERED
        if not is_there:
            await self.run(
                "UPDATE dispatch SET superseded_by = :change WHERE id = :id", {"id": post.id, "change": change.id}
            )
        if post.platform in edits and (post.message_id or not is_there):
            state = DispatchState.READY if is_there else DispatchState.WAITING
            await self.carry(change, post, _done_by(change), now, state=state, silent=silent)
        if change.tell is Tell.HOLDERS:
            in_doubt = post.state is DispatchState.IN_DOUBT
            # What is false is denied where it may stand; what was corrected, where it does.
            state = (
                DispatchState.READY
                if is_there or (in_doubt and change.kind is ChangeKind.RETRACTION)
                else DispatchState.WAITING
            )
            await self.carry(change, post, DispatchKind.NOTICE, now, state=state, silent=silent)

    async def _renew(self, change: Change, post: Dispatch, now: datetime) -> None:
        """Let a post that nobody has seen be of the new version; one that was taken back stays in the house."""
        back = {"back": int(change.kind in ENDS_SENDING), "reason": cause_of_end(change.kind)}
        await self.run(_RENEW, {"id": post.id, "version": change.to_version, **back, "now": to_ms(now)})

    async def settle(
        self,
        dispatch_id: int,
        state: DispatchState,
        now: datetime,
        *,
        message_id: int = 0,
        link: str = "",
        reason: str = "",
        not_before: datetime | None = None,
    ) -> None:
        """Record the outcome of a dispatch. A change that came meanwhile goes on from it."""
        await super().settle(
            dispatch_id, state, now, message_id=message_id, link=link, reason=reason, not_before=not_before
        )
        dispatch = await self.dispatch(dispatch_id)
        if dispatch is None or dispatch.superseded_by is None:
            return
        if dispatch.channel is None:
            if state is DispatchState.RUNNING:
                await self._hand_on(dispatch, now)
        elif dispatch.kind is DispatchKind.POST:
            await self._go_on_from(dispatch, dispatch.superseded_by, now)
        elif state is DispatchState.READY:
            await self._give_way(dispatch, now)

    async def _hand_on(self, post: Dispatch, now: datetime) -> None:
        """Let whoever is still without an article get its newest version, or nothing if it was taken back."""
        if (cause := await self.taken_back(post.article_id)) is not None:
            await super().settle(post.id, DispatchState.STOPPED, now, reason=cause)
        else:
            await self.begin_handover(post)

    async def _go_on_from(self, post: Dispatch, change_id: int, now: datetime) -> None:
        """Let the changes that waited for the outcome of a post go on, or end them."""
        if post.state is DispatchState.DELIVERED:
            await self.run("UPDATE dispatch SET superseded_by = NULL WHERE id = :id", {"id": post.id})
            await self._wake(post, (DispatchKind.NOTICE,), now)
            if post.message_id:
                await self._wake(post, (DispatchKind.EDIT, DispatchKind.REMOVAL), now)
                return
        elif post.state in (DispatchState.READY, DispatchState.STOPPED):
            change = await self.change(change_id)
            assert change is not None
            await self._renew(change, post, now)
        else:
            return
        await self.run(
            """UPDATE dispatch SET state = 'stopped', reason = :reason, changed_at = :now
               WHERE of = :post AND state = 'waiting'""",
            {"post": post.id, "reason": Cause.SUPERSEDED, "now": to_ms(now)},
        )

    async def _wake(self, post: Dispatch, kinds: Sequence[DispatchKind], now: datetime) -> None:
        await self.many(
            """UPDATE dispatch SET state = 'ready', not_before = :now, changed_at = :now
               WHERE of = :post AND kind = :kind AND state = 'waiting'""",
            [{"post": post.id, "kind": kind, "now": to_ms(now)} for kind in kinds],
        )
        self.signal("dispatch")

    async def _give_way(self, dispatch: Dispatch, now: datetime) -> None:
        """An edit or a word that would be tried again leaves that to the newer one, which waits as long as it would."""
        await super().settle(dispatch.id, DispatchState.STOPPED, now, reason=Cause.SUPERSEDED)
        await self.run(
            """UPDATE dispatch SET not_before = :at WHERE of = :post AND kind = :kind AND state = 'ready'
               AND not_before < :at""",
            {"post": dispatch.of, "kind": dispatch.kind, "at": to_ms(dispatch.not_before)},
        )


def _done_by(change: Change) -> DispatchKind:
    """Return what a change does to a copy."""
    return DispatchKind.REMOVAL if change.kind is ChangeKind.REMOVAL else DispatchKind.EDIT


def _in_order(
    change: Change, posts: Sequence[Dispatch], edits: Collection[Platform], notice_first: int
) -> list[tuple[DispatchKind, Dispatch]]:
    """Return what is done to the copies of posts to readers; whoever sends takes the first of two first.

    To edit many takes hours, which nobody notices: then they are told before.
    """
    edited = [(_done_by(change), post) for post in posts if post.platform in edits]
    told = [(DispatchKind.NOTICE, post) for post in posts if change.tell is Tell.HOLDERS]
    is_told_first = sum(post.audience for _, post in edited) > notice_first
    return [*told, *edited] if is_told_first else [*edited, *told]


def to_change(row: Row) -> Change:
    return Change(
        id=row["id"],
        article_id=row["article_id"],
        number=row["number"],
        kind=ChangeKind(row["kind"]),
        from_version=row["from_version"],
        to_version=row["to_version"],
        note=row["note"],
        reason=row["reason"],
        tell=Tell(row["tell"]),
        state=ChangeState(row["state"]),
        author=row["author"],
        made_at=to_time(row["made_at"]),
        out_at=to_time(row["out_at"]) if row["out_at"] is not None else None,
        done_at=to_time(row["done_at"]) if row["done_at"] is not None else None,
    )
