"""The screens of all phones on the terminal, as they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.demo.town import EDITOR, OWNER, Phone
from bot.sandbox import Bubble, Event
from bot.texts import Catalogue, text_id

#: The looks of the entities that the sandbox tells.
STYLES = {"bold": "bold", "italic": "italic", "strikethrough": "strike", "strike": "strike", "text_link": "underline"}
COLOURS = {"telegram": "cyan", "viber": "magenta"}
PLATFORMS = {"telegram": "Telegram", "viber": "Viber"}
#: A phone is not wider than that, in columns.
WIDTH = 76


class Screen:
    """Prints bubbles; remembers the owner's last buttons so that a typed number presses one."""

    def __init__(self, console: Console, catalogue: Catalogue, phones: Sequence[Phone]) -> None:
        self._console = console
        self._languages = [catalogue.say(language) for language in catalogue.languages]
        self._names: Mapping[tuple[str, str], str] = {
            ("telegram", str(OWNER)): "Олена, власниця",
            ("viber", EDITOR): "Тарас, шеф-редактор",
            **{(phone.platform, phone.chat): phone.name for phone in phones},
        }
        self.buttons: list[tuple[int, str]] = []

    def note(self, text: str) -> None:
        """Print a line as it is: an address, an empty line."""
        self._console.print(text, highlight=False, soft_wrap=True)

    def tell(self, text: str, **values: object) -> None:
        """A sentence of the catalogue, in every language: whoever watches reads one of them."""
        for words in self._languages:
            self._console.print(words(text, **values), style="bold", highlight=False)

    def show(self, event: Event) -> None:
        if event.bubble is None or event.kind not in ("shown", "edited", "deleted"):
            return
        who = self._names.get((event.platform, event.chat), event.chat)
        title = f"📱 {PLATFORMS[event.platform]} · {who}"
        if event.kind != "shown":
            title += f" · {event.kind}"
        if event.bubble.silent:
            title += " · 🔕"
        mine = event.bubble.sender not in ("bot", "channel") and event.bubble.sender == "person"
        self._console.print(
            Panel(
                self._content(event, own=mine),
                title=title,
                title_align="left",
                border_style="dim" if mine else COLOURS[event.platform],
                width=min(WIDTH, self._console.width),
            )
        )

    def _content(self, event: Event, *, own: bool) -> Text:
        bubble = event.bubble
        assert bubble is not None
        content = Text("» " if own else "")
        if bubble.photo:
            content.append("🖼\n")
        content.append_text(styled(bubble))
        rows = bubble.buttons or bubble.keyboard
        numbered = event.platform == "telegram" and event.chat == str(OWNER) and bool(rows) and not own
        if numbered:
            self.buttons = [(bubble.message_id, label) for row in rows for label, _ in row]
        number = 0
        for row in rows:
            content.append("\n")
            for label, _ in row:
                number += 1
                content.append(f"[{number}] {label}" if numbered else f"[ {label} ]", style="reverse")
                content.append("  ")
        return content

    def sums(self, rows: Sequence[tuple[Phone, int]]) -> None:
        table = Table(title=self._both(text_id("Who got it")), title_justify="left")
        table.add_column(self._both(text_id("phone")))
        table.add_column(self._both(text_id("times")), justify="right")
        for phone, count in rows:
            mark = "✓" if count == 1 else "✗"
            table.add_row(f"{PLATFORMS[phone.platform]} · {phone.name}", f"{count} {mark}")
        self._console.print(table)

    def _both(self, text: str) -> str:
        return " · ".join(words(text) for words in self._languages)


def styled(bubble: Bubble) -> Text:
    text = Text(bubble.text)
    for span in bubble.entities:
        style = STYLES.get(span[0])
        if style:
            text.stylize(style, span[1], span[2])
    return text
