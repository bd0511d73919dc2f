"""/keys: an owner makes a key for one of the newsroom's own systems, sees it once, and takes it back."""

from __future__ import annotations

import re

from tests.conftest import newsroom_with
from tests.dialogues.conftest import Four
from tests.helpers.systems import ARTICLE, call, secret_in

MADE = "The key for “{name}”. It is shown this once, so copy it to where the system reads it:"
NONE = "There are no keys. With one, the newsroom's own system"


async def test_an_owner_makes_a_key_sees_who_has_one_and_revokes_it(four: Four) -> None:
    for number, chat in enumerate(four.chats, 1):
        await chat.asks("/keys", NONE)
        new = "/ключі новий Сайт подавати 120" if chat.language == "uk" else "/keys new Site submit 120"
        made = await chat.asks(new, MADE, name="Сайт" if chat.language == "uk" else "Site")
        assert chat.reads(made, "drafts, and submits them") and "120" in made.text
        assert chat.reads(made, "Whoever has it writes in the name of “{name}”. You count as an author")
        shown = await chat.asks("/ключі", "Keys of the newsroom's own systems:")
        assert chat.reads(shown, "never used") and chat.reads(shown, "made by {name}")
        assert chat.reads(shown, "A new one: /keys new CMS") and secret_in(made) not in shown.text

        assert (await call(four.scene, "POST", secret_in(made), json=ARTICLE)).status == 201
        used = await chat.asks("/keys", "Keys of the newsroom's own systems:")
        assert chat.reads(used, "last used {when}")
        await chat.pushes("Revoke “{name}”", "The key “{name}” is revoked: its calls are refused from now on.")
        assert (await call(four.scene, "POST", secret_in(made), json=ARTICLE)).status == 401
        log = await chat.asks("/log", "key revoked: {name}")
        assert chat.reads(log, "key for a system: {name}") and "key:" not in log.text
        await chat.asks(f"/keys revoke {number}", "There is no key {number}. /keys shows them.", number=number)


async def test_a_key_that_can_not_be_made_is_explained(four: Four) -> None:
    for chat in four.chats:
        await chat.asks("/keys banana", "I don't understand “{typed}”. A key for a system: /keys new CMS")
        await chat.asks("/keys new " + "x" * 41, "Name the system in up to {limit} characters: /keys new CMS")
        await chat.asks("/keys new CMS 0", "A key may make 1 to {limit} calls a minute: /keys new CMS 120")
        drafts = await chat.asks("/keys new CMS", MADE, name="CMS")
        assert chat.reads(drafts, "drafts only") and chat.reads(drafts, "calls a minute: {rate}")
        await chat.asks("/keys new cms", "There is a key “{name}” already. Revoke it first, or take another name.")
        for number in range(19):
            await chat.asks(f"/keys new S{number}", MADE, name=f"S{number}")
        await chat.asks("/keys new One more", "There are {limit} keys, and no more fit. Revoke one first: /keys")
        for key in await four.scene.app.store.read.system_keys():
            await chat.asks(f"/keys revoke {key.id}", "The key “{name}” is revoked", name=key.name)
        help_ = await chat.asks("/help keys", "keys for the newsroom's own systems")
        assert re.search(r"/(keys|ключі)", help_.text)


async def test_what_a_system_submits_is_put_to_those_who_did_not_make_its_key(four: Four) -> None:
    maker, *others = four.chats
    await four.restarts(newsroom_with(approvals=1))
    secret = secret_in(await maker.asks("/keys new CMS submit", MADE, name="CMS"))

    answer = await call(four.scene, "POST", secret, json={**ARTICLE, "submit": True})

    assert answer.json["state"] == "submitted"
    await others[0].sees("#{id} is waiting for your approval. It", id=1)
    await maker.asks("/approve 1", "You are an author of #{id}: someone else must approve it.", id=1)
    log = await others[1].asks("/log 1", "submitted for approval")
    assert "CMS" in log.text
