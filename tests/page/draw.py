"""Draws the sample articles' pictures from their sources: platforms take no SVG. `python -m tests.page.draw`"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.page.browser import chromium

SOURCES = Path(__file__).parent / "pictures"
TARGET = Path(__file__).parents[2] / "bot/demo/articles"


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 960, "height": 540})
        for source in sorted(SOURCES.glob("*.svg")):
            page.set_content(f"<style>body{{margin:0}}svg{{width:100vw;height:100vh}}</style>{source.read_text()}")
            target = TARGET / f"{source.stem}.jpg"
            target.write_bytes(page.screenshot(type="jpeg", quality=82))
            print(target.name, target.stat().st_size)
        browser.close()


if __name__ == "__main__":
    main()
