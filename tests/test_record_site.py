"""The record as a stranger checks it: its files, its page and its command, and nothing else of ours."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from bot.app import public_record
from bot.app.recording import let_wait
from bot.domain.codes import article_code, code_of
from bot.domain.genuine import LEAST, Verdict, address_of, judge, read, rules
from bot.errors import CannotStart
from bot.newsroom.public_record import withdraw
from bot.record.checking import Broken, Colour, ask, ask_proof, beside, check_all
from bot.record.entries import Act, Document, Entry
from bot.record.merkle import WIDTH, leaf
from bot.record.notes import SignerKey
from bot.record.paging import verifier
from bot.record.shelf import RecordHead, Shelf
from bot.record.signing import Fork, Signer, checkpoint_of, last_signed
from bot.record.site import File, Site
from bot.storage import Queries
from config.settings import load_settings
from tests.conftest import NEWSROOM, Scene, a_scene
from tests.helpers.doors import look
from tests.helpers.indoors import House, a_house
from tests.helpers.recorded import STORY, acts

KEY = SignerKey("news.example/record", bytes(range(32)))
KEYS = [KEY.public]
POST = f"{STORY.headline}\n\n{STORY.lead}"
NODE = shutil.which("node")
DRIVERS = Path(__file__).parent / "data" / "record"


@dataclass
class Published:
    """A house with some articles on record, and the folder to which that was exported."""

    house: House
    site: Site
    signer: Signer
    folder: Path

    async def export(self) -> int:
        return (await public_record.exported(self.site, self.folder, self.signer))[0]

    async def get(self, path: str) -> bytes | None:
        file = self.folder / path
        return file.read_bytes() if file.is_file() else None

    def files(self) -> list[Path]:
        return sorted(file for file in self.folder.rglob("*") if file.is_file())


@pytest.fixture
async def published(tmp_path: Path) -> AsyncIterator[Published]:
    async with a_house(tmp_path) as house:
        signer = Signer(KEY, last_signed(tmp_path / "visnyk.db"))
        site = Site(house.store.read, signer, lambda keys: f"<p>{keys}", "Вісник")
        yield Published(house, site, signer, tmp_path / "site")


async def test_a_record_on_a_site_is_checked_without_us(published: Published) -> None:
    await acts(published.house)
    await acts(published.house, Act.CORRECTED, note="Ми писали 15.")
    await published.export()

    assert (await check_all(published.get, KEYS)).size == 3
    assert json.loads(await published.get(f"codes/{code_of(1)}") or b"") == {"article": 2, "index": 1, "version": 1}
    # The code under a post leads to the newest version of its article, and none to what is not published.
    newest = {"article": 2, "index": 2, "version": 2}
    assert json.loads(await published.get(f"codes/{article_code(2)}") or b"") == newest
    assert await published.site.file(f"codes/{article_code(3)}") is None
    (item,) = json.loads(await published.get("corrections.json") or b"")["items"]
    assert (item["content_text"], item["title"]) == ("Ми писали 15.", STORY.headline)


async def test_the_feed_of_corrections_has_the_newest_first(published: Published) -> None:
    for act in (Act.CORRECTED, Act.TYPO, Act.RETRACTED):
        await acts(published.house, act)
    await published.export()

    items = json.loads(await published.get("corrections.json") or b"")["items"]
    assert [item["tags"] for item in items] == [["retracted"], ["corrected"]]


async def test_an_export_writes_only_what_is_new_and_the_checkpoint_last(published: Published) -> None:
    await acts(published.house)
    await published.export()
    before = {file: file.stat().st_mtime_ns for file in published.files()}
    await acts(published.house)
    await published.export()

    newest = max(published.files(), key=lambda file: file.stat().st_mtime_ns)
    assert newest.name == "checkpoint"
    assert (published.folder / "a/1-1.json").stat().st_mtime_ns == before[published.folder / "a/1-1.json"]
    assert (published.folder / "tile/0/000.p/1").exists()  # somebody may hold the older checkpoint


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        (POST, Colour.GREEN),
        (STORY.lead, Colour.AMBER),
        (POST.replace("12", "15"), Colour.RED),
        (f"{POST}\nhttps://pay.example/x", Colour.RED),
        ("Зовсім інша новина про погоду на вихідні у Львові", Colour.GREY),
        ("", Colour.GREY),
        ("😂" * 4096, Colour.GREY),
        ("مرحبا كيف حالك اليوم يا صديقي", Colour.GREY),
    ],
)
async def test_only_a_text_that_is_proved_equal_is_green(published: Published, text: str, colour: Colour) -> None:
    await acts(published.house)
    await published.export()

    assert (await ask(text, published.get, KEYS)).colour is colour


@pytest.mark.parametrize(
    ("act", "colour"), [(Act.CORRECTED, Colour.AMBER), (Act.CHECKING, Colour.AMBER), (Act.RETRACTED, Colour.RED)]
)
async def test_a_text_that_no_longer_stands_is_never_green(published: Published, act: Act, colour: Colour) -> None:
    await acts(published.house, act)
    await published.export()

    assert (await ask(POST, published.get, KEYS)).colour is colour


async def test_a_proof_tells_ours_from_a_changed_digit_without_any_site(published: Published) -> None:
    proof = str(await _proof(published))

    assert ask_proof(proof, KEYS).colour is Colour.GREEN
    assert ask_proof(proof, KEYS, POST).colour is Colour.GREEN
    assert ask_proof(proof, KEYS, POST.replace("12", "13")).colour is Colour.RED
    for bad in (proof[: len(proof) // 2], proof.replace("index 0", "index 1"), "", proof.replace("extra ", "extra A")):
        with pytest.raises(Broken):
            ask_proof(bad, KEYS)
    with pytest.raises(Broken, match="none of the known keys"):
        ask_proof(proof, [SignerKey(KEY.name, bytes(32)).public])


async def _proof(published: Published) -> str:
    await acts(published.house)
    return str(await published.site.proof(1, 1))


async def test_every_alteration_of_a_file_that_vouches_for_something_is_found(published: Published) -> None:
    for _ in range(3):
        await acts(published.house, Act.CORRECTED)
    await published.export()
    draw, vouching = random.Random(5), [file for file in published.files() if _vouches(published, file)]

    for _ in range(150):
        file = draw.choice(vouching)
        content = file.read_bytes()
        place = draw.randrange(len(content))
        file.write_bytes(content[:place] + bytes([content[place] ^ draw.randrange(1, 256)]) + content[place + 1 :])
        with pytest.raises(Broken):
            await check_all(published.get, KEYS)
        file.write_bytes(content)
    await check_all(published.get, KEYS)


def _vouches(published: Published, file: Path) -> bool:
    """Tiles of an older checkpoint stay, and nobody asks for them; an altered code or sentence only finds nothing."""
    path = str(file.relative_to(published.folder))
    return path == "checkpoint" or path.startswith(("tile/", "a/"))


async def test_two_databases_of_one_backup_never_sign_a_fork(published: Published, tmp_path: Path) -> None:
    await acts(published.house)
    await acts(published.house)
    await published.export()

    # The other one has what was restored, and goes on by itself with the same key.
    (tmp_path / "other").mkdir()
    async with a_house(tmp_path / "other") as other:
        await acts(other)
        signer = Signer(KEY, last_signed(tmp_path / "visnyk.db"))
        with pytest.raises(Fork, match="restored from a backup"):
            await signer.sign(other.store.read)
        await acts(other)
        with pytest.raises(Fork, match="not those that were published"):
            await signer.sign(other.store.read)
        elsewhere = Signer(KEY, tmp_path / "nowhere.checkpoint")
        copy = Site(other.store.read, elsewhere, lambda _keys: "", "")
        with pytest.raises(Fork):
            await public_record.exported(copy, published.folder, elsewhere)


async def test_a_slow_signature_takes_no_longer_record_back(published: Published, tmp_path: Path) -> None:
    await acts(published.house)
    file, signer = last_signed(tmp_path / "visnyk.db"), published.signer

    class Slow:
        """A store that answers when somebody else was given a longer record."""

        record_head = published.house.store.read.record_head

        async def record_hashes(self, level: int, number: int) -> list[bytes]:
            hashes = await published.house.store.read.record_hashes(level, number)
            await acts(published.house)
            await signer.sign(published.house.store.read)
            return hashes

    slow, _ = await signer.sign(cast(Shelf, Slow()))

    known = checkpoint_of(file)
    assert known is not None
    assert (slow.size, known.size) == (1, 2)


class Growing:
    """A store's record that everybody sees grow."""

    def __init__(self) -> None:
        self._leaves: list[bytes] = []

    async def record_head(self) -> RecordHead:
        self._leaves.append(leaf(b"%d" % len(self._leaves)))
        return RecordHead(len(self._leaves), 0, 0, 0)

    async def record_hashes(self, level: int, number: int) -> list[bytes]:
        return self._leaves[number * WIDTH : (number + 1) * WIDTH] if level == 0 else []


async def test_a_command_beside_the_server_never_takes_the_last_checkpoint_back(tmp_path: Path) -> None:
    file, shelf = last_signed(tmp_path / "visnyk.db"), cast(Shelf, Growing())

    def sign() -> list[int]:
        """Sign as a process of its own does; return what was behind right after that."""
        signer, late = Signer(KEY, file), []
        for _ in range(60):
            checkpoint, note = asyncio.run(signer.sign(shelf))
            signer.cosign(note, "")
            known, cosigned = checkpoint_of(file), checkpoint_of(file.with_suffix(".cosigned"))
            assert known is not None and cosigned is not None
            late += [checkpoint.size] if min(known.size, cosigned.size) < checkpoint.size else []
        return late

    assert not any(await asyncio.gather(asyncio.to_thread(sign), asyncio.to_thread(sign)))
    known = checkpoint_of(file)
    assert known is not None and known.size == (await shelf.record_head()).size - 1


async def test_two_exports_never_write_into_one_folder_at_once(published: Published) -> None:
    await acts(published.house)

    async def in_the_middle(path: str) -> File | None:
        with pytest.raises(CannotStart, match="Another export is writing"):
            await public_record.exported(published.site, published.folder, published.signer)
        return await Site.file(published.site, path)

    slow = Site(published.house.store.read, published.signer, lambda keys: f"<p>{keys}", "Вісник")
    slow.file = in_the_middle  # type: ignore[method-assign]
    assert (await public_record.exported(slow, published.folder, published.signer))[1] == 1
    assert (await check_all(published.get, KEYS)).size == 1


async def test_a_checkpoint_file_that_is_damaged_signs_nothing(published: Published, tmp_path: Path) -> None:
    await acts(published.house)
    last_signed(tmp_path / "visnyk.db").write_text("news.example/record\nfive\n")

    with pytest.raises(Fork, match="Nothing is signed"):
        await published.site.checkpoint()


async def test_a_text_withdrawn_by_law_goes_from_the_site_and_the_rest_is_whole(published: Published) -> None:
    await acts(published.house)
    await acts(published.house)
    await published.export()
    await published.house.store.write(lambda tx: _withdraw(published.house, tx))
    await published.export()

    assert await published.get("a/1-1.json") is None
    assert await published.get("a/2-1.json") is not None
    assert (await check_all(published.get, KEYS)).size == 3
    assert not any(b'"1-1"' in file.read_bytes() for file in published.files())


async def _withdraw(house: House, tx: Queries) -> None:
    await withdraw(tx, 1, house.clock())


# The operator's commands


def settings_of(folder: Path, **more: str):  # type: ignore[no-untyped-def]
    return load_settings(
        {"DATABASE_URL": f"sqlite:///{folder}/visnyk.db", "NEWSROOM": f"{folder}/newsroom.toml", **more}
    )


async def test_a_key_is_made_once_for_its_owner_alone_and_signs(tmp_path: Path) -> None:
    file = tmp_path / "record.key"
    public = public_record.make_key("news.example/record", file)

    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CannotStart, match="never overwritten"):
        public_record.make_key("news.example/record", file)
    with pytest.raises(CannotStart, match="record's name"):
        public_record.make_key("two words", tmp_path / "other.key")
    assert public_record.public_key(settings_of(tmp_path, RECORD_KEY_FILE=str(file))) == public
    with pytest.raises(CannotStart, match="no RECORD_KEY"):
        public_record.public_key(settings_of(tmp_path))


async def test_what_was_published_after_a_backup_is_brought_back_from_the_site(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, RECORD_KEY=KEY.written)
    async with a_house(tmp_path) as house:
        await acts(house)
        await asyncio.to_thread(shutil.copyfile, tmp_path / "visnyk.db", tmp_path / "backup.db")
        backup = await house.store.read.record_bodies(0, 1)
        await acts(house)
        bodies = await house.store.read.record_bodies(0, 9)
    await public_record.export(settings, tmp_path / "site")
    (tmp_path / "visnyk.db").unlink()
    for end in ("-wal", "-shm"):
        (tmp_path / f"visnyk.db{end}").unlink(missing_ok=True)
    async with a_house(tmp_path) as house:
        for body in backup:
            await house.store.write(lambda tx, body=body: tx.put_on_record(Entry.parse(body)))  # type: ignore[misc]
        await let_wait(house.store, tmp_path / "visnyk.db")
        await acts(house)
        assert (await house.store.read.record_head()).size == 1
    with pytest.raises(CannotStart, match="visnyk record recover"):
        await public_record.head(settings)

    assert await public_record.recover(settings, str(tmp_path / "site")) == (1, 1)
    async with a_house(tmp_path, desk={}) as house:
        assert (await house.store.read.record_bodies(0, 9))[:2] == bodies
    await public_record.export(settings, tmp_path / "site")


async def test_a_publication_that_the_audit_log_has_and_the_record_has_not_is_found(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, RECORD_KEY=KEY.written)
    async with a_house(tmp_path) as house:
        number = await acts(house)

        async def note(index: int | None) -> None:
            detail = {"version": 1, "recorded": index}
            await house.store.write(
                lambda tx: tx.record("system", "article.published", f"article:{number}", detail, house.clock())
            )

        for index in (0, None):
            await note(index)
        assert (await public_record.verify_all(settings, "")).size == 1
        await note(1)
        with pytest.raises(Broken, match="#1 is entry 1 of the record"):
            await public_record.verify_all(settings, "")


# At our doors


OFFICIAL = """
[[official]]
platform = "telegram"
id = "-1009876543210"
name = "visnyk_podcast"
title = "Вісник <слухати>"
"""


async def test_the_page_and_trust_txt_tell_which_accounts_are_ours(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(NEWSROOM + OFFICIAL, encoding="utf-8")
    async with a_scene(tmp_path, RECORD_KEY=KEY.written) as scene:
        _, page = await look(scene, "/.well-known/visnyk/verify.html")
        _, trust = await look(scene, "/trust.txt")
        own = [each for each in scene.app.newsroom.accounts if each.id or each.name]

    title, link = "Вісник &lt;слухати&gt;", "https://t.me/visnyk_podcast"
    line = f'<a href="{link}" rel="noopener">{title}</a> · @visnyk_podcast · -1009876543210'
    assert f"<li>Telegram: {line}</li>" in page
    assert len(own) > 1 and all((each.id or each.name) in page for each in own)
    assert f"social={link}\n" in trust and "social=https://t.me/visnyk_news\n" in trust
    assert trust.endswith("/.well-known/visnyk/verify.html\n")


async def test_the_record_is_served_as_it_is_exported(tmp_path: Path) -> None:
    async with a_scene(tmp_path, RECORD_KEY=KEY.written, PUBLIC_URL="") as scene:
        await _publish(scene)
        for path, kind in {
            "checkpoint": "news.example/record\n1\n",
            "key": str(KEY.public),
            "verify.html": "tlog-proof",
        }.items():
            status, text = await look(scene, f"/.well-known/visnyk/{path}")
            assert (status, kind in text) == (200, True)
        assert (await look(scene, f"/v/{code_of(0)}"))[0] == 200
        for path in ("/.well-known/visnyk/tile/0/000.p/2", "/.well-known/visnyk/a/2-1.json", "/v/XXXXXX",
                     "/.well-known/visnyk/../../etc/passwd", "/.well-known/visnyk/s/zzz.json"):  # fmt: skip
            assert (await look(scene, path))[0] == 404
        assert "social=https://t.me/visnyk_news" in (await look(scene, "/trust.txt"))[1]


async def test_without_a_key_every_path_says_that_there_is_no_record_yet(scene: Scene) -> None:
    for path in ("/.well-known/visnyk/checkpoint", "/.well-known/visnyk/", "/trust.txt", "/.well-known/trust.txt",
                 f"/v/{code_of(0)}", "/v/nothing"):  # fmt: skip
        assert await look(scene, path) == (404, "This newsroom keeps no public record yet.\n")


async def _publish(scene: Scene) -> None:
    await scene.says(f"/queue {POST}", "#1")
    await scene.says("/now 1", "#1")
    await scene.until(lambda: len(scene.channel()) == 1)


# The page's own code, in Node


def in_node(folder: Path, driver: str, **given: object) -> list[str]:
    """Run a driver with the page's own code before it; the lines that it says."""
    script, told = folder / driver, folder / "given.json"
    lines = ('import { readFileSync } from "node:fs";', verifier(), (DRIVERS / driver).read_text("utf-8"))
    script.write_text("\n".join(lines), "utf-8")
    told.write_text(json.dumps({"rules": rules(), **given}), "utf-8")
    done = subprocess.run([NODE or "node", script, told], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


VECTORS = (
    *(
        "",
        " ",
        "1,000 і 1.000 та 1,5",
        "−5 % or -5",
        "Сula cпиcoк Москва",
        "пів'яблука пів’яблука з-під з‑під",
        "½ ① Ⅳ",
    ),
    *(
        "сло́во и\u0306",
        "✅ Підтверджено. ⚠️ Ні?! «Так» “yes”",
        "straße ΣΊΣΥΦΟΣ ﬁn",
        "12 345 678,5 грн. 10:30 28.11.2026",
    ),
    *(
        "https://A.example/x?y=1, далі t.me/visnyk @visnyk_news a@b.example",
        "$100 €5 ± 3° №5",
        "مرحبا كيف حالك",
        "😂👨‍👩‍👧",
    ),
    "https://t.me/Visnyk_News/5?single www.A.example./ http://me:pw@b.example:8080/x/ telegram.me/A_b https://вісник.укр/Я",
    "слово " * 4_001,
    "Перше речення тут стоїть. Друге речення теж тут! Третє? Ні.\nП'ять шість сім вісім…",
    POST,
)


def vector(text: str) -> dict[str, object]:
    found = read(text)
    return {
        "text": text,
        "words": [[word.key, word.plain] for word in found.words],
        "gaps": found.gaps,
        "links": found.links,
        "addresses": list(map(address_of, found.links)),
        "sentences": found.phrases(),
        "whole": found.whole,
    }


@pytest.mark.skipif(NODE is None, reason="there is no Node on this machine")
def test_the_page_reads_texts_as_the_bot_does(tmp_path: Path) -> None:
    draw, alphabet = random.Random(11), "абвіїєґaceopxyαε 019.,!?«»'’-−%\u00a0\u200b\n:/ЖÉß@_#$"
    mixed = ["".join(draw.choice(alphabet) for _ in range(draw.randrange(3, 40))) for _ in range(200)]
    vectors = [vector(text) for text in (*VECTORS, *mixed)]

    assert in_node(tmp_path, "reading.mjs", vectors=vectors) == [f"{len(vectors)} 0"]


LONG = f"{POST} Рух тролейбусів там не зміниться. За новим графіком вони ходитимуть кожні вісім хвилин."
FORGED = "Запасайтеся готівкою, завтра банки вже не відкриються."
SIGNED = f"{LONG}\n\nЛише перевірена інформація"
BESIDE: Mapping[str, Colour] = {
    LONG: Colour.GREEN,
    SIGNED: Colour.GREEN,
    f"«{LONG[:-1]}»": Colour.GREEN,
    f"{LONG}\n@visnyk_news t.me/Visnyk_News http://telegram.me/visnyk_news/": Colour.GREEN,
    LONG.replace(",", ""): Colour.AMBER,
    LONG.replace("мостом", "мостом?"): Colour.AMBER,
    LONG.replace("зміниться.", "зміниться"): Colour.AMBER,
    LONG.replace("і 12", "i 12"): Colour.AMBER,
    LONG.replace(" Рух тролейбусів там не зміниться.", ""): Colour.AMBER,
    POST: Colour.AMBER,
    "поїдуть новим мостом": Colour.AMBER,
    # What is cut off because it is too long must not be taken for nothing.
    f"{LONG}{'🔹' * 20_000}{FORGED}": Colour.AMBER,
    LONG.replace("кожні вісім ", ""): Colour.RED,
    LONG.replace("12", "15"): Colour.RED,
    f"{FORGED} {LONG}": Colour.RED,
    f"{LONG}\nhttps://t.me/visnyk_news5": Colour.RED,
    f"{LONG}\nhttps://t.me@evil.example/visnyk_news": Colour.RED,
    f"{POST.partition('міська')[0]} {FORGED} {FORGED.upper()}": Colour.GREY,
    FORGED: Colour.GREY,
    "": Colour.GREY,
}
STANDINGS = {
    (): "sound",
    (Act.TYPO,): "newer",
    (Act.UPDATED,): "newer",
    (Act.CHECKING,): "checking",
    (Act.CHECKING, Act.RESTORED): "newer",
    (Act.CHECKING, Act.CORRECTED): "corrected",
    (Act.CORRECTED, Act.TYPO): "corrected",
    (Act.UPDATED, Act.RETRACTED): "retracted",
}


@pytest.mark.skipif(NODE is None, reason="there is no Node on this machine")
def test_the_page_and_the_command_give_one_answer(tmp_path: Path) -> None:
    document = Document(
        1, 1, "uk", STORY.headline, LONG, links=("t.me/visnyk_news",),
        furniture=("Лише перевірена інформація",), texts={"full": LONG},
    )  # fmt: skip
    first = Entry(Act.PUBLISHED, 1, 1, 1, "ab" * 32)
    histories = [[first, *(Entry(act, 1 + n, 1, 1 + n) for n, act in enumerate(acts, 1))] for acts in STANDINGS]
    told = in_node(
        tmp_path,
        "comparing.mjs",
        document=json.loads(document.body),
        entry=json.loads(first.body),
        asked=list(BESIDE),
        entries=[[json.loads(each.body) for each in history] for history in histories],
    )

    assert [beside(text, document, first, [first]).colour for text in BESIDE] == list(BESIDE.values())
    assert told[: len(BESIDE)] == [colour.name.lower() for colour in BESIDE.values()]
    assert told[len(BESIDE) :] == list(STANDINGS.values())


#: Reports of one template: each is ours, and none is another one altered.
ROUTINES = (
    """Суми: за добу 128 викликів

Служби міста Суми прийняли 128 викликів, з них 17 термінових.

Постраждали 5 осіб, рух обмежено на 5 вулицях. Температура 3 градуси, вітер до 12 м/с.""",
    """Суми: за добу 97 викликів

Служби міста Суми прийняли 97 викликів, з них 21 терміновий.

Постраждали 2 особи, рух обмежено на 8 вулицях. Температура 6 градусів, вітер до 4 м/с.""",
    """Курс валют на 27 листопада: долар 41,20, євро 43,75. Нацбанк встановив офіційний курс гривні на п'ятницю.""",
    """Курс валют на 28 листопада: долар 41,35, євро 43,60. Нацбанк встановив офіційний курс гривні на суботу.""",
    f"{LONG} На мосту 4 смуги, а під ним дві доріжки. «Ми чекали цього 12 років», – сказав мер міста!",
)


def altered(draw: random.Random, text: str) -> str:
    """Return a text with a few of its words, signs or lines changed, put in, moved or left out."""
    words = text.split(" ")
    for _ in range(draw.choice((0, 1, 1, 2, 4, 9))):
        at = draw.randrange(len(words))
        match draw.randrange(5):
            case 0:
                words[at] = draw.choice(("Ромни", "228", "не", "Полтава.", "–5", "?"))
            case 1:
                words.insert(at, draw.choice((f"{FORGED} ", "не", "слово слово слово", words[-1], words[0])))
            case 2:
                del words[at : at + draw.choice((1, 1, 3, 12))]
            case 3:
                words[at] = words[at].translate(str.maketrans("аеосі", "aeoci")).rstrip(".,")
            case _:
                words = words[at:] if draw.random() < 0.5 else words[: at + 1]
        words = words or ["так"]
    return " ".join(words)


@pytest.mark.skipif(NODE is None, reason="there is no Node on this machine")
def test_the_page_judges_each_text_as_the_bot_does(tmp_path: Path) -> None:
    draw = random.Random(7)
    asked = [(theirs, ours) for theirs in ROUTINES for ours in ROUTINES]
    asked += [(LONG.replace(" Рух тролейбусів там не зміниться.", ""), LONG)]
    asked += [(altered(draw, draw.choice(ROUTINES)), draw.choice(ROUTINES)) for _ in range(200)]
    asked += [(altered(draw, each), each) for each in (draw.choice(ROUTINES) for _ in range(200))]

    told = [json.loads(line) for line in in_node(tmp_path, "judging.mjs", asked=asked)]
    for (theirs, ours), said in zip(asked, told, strict=True):
        judged = judge(read(theirs), read(ours))
        # A text of fewer words stands anywhere; the bot says so of its answer, the page of its verdict.
        is_short = judged.verdict is Verdict.SAME and len(read(theirs).words) < LEAST
        verdict = Verdict.EXCERPT if is_short else judged.verdict
        share, places = round(judged.share, 9), len(judged.differences)
        if verdict is Verdict.UNKNOWN:
            assert said[0] == verdict, (theirs, ours)
        elif verdict.is_unbroken:
            assert said[:2] == [verdict, 1], (theirs, ours)
        else:
            assert [said[0], round(said[1], 9), said[2]] == [verdict, share, places], (theirs, ours)
    assert {said[0] for said in told} == set(Verdict)
    assert told[1][0] == told[len(ROUTINES) * 2 + 3][0] == Verdict.RETOLD


@pytest.mark.skipif(NODE is None, reason="there is no Node on this machine")
async def test_the_page_tells_a_genuine_post_from_one_with_a_changed_digit(
    published: Published, tmp_path: Path
) -> None:
    await acts(published.house)
    for _ in range(300):
        await published.house.store.write(lambda tx: tx.put_on_record(Entry(Act.CHANNEL, 1)))
    proof, stranger = str(await published.site.proof(1, 1)), SignerKey(KEY.name, bytes(32))
    await published.export()
    asked = [
        *(
            [str(KEY.public), "askedText", text]
            for text in (POST, POST.replace("12", "15"), STORY.lead, "Погода у Львові")
        ),
        *([str(KEY.public), "askedProof", text] for text in (proof, proof[:200])),
        [str(KEY.public), "askedCode", code_of(0)],
        [str(KEY.public), "askedCode", article_code(1)],
        [str(stranger.public), "askedText", POST],
    ]
    note = (published.folder / "checkpoint").read_text("utf-8")

    same, altered, part, other, proved, cut, door, under, unsigned, by_hand = in_node(
        tmp_path, "asking.mjs", site=str(published.folder), asked=asked, note=note
    )
    assert same.startswith("same green")
    assert altered.startswith("altered red") and '"theirs":"15","ours":"12"' in altered
    assert part.startswith("excerpt amber")
    assert other.startswith("unknown grey")
    assert proved.startswith("proved green")
    assert cut.startswith("refused")
    assert door.startswith("door grey") and under == door
    assert unsigned == "refused key"
    assert by_hand == "true false false"
