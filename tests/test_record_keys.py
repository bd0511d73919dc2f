"""A record changes its key: what stands of the old one, what the root key vouches for, and never a fork."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import public_record
from bot.errors import CannotStart
from bot.record.checking import Broken, Colour
from bot.record.entries import Act, Entry
from bot.record.keys import Keys, Span, keys_file, keys_in, vouched
from bot.record.notes import SignerKey
from config.settings import Settings, load_settings
from tests.helpers.indoors import a_house
from tests.helpers.recorded import STORY, acts

NAME = "news.example/record"
OLD, NEW, THIRD = (SignerKey(NAME, bytes([number]) * 32) for number in (1, 2, 3))
ROOT, OTHER = (SignerKey("news.example/root", bytes([number]) * 32) for number in (8, 9))
POST = f"{STORY.headline}\n\n{STORY.lead}"


def written(folder: Path, key: SignerKey) -> Path:
    file = folder / f"{key.public.id.hex()}.key"
    file.write_text(key.written)
    return file


def settings_of(folder: Path, key: SignerKey | None = OLD) -> Settings:
    more = {"RECORD_KEY": key.written} if key is not None else {}
    return load_settings(
        {"DATABASE_URL": f"sqlite:///{folder}/visnyk.db", "NEWSROOM": f"{folder}/newsroom.toml", **more}
    )


async def publishes(folder: Path, times: int = 1) -> None:
    async with a_house(folder, desk={}) as house:
        for _ in range(times):
            await acts(house)


def test_each_key_counts_for_the_checkpoints_of_its_time() -> None:
    keys = Keys((Span(OLD.public),)).rotated(NEW.public, 5).rotated(THIRD.public, 9)

    assert [keys.at(size) for size in (0, 5, 6, 9, 99)] == [
        (OLD.public,),
        (OLD.public, NEW.public),
        (NEW.public,),
        (NEW.public, THIRD.public),
        (THIRD.public,),
    ]
    assert keys_in(vouched(keys, ROOT), ROOT.public) == keys
    with pytest.raises(ValueError, match="not signed by that root key"):
        keys_in(vouched(keys, OTHER), ROOT.public)


@pytest.mark.parametrize("key", [OLD, NEW, SignerKey("other.example/record", bytes(32))])
def test_a_key_that_was_or_is_another_records_can_not_follow(key: SignerKey) -> None:
    with pytest.raises(ValueError):
        Keys((Span(OLD.public),)).rotated(NEW.public, 5).rotated(key.public, 9)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["0 - x"],
        [f"1 - {OLD.public}"],
        [f"0 5 {OLD.public}"],
        [f"0 5 {OLD.public}", f"6 - {NEW.public}"],
        [f"0 - {OLD.public}", f"5 - {NEW.public}"],
        [f"0 5 {OLD.public}", f"5 - {ROOT.public}"],
        [f"0 - {OLD.witness}"],
    ],
)
def test_a_list_of_keys_with_a_gap_or_a_stranger_in_it_is_refused(lines: list[str]) -> None:
    with pytest.raises(ValueError):
        Keys.parse("".join(f"{line}\n" for line in (NAME, "keys", *lines)))


async def test_a_new_key_signs_on_and_the_old_one_signs_nothing_more(tmp_path: Path) -> None:
    await publishes(tmp_path)
    proof = await public_record.proof(settings_of(tmp_path), 1, 1)
    await public_record.rotate(settings_of(tmp_path), written(tmp_path, NEW), written(tmp_path, ROOT))
    with pytest.raises(CannotStart, match="RECORD_KEY is not the key that the record has today"):
        await public_record.head(settings_of(tmp_path))
    await publishes(tmp_path)
    site, renewed = tmp_path / "site", settings_of(tmp_path, NEW)
    await public_record.export(renewed, site)

    root = str(ROOT.public)
    assert (await public_record.verify_all(renewed, str(site))).size == 3
    for text, place in ((POST, str(site)), (proof, "")):
        trusted = await public_record.trusted("", None, root, str(site), text)
        assert (await public_record.verify(text, place, trusted)).colour is Colour.GREEN
    with pytest.raises(Broken):
        await public_record.verify(POST, str(site), await public_record.trusted(str(OLD.public)))
    with pytest.raises(Broken, match="not signed by that root key"):
        await public_record.trusted("", None, str(OTHER.public), str(site), POST)
    page = (site / "verify.html").read_text()
    assert f"{OLD.public} 0 1" in page and f">{NEW.public}<" in page


async def test_what_a_thief_signs_later_is_not_believed(tmp_path: Path) -> None:
    await publishes(tmp_path, 2)
    settings = settings_of(tmp_path)
    await public_record.rotate(settings, written(tmp_path, NEW), written(tmp_path, ROOT), until=1)
    await public_record.export(settings_of(tmp_path, NEW), tmp_path / "site")
    keys_file(tmp_path / "visnyk.db").unlink()
    forged = await public_record.proof(settings, 2, 1)

    trusted = await public_record.trusted("", None, str(ROOT.public), str(tmp_path / "site"), forged)
    with pytest.raises(Broken):
        await public_record.verify(forged, "", trusted)


async def test_a_lost_key_is_replaced_by_its_public_half_and_no_other_root_can(tmp_path: Path) -> None:
    await publishes(tmp_path)
    nothing, root = settings_of(tmp_path, None), written(tmp_path, ROOT)
    with pytest.raises(CannotStart, match="Nothing was changed"):
        await public_record.rotate(nothing, written(tmp_path, NEW), root)
    with pytest.raises(CannotStart, match="1 entries"):
        await public_record.rotate(nothing, written(tmp_path, NEW), root, str(OLD.public), until=7)
    keys = await public_record.rotate(nothing, written(tmp_path, NEW), root, str(OLD.public))
    with pytest.raises(CannotStart, match="not signed by that root key"):
        await public_record.rotate(nothing, written(tmp_path, THIRD), written(tmp_path, OTHER))

    assert keys.at(9) == (NEW.public,)
    async with a_house(tmp_path, desk={}) as house:
        (body,) = await house.store.read.record_bodies(1, 9)
    assert (Entry.parse(body).act, Entry.parse(body).note) == (Act.KEY, str(NEW.public))
