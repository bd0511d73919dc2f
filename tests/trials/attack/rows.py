"""A hand in the database: rows of every table of authority put in, altered or removed while Visnyk is down."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.storage import verify_audit
from tests.conftest import OWNER
from tests.trials.attack.town import COLLEAGUE, STRANGER, Found, Town

#: A code that nobody made, and a button that nobody showed.
CODE, BUTTON = "ABCDEFGHJKLMNPQR", "A" * 22
_REPORTER = STRANGER + 50
_FAR = 9_999_999_999_999


@dataclass(frozen=True, slots=True)
class Hand:
    """What one hand does, how `audit verify` names it, and what is said afterwards: by whom, a command or a press."""

    sql: Sequence[str]
    name: str
    says: Sequence[tuple[int, str]] = ()


#: Articles: 1 is a draft, 2 waits for approval, 3 is approved. Members: 3 is the colleague, 4 a reporter.
PUT_IN = (
    Hand(
        ("INSERT INTO member (id, role, name, since) VALUES (90, 'owner', 'x', 1)",
         f"INSERT INTO identity (address, member_id) VALUES ('telegram:{STRANGER}', 90)"),
        "member 90", [(STRANGER, "/urgent 1")],
    ),
    Hand(
        (f"INSERT INTO identity (address, member_id) VALUES ('telegram:{STRANGER + 1}', 1)",),
        "member 1", [(STRANGER + 1, "/urgent 1")],
    ),
    Hand(
        ("INSERT INTO approval (id, article_id, version, binding, member_id, address, at, ticks) SELECT 90, article_id,"
         f" 1, binding, 3, 'telegram:{COLLEAGUE}', asked_at + 1, '[]' FROM review WHERE article_id = 2",),
        "approval 90", [(OWNER, "/now 2")],
    ),
    Hand(
        ("INSERT INTO review (article_id, version, kind, binding, asked_by, asked_at) "
         f"VALUES (1, 1, 'before', 'b', 'telegram:{OWNER}', 1)",),
        "review 1", [(OWNER, "/now 1")],
    ),
    Hand(
        ("INSERT INTO invitation (code_sha256, role, made_by, made_at, expires_at) "
         f"VALUES ('{hashlib.sha256(CODE.encode()).hexdigest()}', 'owner', 1, {_FAR - 1}, {_FAR})",),
        f"invitation {hashlib.sha256(CODE.encode()).hexdigest()[:12]}",
        [(STRANGER + 2, f"/start {CODE}"), (STRANGER + 2, "/urgent 1")],
    ),
    Hand(
        ("INSERT INTO button (id, action, args, chat, expires_at) SELECT "
         f"'{BUTTON}', 'approve', json_object('article', 2, 'binding', binding), 'telegram:{COLLEAGUE}', {_FAR} "
         "FROM review WHERE article_id = 2",),
        f"button {BUTTON}", [(COLLEAGUE, f"#{BUTTON}"), (OWNER, "/now 2")],
    ),
    Hand(
        ("UPDATE article SET state = 'counting', due_at = 5 WHERE id = 1",
         "INSERT INTO countdown (article_id, person, publisher, chat, was, begun_at, ends_at, tick_at) VALUES "
         f"(1, 'telegram:{OWNER}', 1, 'telegram:{OWNER}', 'draft', 1, 5, {_FAR})"),
        "countdown 1",
    ),
)  # fmt: skip
ALTERED = (
    Hand(("UPDATE article SET state = 'queued', due_at = 5 WHERE id = 1",), "article 1"),
    Hand(
        ("UPDATE version SET content = replace(content, 'Рух', 'Рух не') WHERE article_id = 3",
         "UPDATE version SET sha256 = 'x' WHERE article_id = 3"),
        "article 3", [(OWNER, "/now 3")],
    ),
    Hand(
        ("UPDATE member SET role = 'owner', may_approve_from = NULL, pinned = 1 WHERE id = 4",),
        "member 4", [(_REPORTER, "/urgent 1")],
    ),
    Hand(
        (f"UPDATE identity SET address = 'telegram:{STRANGER + 3}' WHERE member_id = 2",),
        "member 2", [(STRANGER + 3, "/urgent 1")],
    ),
    Hand(
        ("UPDATE approval SET article_id = 2, binding = (SELECT binding FROM review WHERE article_id = 2) "
         "WHERE article_id = 3",),
        "approval of #3 by member 3", [(OWNER, "/now 2")],
    ),
    Hand(("UPDATE review SET asked_at = 1 WHERE article_id = 2",), "review 2"),
    Hand(
        ("UPDATE invitation SET role = 'owner' WHERE used_at IS NULL",),
        "invitation", [(STRANGER + 4, "/start {code}"), (STRANGER + 4, "/urgent 1")],
    ),
    Hand(
        (f"UPDATE button SET action = 'urgent', chat = 'telegram:{STRANGER}' WHERE action = 'submit'",), "button",
    ),
)  # fmt: skip
REMOVED = (
    Hand(("DELETE FROM approval WHERE article_id = 3",), "approval of #3 by member 3", [(OWNER, "/now 3")]),
    Hand(("DELETE FROM review WHERE article_id = 2",), "review 2", [(OWNER, "/now 2")]),
    Hand(("DELETE FROM identity WHERE member_id = 4", "DELETE FROM member WHERE id = 4"), "member 4"),
    Hand(("DELETE FROM identity WHERE member_id = 2",), "member 2"),
    Hand(("DELETE FROM invitation",), "invitation"),
)


async def put_in(town: Town, tries: int) -> Found:
    """Rows that nobody's act made."""
    return await _tried(town, tries, PUT_IN)


async def altered(town: Town, tries: int) -> Found:
    """Rows that say something else than their act."""
    return await _tried(town, tries, ALTERED)


async def removed(town: Town, tries: int) -> Found:
    """Rows that are gone, the halt among them."""
    found = await _tried(town, tries, REMOVED)
    await town.halts()
    halted = await _by_hand(town, [Hand(("DELETE FROM halt",), "halt", [(OWNER, "/now 3"), (OWNER, "/urgent 1")])], "")
    asked = Hand(
        ("INSERT INTO resume_request (id, member_id, at) SELECT 1, 3, at FROM audit ORDER BY id DESC LIMIT 1",),
        "resume_request", [(OWNER, "/resume"), (OWNER, "/now 3")],
    )  # fmt: skip
    return Found(found.tries + 2, (*found.accepted, *halted, *await _by_hand(town, [asked], "")))


async def _tried(town: Town, tries: int, hands: Sequence[Hand]) -> Found:
    """All hands at once, as many times as it takes; each time in the same house."""
    code = await _prepared(town)
    file, wrong, tried = town.folder / "visnyk.db", list[str](), 0
    await town.stop()
    town.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    made = file.read_bytes()
    while tried < tries:
        wrong += await _by_hand(town, hands, code)
        tried += len(hands)
        await town.stop()
        for rest in ("-wal", "-shm"):
            file.with_name(file.name + rest).unlink(missing_ok=True)
        file.write_bytes(made)
    await town.start()
    return Found(tried, tuple(wrong))


async def _prepared(town: Town) -> str:
    """A desk with rows in each table; a code that is open."""
    await town.seats(_REPORTER, "reporter")
    await town.drafts()
    await town.says(f"/submit {await town.drafts()}", expected="#2")
    await town.approved()
    return await town.code("/invite reporter")


async def _by_hand(town: Town, hands: Sequence[Hand], code: str) -> list[str]:
    """What was not named, and what went out; by itself, or by what was said."""
    await town.stop()
    out = town.published
    for hand in hands:
        for sql in hand.sql:
            town.rows(sql)
    named = verify_audit(town.folder / "visnyk.db").unproven
    wrong = [f"{hand.name} is not named" for hand in hands if not any(each.startswith(hand.name) for each in named)]
    await town.start()
    for person, said in [each for hand in hands for each in hand.says]:
        said = said.format(code=code)
        await town.telegram(town.press(person, said[1:]) if said.startswith("#") else town.update(person, said))
    await town.says("/whoami", expected=str(OWNER))
    await _settles(town)
    if town.published != out:
        wrong.append(f"{town.published - out} posts went out")
    return wrong


async def _settles(town: Town) -> None:
    """Until what could leave has left: everything said is handled, and no countdown runs."""
    await town.sandbox.until(lambda: not town.rows("SELECT 1 FROM inbox WHERE done_at IS NULL LIMIT 1"), timeout=60)
    await town.sandbox.until(lambda: not town.rows("SELECT 1 FROM countdown WHERE ended IS NULL"), timeout=60)
