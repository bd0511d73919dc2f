"""A hand in the files: newsroom.toml and OWNERS ask for less, and Visnyk is started again."""

from __future__ import annotations

from tests.conftest import CHANNEL, OWNER, newsroom_with
from tests.trials.attack.town import STRANGER, Found, Town


async def weaker_files(town: Town, tries: int) -> Found:
    """Each way to ask for less: an editor publishes nothing by it that nobody approved, and nobody becomes an owner."""
    file, owners = town.folder / "newsroom.toml", town.env["OWNERS"]
    text, wrong = file.read_text("utf-8"), list[str]()
    number = await town.drafts()
    ways = (
        (newsroom_with(text, approvals=0, undo="0 s"), owners, [(OWNER, f"/now {number}")]),
        (text, f"{owners} telegram:{STRANGER}", [(STRANGER, f"/urgent {number}")]),
        (text, f"telegram:{STRANGER}", [(STRANGER, f"/urgent {number}")]),
        (newsroom_with(text, groups=[str(CHANNEL)], approve_after="1 s"), owners, [(OWNER, f"/now {number}")]),
    )
    for turn in range(tries):
        out = town.published
        changed, named, said = ways[turn % len(ways)]
        file.write_text(changed, "utf-8")
        town.env = {**town.env, "OWNERS": named}
        await town.stop()
        await town.start()
        for person, words in said:
            await town.telegram(town.update(person, words))
        await town.says("/whoami", expected=str(OWNER))
        if town.published != out or town.rows("SELECT 1 FROM countdown WHERE ended IS NULL"):
            wrong.append("a post")
        if town.rows("SELECT 1 FROM identity WHERE address = ?", f"telegram:{STRANGER}"):
            wrong.append("a seat")
    return Found(tries, tuple(wrong))
