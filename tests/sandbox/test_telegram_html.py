"""Telegram's HTML: what readers see, and where it breaks (docs/platforms/telegram.md#formatting)."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.telegram_html import MarkupError, parse_html
from bot.sandbox.telegram_text import Entity, from_wire, tidy, to_wire

SEEN = [
    ("<b>Hi</b> there", "Hi there", [("bold", 0, 2)]),
    ("<STRONG>Hi</STRONG>", "Hi", [("bold", 0, 2)]),
    ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 2)]),
    ("<b>a</>", "a", [("bold", 0, 1)]),
    ("<u>a</u><s>b</s><ins>c</ins><del>d</del>", "abcd", [("underline", 0, 1), ("strikethrough", 1, 2),
                                                           ("underline", 2, 3), ("strikethrough", 3, 4)]),
    ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
    ("<span class=tg-spoiler>a</span>", "a", [("spoiler", 0, 1)]),
    ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
    ("<code>a<b>b</b></code>", "ab", [("code", 0, 2)]),
    ("<b>a<code>b</code>c</b>", "abc", [("bold", 0, 1), ("code", 1, 2), ("bold", 2, 3)]),
    ("<pre>a</pre>", "a", [("pre", 0, 1)]),
    ('<pre><code class="language-python">a</code></pre>', "a", [("pre", 0, 1)]),
    ("<blockquote>a<blockquote>b</blockquote></blockquote>", "ab", [("blockquote", 0, 2)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    ('<tg-emoji emoji-id="5">a</tg-emoji>', "a", [("custom_emoji", 0, 1)]),
    ('<tg-time unix="1647531900" format="wDT">18:00</tg-time>', "18:00", [("date_time", 0, 5)]),
    ('<a href="https://example.com/?a=1&amp;b=2">x</a>', "x", [("text_link", 0, 1)]),
    ('<a href="not a link">x</a>', "x", []),
    ('<a href="mailbox">x</a>', "x", []),
    ("<b></b>x", "x", []),
    ("<b> </b>x", "x", []),
    ("a &amp; b &lt;c&gt; &quot;d&quot;", 'a & b <c> "d"', []),
    ("&#39;&#x27;&#1110;", "''і", []),
    ("&nbsp;&mdash;&apos;&copy", "&nbsp;&mdash;&apos;&copy", []),
    ("&lt=5", "<=5", []),
    ("AT&T & co; R&D;", "AT&T & co; R&D;", []),
    ("&#0; &#1114111;", "&#0; &#1114111;", []),
    ("  \n<b>a</b>\n ", "a", [("bold", 0, 1)]),
    ("a\tb\rc\u2028d", "a bcd", []),
    ("<b>e\u030a</b>x", "ex", [("bold", 0, 1)]),
    ("📣 <b>а</b>", "📣 а", [("bold", 2, 3)]),
    ("see https://example.com/a.", "see https://example.com/a.", [("url", 4, 25)]),
    ("/start now #війна @visnyk", "/start now #війна @visnyk", [("bot_command", 0, 6), ("hashtag", 11, 17),
                                                                 ("mention", 18, 25)]),
]  # fmt: skip

BROKEN = [
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("і</b>", "Unexpected end tag at byte offset 2"),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<a href='https://e.ua'>і</b>", 'Unmatched end tag at byte offset 25, expected "</a>", found "</b>"'),
    ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
    ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
    ("<H1>x</H1>", 'Unsupported start tag "h1" at byte offset 0'),
    ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
    ("x<b", "Unclosed start tag at byte offset 1"),
    ("x<b>y</b", "Unclosed end tag at byte offset 5"),
    ("<b>y</b x>", "Unclosed end tag at byte offset 4"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=https://e.ua>y</a>", "Unexpected end of name token at byte offset 8"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
]


@pytest.mark.parametrize(("markup", "text", "spans"), SEEN)
def test_readers_see_the_text_and_its_formatting(markup: str, text: str, spans: list[tuple[str, int, int]]) -> None:
    seen, entities = tidy(*parse_html(markup))

    assert seen == text
    assert [(e.kind, e.start, e.end) for e in entities] == spans


@pytest.mark.parametrize(("markup", "complaint"), BROKEN)
def test_broken_markup_is_refused_with_its_byte_offset(markup: str, complaint: str) -> None:
    with pytest.raises(MarkupError) as refused:
        parse_html(markup)

    assert str(refused.value) == complaint


def test_a_link_keeps_its_decoded_address() -> None:
    _, entities = parse_html('<a href="https://Example.com?a=1&amp;b=2">x</a>')

    assert entities[0].url == "https://example.com/?a=1&b=2"


def cleaned(text: str) -> str:
    """The rules of docs/platforms/telegram.md#cleaning once more, in other words than the sandbox's."""
    kept = "".join(c for c in text if c not in "\r\u030a\u0333\u033f" and not "\u2028" <= c <= "\u202e")
    return re.sub("[\x00-\x09\x0b-\x1f]", " ", kept).strip(" \n")


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_escaped_text_arrives_as_it_was(text: str) -> None:
    for escaped in (html.escape(text), html.escape(text, quote=False)):
        seen, entities = tidy(*parse_html(escaped))

        assert seen == cleaned(text)
        assert all(0 <= e.start < e.end <= len(seen) for e in entities)


PIECES = st.tuples(st.sampled_from(["b", "i", "u", "s", "code", "blockquote"]), st.text("aб📣 \n\t\r", max_size=5))


@settings(deadline=None)
@given(st.lists(PIECES))
def test_entities_stay_inside_of_the_text_and_survive_utf_16(parts: list[tuple[str, str]]) -> None:
    text, entities = tidy(*parse_html("".join(f"<{tag}>{html.escape(inner)}</{tag}>" for tag, inner in parts)))

    assert from_wire(text, to_wire(text, entities)) == entities


def test_offsets_on_the_wire_count_utf_16_units() -> None:
    assert to_wire("📣 а", [Entity("bold", 2, 3)]) == [{"type": "bold", "offset": 3, "length": 1}]
