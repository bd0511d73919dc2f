"""Changes of published articles: the standing that follows, and the marks and notes in each platform's post."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.render import CAPTION_LIMIT, TEXT_LIMIT
from bot.adapters.telegram.render import render as on_telegram
from bot.adapters.viber.render import render as on_viber
from bot.commands.marks import change_words
from bot.domain import Article, Labels, Masthead, Media, MediaKind, Outlet, Run, Source
from bot.domain.article import Verification
from bot.domain.change import NOTE_MOST, RULES, ChangeKind, Mark, Standing, Tell, decide, standing_of
from bot.domain.difference import difference
from bot.texts import Catalogue
from tests.helpers.catalogue import BOT

K, S = ChangeKind, Standing
#: Written down here once more, from what a newsroom expects: by standing, what becomes of it by each kind.
EXPECTED = {
    S.SOUND: "checking sound sound sound corrected retracted stands sound expired expired",
    S.CHECKING: "already_checking end_the_check end_the_check end_the_check corrected retracted sound"
    " checking expired expired",
    S.CORRECTED: "checking corrected corrected corrected corrected retracted stands corrected expired expired",
    S.RETRACTED: "restore_first restore_first restore_first restore_first restore_first already_retracted corrected"
    " already_retracted already_retracted already_retracted",
    S.EXPIRED: "expired_already expired_already expired_already expired_already expired_already retracted"
    " expired_already expired_already expired_already expired_already",
}
WORDS = change_words(Catalogue.load(BOT.parent / "config" / "locales").say("en"))
LABELS = Labels(
    "Source", "Read also", "Video", "Photo", "Read on", "Urgent", statuses={Verification.CONFIRMED: "✅ Confirmed"},
    change=WORDS,
)  # fmt: skip
OUTLET = Outlet(Masthead("The Post", "Verified information only."), LABELS, keyboard=False)
NOTE = "We wrote that buses 5 and 15 take the bridge. Right is 5 and 12."
OLD = Article(
    "Bridge over the river opened to traffic",
    "Buses 5 and 15 take the new bridge.",
    sources=(Source("City council"),),
    status=Verification.CONFIRMED,
    link="https://post.example/bridge",
)
PHOTO = Media(MediaKind.PHOTO, url="https://post.example/bridge.jpg")


def changed(*marks: Mark, **other: object) -> Article:
    values = {name: getattr(OLD, name) for name in OLD.__dataclass_fields__} | other
    return Article(**{**values, "changes": marks})


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("running", [None, *ChangeKind])
def test_each_change_of_each_standing_is_possible_or_has_its_reason(
    standing: Standing, running: ChangeKind | None
) -> None:
    for kind, expected in zip(ChangeKind, EXPECTED[standing].split(), strict=True):
        waits = running is K.RESTORATION and kind not in (K.RETRACTION, K.CHECKING) and expected in list(Standing)

        assert decide(standing, running, kind) == ("restoring" if waits else expected), (standing, running, kind)


def test_harm_is_stopped_by_one_person_and_given_out_again_by_two() -> None:
    assert {kind for kind, rule in RULES.items() if rule.alone} == {K.CHECKING, K.TYPO, K.RETRACTION}
    assert RULES[K.RESTORATION].approvals == 1
    assert {kind for kind, rule in RULES.items() if rule.tell is Tell.HOLDERS} == {
        K.CORRECTION, K.RETRACTION, K.RESTORATION,
    }  # fmt: skip


@given(st.lists(st.sampled_from(ChangeKind), max_size=6))
def test_no_order_of_changes_takes_a_retraction_back_but_a_restoration(kinds: list[ChangeKind]) -> None:
    standing = standing_of(Mark(kind, "14:05") for kind in [K.RETRACTION, *kinds])

    assert (standing is S.RETRACTED) is (K.RESTORATION not in kinds or standing is S.RETRACTED)
    assert standing is not S.SOUND or K.CHECKING in kinds


def test_a_version_keeps_its_marks_and_an_older_one_its_hash() -> None:
    article = changed(Mark(K.CORRECTION, "14:05", NOTE, "13:10"))

    assert Article.from_json(article.to_json()) == article
    assert "changes" not in OLD.to_json() and article.sha256 != OLD.sha256
    assert not difference(OLD, article)


def test_a_correction_stands_above_and_below_the_text_on_both_platforms() -> None:
    article = changed(Mark(K.CORRECTION, "14:05", NOTE, "13:10"), lead="Buses 5 and 12 take the new bridge.")
    for post in (on_telegram(article, OUTLET).visible, on_viber(article, OUTLET).visible):
        lines = post.split("\n")

        assert lines[:3] == ["❗ Corrected 14:05", OLD.headline, "✅ Confirmed"]
        assert f"— 14:05 Correction: {NOTE}" in lines
        assert lines.index("Source: City council") < lines.index(f"— 14:05 Correction: {NOTE}")


def test_of_a_retracted_report_only_its_headline_and_the_reason_are_left() -> None:
    article = changed(Mark(K.CORRECTION, "14:05", NOTE), Mark(K.RETRACTION, "15:20", "The council denies it."))
    for post in (on_telegram(article, OUTLET).visible, on_viber(article, OUTLET).visible):
        assert [line for line in post.split("\n") if line] == [
            "⛔ Retracted 15:20", f"«{OLD.headline}»", "The council denies it. Please do not pass this report on.",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("mark", "top", "end"),
    [
        (Mark(K.CHECKING, "14:05"), "⚠️ We are checking this report", ""),
        (Mark(K.TYPO, "14:05"), "", "✏️ Misprint corrected, 14:05"),
        (Mark(K.UPDATE, "14:05"), "🔄 Updated 14:05", ""),
        (Mark(K.UPDATE, "14:05", "Two more streets."), "🔄 Updated 14:05", "— 14:05 Update: Two more streets."),
        (Mark(K.CLARIFICATION, "14:05", "Only on weekdays."), "", "ℹ️ Clarified 14:05: Only on weekdays."),
    ],
)
def test_each_kind_is_marked_as_readers_expect(mark: Mark, top: str, end: str) -> None:
    lines = on_telegram(changed(mark), OUTLET).visible.split("\n")

    assert (lines[0] == top) if top else (lines[0] == OLD.headline)
    assert (end in lines) if end else not LABELS.ends(changed(mark))


def test_of_many_changes_the_last_two_stand_and_a_link_leads_to_all() -> None:
    marks = [Mark(K.CORRECTION, f"14:0{n}", f"{n}: {'x' * 190}") for n in range(5)]
    telegram, viber = on_telegram(changed(*marks), OUTLET).visible, on_viber(changed(*marks), OUTLET).visible

    for post in (telegram, viber):
        assert "14:04 Correction" in post and "14:03 Correction" in post and "14:02 Correction" not in post
        assert "All changes" in post
    assert "All changes: https://post.example/bridge" in viber


@given(
    st.sampled_from(ChangeKind),
    st.integers(1, 4),
    st.integers(0, 7000),
    st.booleans(),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=300),
)
def test_a_note_is_never_cut_whatever_the_article_is_like(
    kind: ChangeKind, count: int, length: int, pictured: bool, headline: str
) -> None:
    note = "Right is 5 and 12, " + "and so on, " * 15 + "to the very end."
    assert len(note) <= NOTE_MOST
    article = changed(
        *(Mark(kind, "14:05", note) for _ in range(count)),
        headline=headline, lead="w " * (length // 4), body=((Run("w " * length),),), media=PHOTO if pictured else None,
        sources=tuple(Source("s" * 90) for _ in range(9)),
    )  # fmt: skip
    post, viber = on_telegram(article, OUTLET), on_viber(article, OUTLET)
    ends = LABELS.stub(article)[1:] if article.is_retracted else LABELS.ends(article)

    assert len(post.visible) <= (CAPTION_LIMIT if article.media and not article.is_retracted else TEXT_LIMIT)
    assert all(line in post.visible for line in ends), post.visible
    assert all(line in viber.visible for line in ends), viber.visible


@pytest.mark.parametrize(("edits", "done"), list(product((True, False), repeat=2)))
def test_a_notice_names_what_it_changes_and_when_that_was_sent(edits: bool, done: bool) -> None:
    article = changed(Mark(K.CORRECTION, "14:05", NOTE, "13:10"))
    notice = LABELS.notice(article, OLD.headline, edits=edits, done=done)

    assert f"“{OLD.headline}”" in notice and "13:10" in notice and NOTE in notice
    assert ("The message above is corrected." in notice) is (edits and done)
    assert ("The corrected text: https://post.example/bridge" in notice) is not edits
    assert "do not pass" in LABELS.notice(changed(Mark(K.RETRACTION, "15:20", NOTE, "13:10")), "A", edits=False)
