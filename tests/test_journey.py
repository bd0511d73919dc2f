"""An article's whole way, over real sockets and a real database, as the desk and the readers see it."""

from __future__ import annotations

from tests.conftest import ARTICLE, READER, VIBER_OWNER, VIBER_READER, Scene

HEADLINE = "Міст через Сулу відкрили після ремонту"


async def subscribe_readers(scene: Scene) -> None:
    await scene.says("/start", "підписал", person=READER)
    await scene.sandbox.viber.open_chat(VIBER_READER)
    await scene.says_on_viber("Привіт", "ви підписалися", person=VIBER_READER)


async def test_an_article_goes_from_a_chat_command_to_every_phone_once(scene: Scene) -> None:
    await subscribe_readers(scene)
    await scene.says(f"/queue {ARTICLE}", "чернетка")
    await scene.says("/at 1 13:10", "сьогодні о 13:10")
    assert not scene.channel()

    scene.advance(minutes=10)
    await scene.until(lambda: scene.channel() and scene.viber_channel())
    await scene.until(lambda: count(scene.telegram(READER)) and count(scene.viber(VIBER_READER)))
    await scene.until(lambda: any("#1" in b.text and "1" in b.text for b in scene.telegram()[-1:]))

    phones = [scene.channel(), scene.viber_channel(), scene.telegram(READER), scene.viber(VIBER_READER)]
    assert [count(phone) for phone in phones] == [1, 1, 1, 1]


async def test_an_article_queued_on_viber_reaches_every_phone_once(scene: Scene) -> None:
    await subscribe_readers(scene)
    await scene.sandbox.viber.open_chat(VIBER_OWNER)
    await scene.says_on_viber(f"/queue {ARTICLE}", "чернетка")
    await scene.says_on_viber("/now 1", "#1")

    await scene.until(lambda: scene.channel() and scene.viber_channel())
    await scene.until(lambda: count(scene.telegram(READER)) and count(scene.viber(VIBER_READER)))
    phones = [scene.channel(), scene.viber_channel(), scene.telegram(READER), scene.viber(VIBER_READER)]
    assert [count(phone) for phone in phones] == [1, 1, 1, 1]


def count(phone) -> int:  # type: ignore[no-untyped-def]
    return sum(HEADLINE in bubble.text for bubble in phone)
