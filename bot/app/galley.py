"""The galley: the posts that an article may become, rendered before any of them goes out."""

from __future__ import annotations

from bot.adapters.base import Post, is_shown
from bot.app.parts import Messengers
from bot.domain import Article, Fit, MediaKind, Platform, Press

#: Stands for an article that has no number yet: the codes of all of them are of one length.
ANY = 1


def fit(messengers: Messengers, press: Press, article: Article, platform: Platform) -> Fit:
    """Return whether an article's posts on a platform show all of its text, emphasis and picture."""
    edition, render = press.edition(article, platform), messengers[platform].render
    outlets = [press.outlet(article, platform, channel=channel, number=ANY) for channel in (False, True)]
    rendered = [render(edition, outlet) for outlet in outlets]
    media = edition.media
    return Fit(
        text=all(post.whole for post in rendered),
        picture=media is None or all(is_shown(media, post) for post in rendered),
        moves=media is None or media.kind is not MediaKind.ANIMATION or messengers[platform].traits.animates,
        unmarked=tuple(dict.fromkeys(text for post in rendered for text in post.unmarked)),
    )


def posts(messengers: Messengers, press: Press, article: Article, number: int) -> dict[str, list[str]]:
    """Return the visible texts of all posts that article `number` may become, with its picture and without."""
    texts: dict[str, list[str]] = {}
    for platform, messenger in messengers.items():
        edition = press.edition(article, platform)
        for channel in (True, False):
            outlet = press.outlet(article, platform, channel=channel, number=number)
            post: Post | None = messenger.render(edition, outlet)
            while post is not None:
                texts.setdefault(platform, []).append(post.visible)
                post = post.plainer
    return texts
