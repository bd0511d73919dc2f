"""What the desk is told of addresses, in each language and on both platforms."""

from __future__ import annotations

from tests.dialogues.conftest import Chat
from tests.helpers.crowd import rows
from tests.trials.intake_pages import PAGES

FETCHING = "🔎 Fetching the page from {site}. The draft comes here in a moment."
TAKEN = "Taken from {site}: {parts}."
TITLED = (
    "<title>Міст через річку відкрили на місяць раніше</title><p>Перші автомобілі проїхали новим мостом о шостій "
    "ранку, рух поки що однією смугою.</p>"
    "<p>Другу смугу відкриють, коли висохне розмітка, тобто не раніше від п'ятниці.</p>"
)
#: What stands at an address, its type, and what is said of it.
NO_ARTICLES = (
    (b"%PDF-1.7", "application/pdf", "At this address is a PDF. Open it and paste its text here."),
    (b"a", "text/html", "There is no article on this page. Send the article's own address, or paste the text."),
    (b"<input type=password>", "text/html",
     "The page asks to log in, so its text can't be read from here. Paste the text itself."),
    (b"\xff\xd8\xff", "image/jpeg",
     "At this address is no page but a file. Paste the text, and send a picture as a photo."),
    (bytes(2_200_000), "text/html", "The page is larger than {mb} MB. Paste the text itself."),
)  # fmt: skip
PARTS = {
    ("08-next", "Дніпро сьогодні"): ("its preview for social networks", "its scripts", "lead", "picture"),
    ("10-linked-data", "Умань 24"): ("its heading", "its data for search engines", "headline", "text"),
    ("14-longread", "Репортаж"): ("what readers see",),
}


async def test_each_reason_says_what_to_do_and_leaves_nothing_behind(desk: Chat) -> None:
    internet = desk.scene.sandbox.internet
    for number, (content, kind, sentence) in enumerate(NO_ARTICLES):
        url = f"https://site{number}.example/a"
        internet.put(url, content, kind=kind)
        await desk.asks(url, FETCHING)
        await desk.sees(sentence)
    await desk.asks("https://nobody.example/a", FETCHING)
    await desk.sees("The site answers {detail} instead of the page. Check the address, or paste the text.")
    internet.put("https://round.example/a", to="https://round.example/a")
    await desk.asks("https://round.example/a", FETCHING)
    await desk.sees("The site doesn't answer. Try again in a minute, or paste the text itself.")
    await desk.asks("http://10.0.0.1/a", FETCHING)
    await desk.sees("This address is not one of the public web: nothing was fetched. Paste the text itself.")

    assert await rows(desk.scene, "SELECT 1 FROM lookup UNION ALL SELECT 1 FROM article") == []


async def test_the_card_says_where_each_part_of_a_page_came_from(desk: Chat) -> None:
    internet = desk.scene.sandbox.internet
    for (name, site), parts in PARTS.items():
        url = f"https://{name}.example/a"
        internet.put(url, (PAGES / f"{name}.html").read_bytes(), kind="text/html")
        await desk.asks(url, FETCHING)
        card = await desk.sees(TAKEN, site=site)
        assert [part for part in parts if not desk.reads(card, part)] == []
    internet.put("https://old.example/a", TITLED.encode(), kind="text/html")
    await desk.asks("https://old.example/a", FETCHING)

    assert desk.reads(await desk.sees(TAKEN, site="old.example"), "its title")
