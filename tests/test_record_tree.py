"""The record's tree, tiles, notes and proofs: against the plain definition, known vectors and every kind of damage."""

from __future__ import annotations

import base64
import random
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.codes import LETTERS, code_of, index_of
from bot.record.checkpoint import Checkpoint, Proof, checkpoint_in
from bot.record.entries import Act, Document, Entry, canonical, commitment, tells_of
from bot.record.merkle import (
    SIZE,
    WIDTH,
    NotWhole,
    Tree,
    computed,
    is_consistent,
    is_included,
    leaf,
    root_of,
)
from bot.record.notes import SignerKey, Unsigned, VerifierKey, opened
from bot.record.tiles import Tile, bundled, spelt, tiles_of, unbundled

BODIES = [b"entry %d" % number for number in range(700)]
HASHES = [leaf(body) for body in BODIES]
KEY = SignerKey("news.example/record", bytes(range(32)))
OTHER = SignerKey("news.example/record", bytes(32))
#: Sizes around the edges of tiles.
SIZES = (1, 2, 3, 7, 8, 255, 256, 257, 300, 511, 512, 513, 700)
#: Roots of the first entries of the test of Certificate Transparency (RFC 6962 implementations share these vectors).
CT_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def hashes_of(size: int) -> dict[tuple[int, int], bytes]:
    """The tiles of the first entries, by the plain definition."""
    levels, found = {0: HASHES[:size]}, {}
    while len(levels[max(levels)]) >= WIDTH:
        below = levels[max(levels)]
        full = len(below) // WIDTH
        levels[max(levels) + 1] = [root_of(below[at * WIDTH : (at + 1) * WIDTH]) for at in range(full)]
    for level, hashes in levels.items():
        for number in range((len(hashes) + WIDTH - 1) // WIDTH):
            found[level, number] = b"".join(hashes[number * WIDTH : (number + 1) * WIDTH])
    return found


def tree(size: int) -> Tree:
    return Tree(size, hashes_of(size))


@pytest.mark.parametrize("size", CT_ROOTS)
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert root_of([leaf(bytes.fromhex(each)) for each in CT_LEAVES[:size]]).hex() == CT_ROOTS[size]


@pytest.mark.parametrize("size", SIZES)
def test_tiles_alone_give_the_root_of_the_plain_definition(size: int) -> None:
    assert tree(size).root() == root_of(HASHES[:size])
    # A reader of an older checkpoint may have the tiles of a longer record.
    assert Tree(size, hashes_of(700)).root() == root_of(HASHES[:size])


@pytest.mark.parametrize("size", SIZES)
def test_each_entry_is_proved_and_no_other(size: int) -> None:
    root = root_of(HASHES[:size])
    for index in {0, size // 3, size // 2, size - 1}:
        proof = tree(size).inclusion(index)

        assert is_included(BODIES[index], index, size, proof, root)
        assert not is_included(BODIES[index] + b" ", index, size, proof, root)
        assert not is_included(BODIES[index], size, size, proof, root)
        assert not is_included(BODIES[index], index, size, [*proof, root], root)
        if size > 1:
            assert not is_included(BODIES[index], (index + 1) % size, size, proof, root)
            assert not is_included(BODIES[index], index, size, proof[:-1], root)


@given(st.sampled_from(SIZES), st.data())
def test_an_earlier_record_is_proved_to_be_the_beginning(size: int, data: st.DataObject) -> None:
    earlier = data.draw(st.integers(0, size))
    before, root = root_of(HASHES[:earlier]), root_of(HASHES[:size])
    proof = tree(size).consistency(earlier)

    assert is_consistent(earlier, size, before, root, proof)
    if 0 < earlier < size:
        assert not is_consistent(earlier, size, leaf(before), root, proof)
        assert not is_consistent(earlier, size, before, leaf(root), proof)
        assert not is_consistent(earlier, size, before, root, proof[:-1])
        assert not is_consistent(size, earlier, root, before, proof)


async def test_a_proof_fetches_no_more_tiles_than_it_needs() -> None:
    asked = []

    async def fetch(level: int, number: int) -> bytes:
        asked.append((level, number))
        return hashes_of(700)[level, number]

    assert await computed(700, fetch, lambda found: found.inclusion(3)) == tree(700).inclusion(3)
    assert sorted(asked) == [(0, 0), (0, 2), (1, 0)]


def test_a_short_tile_is_no_proof() -> None:
    tiles = hashes_of(300)
    tiles[0, 1] = tiles[0, 1][:-1]

    with pytest.raises(NotWhole):
        Tree(300, tiles).root()


@pytest.mark.parametrize(("number", "path"), [(0, "000"), (67, "067"), (1234067, "x001/x234/067"), (1000, "x001/000")])
def test_a_tiles_number_is_spelt_in_groups_of_three(number: int, path: str) -> None:
    assert spelt(number) == path
    for tile in (Tile(2, number), Tile(None, number, 7)):
        assert Tile.parse(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/1",
        "tile/0/0000",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/x000/001",
        "tile/00/000",
        "tile/-1/000",
        "tile/0/000/",
        "tile/0/../000",
        "a/1-1.json",
    ],
)
def test_a_path_in_another_spelling_is_no_tile(path: str) -> None:
    assert Tile.parse(path) is None


def test_a_longer_record_writes_only_what_is_new() -> None:
    assert [tile.path for tile in tiles_of(2)] == ["tile/0/000.p/2", "tile/entries/000.p/2"]
    assert [tile.path for tile in tiles_of(257, 256)] == ["tile/0/001.p/1", "tile/entries/001.p/1", "tile/1/000.p/1"]
    assert {tile.path for tile in tiles_of(256, 255)} == {"tile/0/000", "tile/entries/000", "tile/1/000.p/1"}
    assert list(tiles_of(300, 300)) == [Tile(0, 1, 44), Tile(None, 1, 44), Tile(1, 0, 1)]


@given(st.lists(st.binary(max_size=300)))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert unbundled(bundled(entries)) == entries


@pytest.mark.parametrize("cut", [b"\x00", b"\x00\x05abc"])
def test_a_bundle_that_is_cut_is_refused(cut: bytes) -> None:
    with pytest.raises(ValueError, match="cut"):
        unbundled(cut)


def test_a_note_of_the_reference_implementation_is_verified() -> None:
    """From the documentation of golang.org/x/mod/sumdb/note."""
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = (
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )

    assert opened(f"{text}\n{line}", [key]).signers == {key}
    assert str(key) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_keys_are_read_as_they_are_written_and_a_secret_is_in_no_repr() -> None:
    assert SignerKey.parse(KEY.written) == KEY
    assert VerifierKey.parse(str(KEY.public)) == KEY.public
    assert KEY.written not in repr(KEY) and KEY.seed.hex() not in repr(KEY)
    for bad in ("", "x", KEY.written[:-3], KEY.written.replace("news", "mews"), str(KEY.public)):
        with pytest.raises(ValueError, match="key"):
            SignerKey.parse(bad)
    for bad in ("", "x+y+z", str(KEY.public)[:-3], str(KEY.public).replace("news", "mews"), KEY.written):
        with pytest.raises(ValueError, match="key"):
            VerifierKey.parse(bad)


def test_a_witness_is_known_by_its_cosignature() -> None:
    witness = SignerKey("witness.example/one", bytes([7]) * 32)
    cosigner = VerifierKey(witness.name, witness.public.public, 4)
    checkpoint = Checkpoint(KEY.name, 3, root_of(HASHES[:3]))
    note = checkpoint.signed(KEY) + witness.cosigned(checkpoint.text, 1_764_230_000)

    assert opened(note, [KEY.public, cosigner]).signers == {KEY.public, cosigner}
    assert opened(note, [KEY.public]).signers == {KEY.public}
    # A witness alone vouches for no record: the checkpoint must be signed in its own name.
    with pytest.raises(ValueError, match="another record"):
        checkpoint_in(note, [cosigner])


def test_no_changed_letter_of_a_checkpoint_is_taken_for_ours() -> None:
    checkpoint = Checkpoint(KEY.name, 700, root_of(HASHES))
    note, draw = checkpoint.signed(KEY), random.Random(1)
    assert checkpoint_in(note, [KEY.public]) == checkpoint

    wrong = 0
    for _ in range(2_000):
        place = draw.randrange(len(note))
        changed = note[:place] + chr(draw.choice((10, *range(32, 127)))) + note[place + 1 :]
        with suppress(ValueError, Unsigned):
            wrong += checkpoint_in(changed, [KEY.public]) != checkpoint
    assert wrong == 0


def test_a_checkpoint_of_another_key_or_record_is_refused() -> None:
    checkpoint = Checkpoint(KEY.name, 1, root_of(HASHES[:1]))
    with pytest.raises(Unsigned):
        checkpoint_in(checkpoint.signed(OTHER), [KEY.public])
    with pytest.raises(ValueError, match="another record"):
        checkpoint_in(Checkpoint("else.example", 1, root_of(HASHES[:1])).signed(KEY), [KEY.public])


def a_proof(index: int = 5, size: int = 300) -> Proof:
    note = Checkpoint(KEY.name, size, root_of(HASHES[:size])).signed(KEY)
    return Proof(index, tuple(tree(size).inclusion(index)), note, b"beside it")


def test_a_proof_needs_nothing_but_the_key() -> None:
    proof = Proof.parse(str(a_proof()))

    assert proof == a_proof()
    assert proof.proves(BODIES[5], [KEY.public]).size == 300
    # Mail and chats end lines in their own way.
    assert Proof.parse(f"\n{a_proof()}\n".replace("\n", "\r\n")).proves(BODIES[5], [KEY.public])
    with pytest.raises(ValueError, match="not in the record"):
        proof.proves(BODIES[6], [KEY.public])
    with pytest.raises(Unsigned):
        proof.proves(BODIES[5], [OTHER.public])


def test_a_proof_that_is_cut_anywhere_proves_nothing() -> None:
    text = str(a_proof())
    for length in range(0, len(text) - 1, 3):
        with pytest.raises((ValueError, Unsigned)):
            Proof.parse(text[:length]).proves(BODIES[5], [KEY.public])


ENTRY = Entry(Act.CORRECTED, 1_764_244_300_000, 12, 2, "ab" * 32, "cd" * 32, ("sha256:" + "ef" * 32,), "Ми писали: 15.")


def test_an_entry_is_small_canonical_and_read_back() -> None:
    assert Entry.parse(ENTRY.body) == ENTRY
    assert ENTRY.body.startswith(b'{"act":"corrected","article":12,"at":1764244300000,"before":"cdcd')
    assert len(Entry(Act.PUBLISHED, 1_764_244_300_000, 12, 1, "ab" * 32).body) <= 260
    assert len(Entry(Act.RETRACTED, 1_764_244_300_000, 2**40, 99, "ab" * 32, "cd" * 32, note="і" * 5000).body) <= 1_000
    for other in (b"", b"[]", b"{}", b'{"act":"eaten","at":1,"v":1}', ENTRY.body + b" ", b"\xff"):
        with pytest.raises(ValueError, match=r"."):
            Entry.parse(other)


@pytest.mark.parametrize("act", list(Act))
def test_the_act_of_an_entry_is_told_without_reading_it(act: Act) -> None:
    body = Entry(act, 1, 12, 2, note='"act":"corrected"').body

    assert [each for each in Act if tells_of(body, [each])] == [act]


def test_what_two_languages_would_write_differently_is_refused() -> None:
    assert canonical({"b": "й", "a": [1, True, None]}) == '{"a":[1,true,null],"b":"й"}'.encode()
    for value in (1.0, 2**53, {"a": [0.5]}):
        with pytest.raises(ValueError, match="not for the record"):
            canonical(value)


DOCUMENT = Document(
    12,
    2,
    "uk",
    "Міст відкрили",
    "Рух відновили.",
    "confirmed",
    ("ОВА",),
    ("e.org",),
    ("Вісник",),
    (),
    {"main": "Міст…"},
)


def test_a_document_is_bound_by_its_salt_and_tells_nothing_without_it() -> None:
    assert Document.parse(DOCUMENT.body) == DOCUMENT
    bound = commitment(bytes(32), DOCUMENT.body)

    assert bound != commitment(bytes([1] * 32), DOCUMENT.body)
    assert bound != commitment(bytes(32), DOCUMENT.body + b" ")
    with pytest.raises(ValueError, match="document"):
        Document.parse(b"[]")


@given(st.integers(0, 32**7 - 1))
def test_a_code_opens_its_entry_however_it_is_typed(index: int) -> None:
    code = code_of(index)

    assert 6 <= len(code) <= 8
    assert index_of(f" {code.lower()[:3]}-{code[3:]} ") == index
    assert index_of(code.replace("1", "l").replace("0", "o")) == index


@given(st.integers(0, 32**5 - 1), st.integers(0, 4), st.sampled_from(LETTERS))
def test_a_wrong_letter_of_a_code_opens_nothing(index: int, place: int, letter: str) -> None:
    code = code_of(index)
    assume(letter != code[place] and {letter, code[place]} != {"0", "Z"})

    assert index_of(code[:place] + letter + code[place + 1 :]) is None


@given(st.integers(0, 32**5 - 1), st.integers(0, 3))
def test_two_letters_of_a_code_that_changed_places_open_nothing(index: int, place: int) -> None:
    code = code_of(index)
    one, other = code[place], code[place + 1]
    assume(one != other and {one, other} != {"0", "Z"})

    assert index_of(code[:place] + other + one + code[place + 2 :]) is None


@pytest.mark.parametrize("typed", ["", "7", "7F3K9", "7F3K9Q7F3K9Q", "ЖЖЖЖЖЖ", "7F3K!Q"])
def test_what_is_no_code_opens_nothing(typed: str) -> None:
    assert index_of(typed) is None


def test_hashes_of_a_proof_have_32_bytes() -> None:
    short = str(a_proof()).replace(base64.b64encode(a_proof().hashes[0]).decode(), base64.b64encode(b"x" * 31).decode())

    assert SIZE == 32
    with pytest.raises(ValueError, match="cut"):
        Proof.parse(short)
