"""Figures: the articles themselves, in how many acts they get out, and which do not."""

from __future__ import annotations

import statistics
from collections import defaultdict

from tests.trials.week.evidence import Evidence, Row, listed, spread
from tests.trials.week.script import Route

#: Acts of all people together from the writing to the publication, at most.
ACTS = {Route.NOW: 3, Route.NEXT: 3, Route.AT: 4}


async def rows(evidence: Evidence) -> list[Row]:
    calm: defaultdict[tuple[str, Route], list[int]] = defaultdict(list)
    stuck = []
    week = evidence.week
    for story in week.stories.values():
        if story.number in evidence.out and not story.troubles:
            calm["editor" if story.author.may_approve else "reporter", story.route].append(story.acts)
        if await week.is_stuck(story):
            stuck.append(f"#{story.number} {await week.stage(story)}")
    return [
        *(_acts(who, route, acts) for (who, route), acts in sorted(calm.items(), key=str)),
        Row("articles stuck", ", ".join(stuck) or "0", "0", well=not stuck),
        Row("articles written, out", f"{len(week.stories)}, {len(evidence.out)}"),
        Row("acts of the desk", listed(week.seen)),
    ]


def _acts(who: str, route: Route, acts: list[int]) -> Row:
    what = f"acts from queue to published, {who}, {route.value}: mean, median, 90 %, max"
    return Row(what, spread(acts), f"≤ {ACTS[route]}", well=statistics.median(acts) <= ACTS[route])
