"""Witnesses: what they cosign and what they never do, over a socket; and what a reader believes only with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.app import public_record
from bot.app.witnesses import Asked, cosign, examine
from bot.errors import CannotStart
from bot.record.checking import Broken, Colour
from bot.record.checkpoint import Checkpoint
from bot.record.merkle import Tree, leaf, root_of
from bot.record.notes import SignerKey, VerifierKey
from bot.record.policy import Policy, policy_of
from bot.record.signing import Fork, Signer, last_signed
from bot.record.site import Site
from bot.record.witnessing import OF_SIZE, Request, Witness
from bot.web.witness import witness_app
from config.newsroom import load_newsroom
from config.settings import load_settings
from tests.helpers.indoors import House, a_house
from tests.helpers.recorded import STORY, acts

LOG = SignerKey("news.example/record", bytes(range(32)))
PARTNER, OTHER = (SignerKey(f"{name}.example", bytes([number]) * 32) for number, name in enumerate(("a", "b"), 1))
POST = f"{STORY.headline}\n\n{STORY.lead}"
AT = 1_795_860_000


def tree(size: int, mark: str = "") -> Tree:
    hashes = [leaf(f"{number}{mark}".encode()) for number in range(size)]
    return Tree(size, {(0, 0): b"".join(hashes)})


def checkpoint(size: int, mark: str = "") -> Checkpoint:
    hashes = [leaf(f"{number}{mark}".encode()) for number in range(size)]
    return Checkpoint(LOG.name, size, root_of(hashes))


def asks(old: int, size: int, mark: str = "", key: SignerKey = LOG) -> str:
    hashes = tuple(tree(size, mark).consistency(old)) if old <= size else ()
    return str(Request(old, hashes, checkpoint(size, mark).signed(key)))


def test_a_witness_cosigns_what_grows_out_of_the_last_and_nothing_else(tmp_path: Path) -> None:
    witness = Witness(PARTNER, [LOG.public], tmp_path)
    for old, size in ((0, 5), (5, 5), (5, 9), (9, 40)):
        reply = witness.answer(asks(old, size), AT)
        note = checkpoint(size).signed(LOG) + reply.body
        assert reply.status == 200 and Policy((LOG.public,), {"a": PARTNER.witness}, quorum="a").is_met(note)

    refused = {
        asks(0, 50): 409,
        asks(9, 50): 409,
        asks(40, 50, "forged"): 422,
        asks(40, 40, "forged"): 409,
        asks(50, 40): 400,
        asks(40, 50, key=OTHER): 403,
        asks(40, 50).replace(LOG.name, "other.example"): 404,
        asks(40, 50, key=SignerKey(LOG.name, bytes(32))): 403,
        asks(40, 50).replace("old 40", "old 040"): 400,
        asks(40, 50)[:30]: 400,
        "": 400,
        "old 0\n\n": 400,
    }
    assert {text: witness.answer(text, AT).status for text in refused} == refused
    told = witness.answer(asks(9, 50), AT)
    assert (told.body, told.kind) == ("40\n", OF_SIZE)


def test_a_witness_that_starts_again_remembers_what_it_has_seen(tmp_path: Path) -> None:
    Witness(PARTNER, [LOG.public], tmp_path).answer(asks(0, 9), AT)

    again = Witness(PARTNER, [LOG.public], tmp_path)
    assert again.answer(asks(0, 9, "forged"), AT).status == 409
    next(tmp_path.iterdir()).write_text("damaged")
    with pytest.raises(Fork):
        again.answer(asks(9, 10), AT)


def fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


def with_witness(file: Path, one: Asked) -> Path:
    file.write_text(f'{file.read_text()}\n[record]\nwitnesses = ["{one.url} {one.key}"]\n')
    return file


@asynccontextmanager
async def witnessed(folder: Path, key: SignerKey = PARTNER) -> AsyncIterator[Asked]:
    """A witness that answers at an address of its own."""
    runner = web.AppRunner(witness_app(Witness(key, [LOG.public], fresh(folder)), lambda: AT), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None and isinstance(site._server, asyncio.Server)
    try:
        yield Asked(f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}", key.witness)
    finally:
        await runner.cleanup()


def site_of(house: House, folder: Path) -> tuple[Site, Signer]:
    signer = Signer(LOG, last_signed(folder / "visnyk.db"))
    return Site(house.store.read, signer, lambda _keys: "", ""), signer


async def test_a_record_is_cosigned_and_readers_can_ask_for_that(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, witnessed(tmp_path / "witness") as one:
        site, signer = site_of(house, tmp_path)
        down = Asked("http://127.0.0.1:9", OTHER.witness)
        for _ in range(3):
            await acts(house)
            said = await cosign(site, signer, [one, down])
            assert said[one.key.name] == "" and "can't be reached" in said[down.key.name]
        await public_record.exported(site, tmp_path / "site", signer)
        proof = str(await site.proof(1, 1))

    met = Policy.parse(policy_of(LOG.public, [(one.url, str(one.key))], 1))
    unmet = Policy.parse(policy_of(LOG.public, [(one.url, str(one.key)), (down.url, str(down.key))], 2))
    folder = str(tmp_path / "site")
    for text, place in ((POST, folder), (proof, "")):
        assert (await public_record.verify(text, place, met)).colour is Colour.GREEN
        with pytest.raises(Broken, match="enough witnesses"):
            await public_record.verify(text, place, unmet)


async def test_a_copy_that_would_sign_a_fork_is_found_by_the_witness(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, witnessed(tmp_path / "witness") as one:
        site, signer = site_of(house, tmp_path)
        await acts(house)
        await acts(house)
        await cosign(site, signer, [one])
        async with a_house(fresh(tmp_path / "copy")) as other:
            copy, elsewhere = site_of(other, tmp_path / "copy")
            await acts(other)
            with pytest.raises(Fork, match="has seen 2 entries"):
                await cosign(copy, elsewhere, [one])
            await acts(other)
            with pytest.raises(Fork, match="has seen another record"):
                await cosign(copy, elsewhere, [one])
            await acts(other)
            with pytest.raises(Fork, match="has seen another record"):
                await cosign(copy, elsewhere, [one])


async def test_the_doctor_says_how_many_witnesses_have_seen_the_record(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, witnessed(tmp_path / "witness") as one:
        site, _ = site_of(house, tmp_path)
        file = with_witness(tmp_path / "newsroom.toml", one)
        settings = load_settings(
            {
                "DATABASE_URL": f"sqlite:///{tmp_path}/visnyk.db",
                "NEWSROOM": str(file),
                "RECORD_KEY": LOG.written,
            }
        )
        newsroom = load_newsroom(file)
        await acts(house)
        await site.checkpoint()
        (unseen,) = await examine(settings, newsroom)
        assert await public_record.cosigned(settings) == {one.key.name: ""}
        (seen,) = await examine(settings, newsroom)
        assert not unseen.ok and seen.ok and "1 have cosigned" in seen.what


POLICIES = (
    "",
    "log x",
    f"log {LOG.public}",
    f"quorum none\nquorum none\nlog {LOG.public}",
    f"log {LOG.public}\nquorum a",
    f"log {LOG.public}\ngroup g 2 a\nquorum g",
    f"log {LOG.public}\nwitness a {PARTNER.witness}\ngroup g 2 a\nquorum g",
    f"log {LOG.public}\nwitness a {PARTNER.witness}\ngroup g 2 a a\nquorum g",
    f"log {LOG.public}\nwitness none {PARTNER.witness}\nquorum none",
    f"log {LOG.public}\nwitness a {PARTNER.witness}\nwitness a {OTHER.witness}\nquorum a",
)


@pytest.mark.parametrize("text", POLICIES)
def test_a_policy_that_can_not_be_understood_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        Policy.parse(text)
    (tmp_path / "policy").write_text(text)
    with pytest.raises(CannotStart, match="--policy"):
        asyncio.run(public_record.trusted("", tmp_path / "policy"))


@pytest.mark.parametrize(
    ("least", "signers", "is_met"),
    [
        ("any", [PARTNER], True),
        ("any", [], False),
        ("1", [OTHER], True),
        ("2", [OTHER], False),
        ("all", [PARTNER, OTHER], True),
        ("all", [PARTNER], False),
    ],
)
def test_a_quorum_counts_each_witness_once(least: str, signers: list[SignerKey], is_met: bool) -> None:
    keys: dict[str, VerifierKey] = {"a": PARTNER.witness, "b": OTHER.witness}
    lines = [f"witness {name} {key}" for name, key in keys.items()]
    policy = Policy.parse("\n".join([f"log {LOG.public}", *lines, f"group g {least} a b", "quorum g # all of it"]))
    text = checkpoint(3).text
    note = checkpoint(3).signed(LOG) + "".join(each.cosigned(text, AT) * 2 for each in signers)

    assert policy.is_met(note) is is_met
    assert not policy.is_met(note.replace("\n3\n", "\n4\n"))
