"""Pictures by address under attack: what a hostile, slow or dead host, or a stranger at the door, gets out of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.picture import digest_of
from tests.conftest import VIBER_OWNER, Scene
from tests.helpers.crowd import finished, readers, rows, said, telegram_ids
from tests.test_kept_pictures import BORROWED, PICTURE, TEXT, TYPED, media, public

__all__ = ["public"]


async def test_a_picture_that_came_hours_before_its_text_is_kept_all_the_same(public: Scene) -> None:
    await public.sandbox.viber.send_picture(VIBER_OWNER, BORROWED, "/queue", file=PICTURE)
    await public.until(lambda: public.viber() and "заголовок" in public.viber()[-1].text)
    public.clock.at += timedelta(hours=3)
    await public.says_on_viber(TEXT, "Є фото")

    assert (await media(public)).digest == digest_of(PICTURE)


@pytest.mark.parametrize("broken", ["picture", "picture_file"])
async def test_a_table_of_pictures_that_breaks_makes_no_doubt(public: Scene, broken: str) -> None:
    await readers(public, telegram=3)
    public.sandbox.internet.put(TYPED, PICTURE)
    await public.says_on_viber(f"/queue {TEXT}\nphoto: {TYPED}", "#1 · чернетка")
    await public.app.store.write(lambda tx: tx.run("DELETE FROM picture_file"))
    await public.app.store.write(lambda tx: tx.run(f"ALTER TABLE {broken} RENAME TO gone"))
    await public.stop()
    await public.start()
    await public.says("/now 1", "#1")
    await finished(public)

    assert len(public.channel()) == 1
    assert not said(public.telegram(), "Невідомо")
    assert all(public.sandbox.telegram.phone(each) for each in telegram_ids(3))
    assert bool(public.channel()[-1].photo) is (broken == "picture_file")
    assert await rows(public, "SELECT 1 FROM dispatch WHERE state = 'in_doubt'") == []
