"""Who is of the desk, and what each role may do."""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from bot.errors import Refused
from tests.conftest import ARTICLE, OWNER, READER, Scene
from tests.helpers.acts import acting_as
from tests.helpers.team import accept_rules, seat


async def test_a_reporter_writes_and_changes_only_their_own_drafts(scene: Scene) -> None:
    await seat(scene, Role.REPORTER)
    await scene.says(f"/queue {ARTICLE}", "#1 · чернетка")
    await scene.says(f"/queue {ARTICLE}", "#2 · чернетка", person=READER)

    await scene.says("/edit 2 лід: Коротко.", "Коротко.", person=READER)
    await scene.says("/edit 1 лід: Коротко.", "лише власні чернетки", person=READER)
    for said in ("/now 2", "/at 2 18:30", "/next 2", "/cancel 2", "/halt", "/resume", "/doubts"):
        await scene.says(said, "лише редактори й власники", person=READER)
    await scene.says("/team", "лише власник", person=READER)
    card = await scene.says("/show 2", "#2 · чернетка", person=READER)
    assert [label for row in card.buttons for label, _ in row] == ["Читати повністю", "✏️ Змінити", "👁 Viber"]

    await scene.says("/next 2", "у черзі")
    await scene.says("/edit 2 лід: Пізно.", "лише власні чернетки", person=READER)


async def test_help_and_menu_show_only_what_the_role_may(scene: Scene) -> None:
    await seat(scene, Role.REPORTER)
    said = await scene.says("/help", "/новий", person=READER)

    assert "/зараз" not in said.text and "/спинити" not in said.text and "/черга" in said.text
    await scene.says("/whoami", "Ваша роль у редакції: репортер", person=READER)


async def test_who_is_no_longer_in_owners_leaves_once_an_owner_has_said_yes(scene: Scene) -> None:
    await scene.says("/whoami", "Ваша роль у редакції: власник")
    await scene.says_on_viber("/whoami", "Ваша роль у редакції: власник")
    await scene.stop()
    scene.settings = replace_owners(scene, f"telegram:{OWNER}")
    await scene.start()
    await accept_rules(scene)

    await scene.says_on_viber("/whoami", "читач")
    await scene.says("/whoami", "Ваша роль у редакції: власник")


async def test_the_last_owner_stays_even_without_owners(scene: Scene) -> None:
    await scene.stop()
    scene.settings = replace_owners(scene, "")
    await scene.start()

    assert len(await scene.app.store.read.team(Role.OWNER)) == 1

    [last], app = await scene.app.store.read.team(Role.OWNER), scene.app
    with pytest.raises(Refused, match="is the last owner"):
        await app.store.write(
            lambda tx: app.team.remove(acting_as(app.newsroom, tx, scene.clock(), last), last.id),
        )


def replace_owners(scene: Scene, owners: str):  # type: ignore[no-untyped-def]
    from config.settings import Settings

    named = tuple(tuple(owner.split(":")) for owner in owners.split())
    assert isinstance(scene.settings, Settings)
    return scene.settings.model_copy(update={"owners": named})
