"""A text beside ours: only equal words are the same, and Python and JavaScript see the same words."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from bot.domain.normal import Kind, sentences, tokens, words
from bot.record.comparison import Difference, Likeness, compare
from bot.record.entries import Document

VECTORS = Path(__file__).parent / "data" / "normal.json"
HEADLINE = "Автобуси 5 і 12 поїдуть новим мостом"
TEXT = (
    "З понеділка автобуси 5 і 12 поїдуть новим мостом через Сулу, повідомила міська рада.\n"
    "Ремонт тривав два роки й коштував 1 000 тисяч гривень, на 1,5 % більше.\n"
    "«Міст простоїть пів століття», не заперечує підрядник."
)
POST = f"⚠️ З одного джерела\n{HEADLINE}\n\n{TEXT}\n\nДжерело: Міська рада\nhttps://news.example/12\nВісник"
OURS = Document(12, 1, "uk", HEADLINE, TEXT, links=("https://news.example/12",), texts={"main": POST})


@pytest.mark.parametrize(
    ("text", "likeness"),
    [
        (f"{HEADLINE}\n\n{TEXT}", Likeness.SAME),
        (POST, Likeness.SAME),
        (f"  {HEADLINE} \n{TEXT} ".replace(" ", "\u00a0"), Likeness.SAME),
        (POST.replace("1 000", "1,000").replace("«", "“").replace("»", "”").replace("⚠️", "⚠"), Likeness.SAME),
        (POST.replace("через", "че\u00adрез\u200b"), Likeness.SAME),
        (f"{HEADLINE}?\n\n{TEXT}", Likeness.MARKS),
        (POST.replace("⚠️", "✅"), Likeness.MARKS),
        (POST.replace("понеділка", "пoнеділка"), Likeness.LETTERS),
        (TEXT, Likeness.EXCERPT),
        (HEADLINE, Likeness.EXCERPT),
        ("Ремонт тривав два роки", Likeness.EXCERPT),
        (POST.replace("news.example/12", "pay.example/12"), Likeness.LINKS),
        (POST + "\nhttps://t.me/other", Likeness.LINKS),
        (POST.replace("5 і 12", "5 і 15"), Likeness.ALTERED),
        (POST.replace("1,5 %", "15 %"), Likeness.ALTERED),
        (POST.replace("1,5 %", "1,5"), Likeness.ALTERED),
        (POST.replace("не заперечує", "заперечує"), Likeness.ALTERED),
        (POST.replace("Сулу", "Ворсклу"), Likeness.ALTERED),
        (f"ТЕРМІНОВО! Переказуйте гроші. {TEXT}", Likeness.ALTERED),
        ("Зовсім інша новина про погоду на вихідні в Полтаві", Likeness.UNKNOWN),
        ("😂😂😂", Likeness.UNKNOWN),
        ("", Likeness.UNKNOWN),
        ("مرحبا كيف حالك", Likeness.UNKNOWN),
    ],
)
def test_only_our_own_words_in_their_order_are_the_same(text: str, likeness: Likeness) -> None:
    assert compare(text, OURS).likeness is likeness


def test_a_changed_digit_is_shown_beside_ours() -> None:
    assert compare(POST.replace("5 і 12 поїдуть новим мостом через", "5 і 15 поїдуть новим мостом через"), OURS) \
        .differences == (Difference("15", "12"),)  # fmt: skip


def test_no_changed_word_is_ever_called_ours() -> None:
    draw, ours = random.Random(3), POST.split(" ")
    kind = {Likeness.SAME, Likeness.MARKS, Likeness.LETTERS, Likeness.EXCERPT}
    for _ in range(300):
        changed, place = list(ours), draw.randrange(len(ours))
        if not words(tokens(changed[place])):
            continue
        changed[place] = draw.choice(["57", "ніколи", "Харків", "не " + changed[place]])
        if words(tokens(" ".join(changed))) != words(tokens(POST)):
            assert compare(" ".join(changed), OURS).likeness not in kind


def as_vector(text: str) -> dict[str, object]:
    found = tokens(text)
    return {"text": text, "tokens": [[token.kind, token.key, token.plain] for token in found],
            "sentences": sentences(text)}  # fmt: skip


def test_python_sees_the_tokens_of_the_shared_vectors() -> None:
    vectors = json.loads(VECTORS.read_text("utf-8"))

    assert len(vectors) >= 200
    assert [each for each in vectors if as_vector(each["text"]) != each] == []
    assert {kind for each in vectors for kind, _, _ in each["tokens"]} == set(Kind)
