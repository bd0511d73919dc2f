"""Lines that were left out of a copied page, taken back to where they stood."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Article, Run, plain
from bot.domain.article import LeftOut
from bot.domain.parse import Pasted, parse
from bot.domain.parse.taking_back import leaving_out, taken_back, with_left_out

PAGE = """Оновлено о 15:00

Міст через Сулу відкрили після ремонту

Поділитися у Facebook

Рух відновили в обох напрямках, обмеження для вантажівок зняли.

Ремонт тривав два роки й коштував 120 мільйонів гривень.

Підписуйтесь на наш канал у Telegram

За словами підрядника, міст простоїть пів століття."""
ARTICLE = Article("Міст", lead="Рух є.", body=((Run("Один."),), (Run("Два."),)))


def read(page: str) -> Article:
    parsed = parse(Pasted.of([Run(page)]))
    return with_left_out(parsed.article, parsed.dropped)


def paragraphs(article: Article) -> list[str]:
    return [article.headline, *filter(None, [article.lead]), *map(plain, article.body)]


def test_each_left_out_line_of_a_page_can_be_taken_back_to_its_place() -> None:
    article = read(PAGE)
    lines = [each.text for each in article.left_out]
    assert lines == ["Оновлено о 15:00", "Поділитися у Facebook", "Підписуйтесь на наш канал у Telegram"]
    for text in lines:
        article = taken_back(article, text)

    whole = [line for line in PAGE.split("\n\n") if line]
    assert paragraphs(article) == [whole[1], whole[0], *whole[2:]]
    assert article.left_out == ()
    assert taken_back(article, lines[0]) == article, "a second press does nothing"


@given(st.permutations(range(4)), st.lists(st.integers(0, 4), min_size=4, max_size=4).map(sorted))
def test_in_whatever_order_they_are_pressed_they_stand_in_the_order_of_the_page(
    order: list[int], places: list[int]
) -> None:
    lines = [f"рядок {number}" for number in range(4)]
    left_out = tuple(LeftOut((Run(line),), after) for line, after in zip(lines, places, strict=True))
    article = leaving_out(ARTICLE, left_out)
    for number in order:
        article = taken_back(article, lines[number])

    found = paragraphs(article)
    assert [each for each in found if each in lines] == lines
    assert [each for each in found if each not in lines] == paragraphs(ARTICLE)


def test_a_line_keeps_its_formatting_also_as_the_lead() -> None:
    line = (Run("Рух "), Run("закрили", bold=True))
    article = taken_back(leaving_out(ARTICLE, [LeftOut(line, 1)]), "Рух закрили")

    assert article.opening == line and plain(article.body[0]) == "Рух є."


def test_left_out_lines_are_kept_with_the_version_and_older_hashes_stay() -> None:
    article = leaving_out(ARTICLE, [LeftOut((Run("Поділитися", bold=True),), 2)])

    assert Article.from_json(article.to_json()) == article
    assert "left_out" not in ARTICLE.to_json()
