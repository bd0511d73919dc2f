"""A follow-up whose first line is no longer true: what it would say is shown, and a press lets it say that."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import cards
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain import Article
from bot.domain.buttons import SayEarlier
from bot.domain.change import Standing
from bot.domain.life import Act
from bot.errors import Refused
from bot.newsroom import writing
from bot.newsroom.readiness import read_for


async def ask(talk: Talk, number: int) -> None:
    """Show what readers would see above the headline, and what that costs."""
    situation = await read_for(talk.desk, number, Act.EDIT)
    article, followed = situation.entry.article, situation.readiness.lacks.followed
    if article.about is None or followed is None or followed.is_true:
        raise Refused("#{id} or its first article has changed meanwhile. /show {id} shows how it stands.", id=number)
    about = replace(
        article.about,
        is_retracted=followed.now is Standing.RETRACTED,
        is_checked=followed.now is Standing.CHECKING,
    )
    lines: list[Line] = [
        talk.words("Above the headline of #{id} readers would see:", id=number),
        bold(f"{_line(talk, replace(article, about=about))}: {about.headline}"),
        talk.words(
            "Its text changes by that, so approvals no longer count, and it stays here until you publish it or set its "
            "time again."
        ),
    ]
    await talk.show(lines, [[Key(talk.words("✅ Change it"), SayEarlier(number, followed.now))]], article=number)


def _line(talk: Talk, article: Article) -> str:
    labels = talk.newsroom.press.labels
    return labels.get(article.language, labels[talk.newsroom.press.default]).follows(article)


async def say(talk: Talk, number: int, standing: Standing) -> None:
    situation = await writing.say_earlier(talk.desk, number, standing)
    await cards.show_card(talk, situation, redraw=True)
