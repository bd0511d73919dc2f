"""Which app of a person rings: a table, and what must hold for every person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Address, Platform
from bot.domain.apps import Ring, ring
from bot.domain.attention import Matter
from bot.domain.ledger import Cause
from bot.domain.news import (
    NEWS,
    Complete,
    FeedFails,
    Halted,
    LogAltered,
    News,
    PlatformDown,
    PlatformMisconfigured,
    PublishedAlone,
    StoppedOnItsWay,
    Submitted,
    WaitsLong,
)

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
TELEGRAM, VIBER = Address(Platform.TELEGRAM, "1"), Address(Platform.VIBER, "v==")
BOTH, HERE, THERE = (TELEGRAM, VIBER), (TELEGRAM,), (VIBER,)
QUESTION, IS_OUT = Submitted(5, "b"), Complete(5)
LATER, EARLIER = NOW, NOW - timedelta(hours=3)

#: News, the addresses, when each was used; who is told now, and who later.
TABLE: dict[str, tuple[News, tuple[Address, ...], dict[Address, datetime], Ring]] = {
    "one app": (QUESTION, HERE, {TELEGRAM: NOW}, Ring(HERE)),
    "one app that was never used": (QUESTION, HERE, {}, Ring(HERE)),
    "the app used last": (QUESTION, BOTH, {TELEGRAM: EARLIER, VIBER: LATER}, Ring(THERE, HERE)),
    "the other one was used last": (QUESTION, BOTH, {TELEGRAM: LATER, VIBER: EARLIER}, Ring(HERE, THERE)),
    "only one of them was ever used": (QUESTION, BOTH, {VIBER: EARLIER}, Ring(THERE, HERE)),
    "neither was used": (QUESTION, BOTH, {}, Ring(HERE, THERE)),
    "a question that waits long": (WaitsLong(5, "b", 0.0), BOTH, {VIBER: LATER}, Ring(THERE, HERE)),
    "what nobody has to answer": (IS_OUT, BOTH, {VIBER: LATER}, Ring(THERE)),
    "an article that goes no further": (
        StoppedOnItsWay(5, (1,), Cause.UNDONE),
        BOTH,
        {VIBER: LATER},
        Ring(THERE, HERE),
    ),
    "a halt": (Halted(1, "Olena"), BOTH, {VIBER: LATER}, Ring(BOTH)),
    "published without approval": (PublishedAlone(5, 1, "Olena"), BOTH, {VIBER: LATER}, Ring(BOTH)),
    "an altered log": (LogAltered(7), BOTH, {VIBER: LATER}, Ring(BOTH)),
    "a platform that is turned off": (
        PlatformMisconfigured(Platform.VIBER, "403"),
        BOTH,
        {VIBER: LATER},
        Ring(BOTH),
    ),
    "a feed that fails": (FeedFails("site", "silent"), BOTH, {VIBER: LATER}, Ring(THERE, HERE)),
    "a platform that is down": (PlatformDown(Platform.VIBER, "502"), BOTH, {VIBER: LATER}, Ring(BOTH)),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_app_that_rings_follows_from_the_news_and_the_last_use(case: str) -> None:
    news, addresses, used, expected = TABLE[case]

    assert ring(news, addresses, used) == expected


@pytest.mark.parametrize("code", NEWS)
def test_an_alarm_is_one_for_duty_and_for_apps_alike(code: str) -> None:
    kind = NEWS[code]
    rings_everywhere = len(ring(kind.__new__(kind), BOTH, {}).now) == len(BOTH)

    assert rings_everywhere is (kind.matter is Matter.ALARM or kind.on_every_app)


addresses = st.builds(Address, st.sampled_from(Platform), st.from_regex(r"[a-z]{1,4}", fullmatch=True))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@given(st.lists(addresses, min_size=1, max_size=4, unique=True), st.dictionaries(addresses, instants), st.booleans())
def test_nobody_is_missed_and_no_phone_rings_twice(
    own: list[Address], used: dict[Address, datetime], is_alarm: bool
) -> None:
    rings = ring(Halted(1, "Olena") if is_alarm else QUESTION, own, used)

    assert sorted(map(str, (*rings.now, *rings.later))) == sorted(map(str, own))
    assert rings.now
    assert is_alarm or len(rings.now) == 1
