"""What is stored of an article, and what its hash is taken over."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Article, Related, Run, Source, Verification

#: A version as it was stored before articles had a status.
OLD = (
    '{"body":[[{"bold":false,"italic":false,"link":"","text":"Рух є."}]],"headline":"Міст","language":"uk","lead":"",'
    '"link":"","media":null,"related":[],"sources":[{"link":"https://example.org","name":"ОВА"}],"topics":[],'
    '"urgent":false,"video":false}'
)


def test_a_version_stored_earlier_is_read_and_keeps_its_hash() -> None:
    article = Article.from_json(OLD)

    assert article == Article("Міст", body=((Run("Рух є."),),), sources=(Source("ОВА", "https://example.org"),))
    assert article.to_json() == OLD
    assert article.sha256 == hashlib.sha256(OLD.encode()).hexdigest()


def test_status_note_and_own_correspondent_are_part_of_what_is_hashed() -> None:
    plain = Article("Міст", sources=(Source(""),))
    others = [
        Article("Міст", sources=(Source(""),), status=Verification.CONFIRMED),
        Article("Міст", sources=(Source(""),), note="подзвонити в ОВА"),
        Article("Міст", sources=(Source("", own=True),)),
    ]

    assert len({article.sha256 for article in [plain, *others]}) == 4


@given(
    st.builds(
        Article,
        headline=st.text(max_size=20),
        body=st.tuples(st.tuples(st.builds(Run, st.text(max_size=9), st.booleans()))),
        sources=st.lists(st.builds(Source, st.text(max_size=9), st.just(""), st.booleans()), max_size=3).map(tuple),
        related=st.lists(st.builds(Related, st.text(max_size=9)), max_size=2).map(tuple),
        status=st.none() | st.sampled_from(Verification),
        note=st.text(max_size=9),
    )
)
def test_what_is_read_is_what_was_written(article: Article) -> None:
    assert Article.from_json(article.to_json()) == article
