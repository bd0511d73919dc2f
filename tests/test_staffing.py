"""Who asks for more approvals than the desk has people for is told so: at the start, by the doctor, on the card."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.people import Person, Role
from bot.domain.risk import Rule
from bot.newsroom.gate import Gate
from bot.newsroom.staffing import Shortage, shortage
from bot.sandbox import Sandbox
from tests.conftest import ARTICLE, NEWSROOM, OWNER, VIBER_OWNER, Scene, a_scene
from tests.helpers.authority import takes_over
from tests.helpers.crowd import said
from tests.helpers.process import Run, environment
from tests.promises.moments import comes_true

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
WARNING = "newsroom.toml вимагає погоджень"
NOBODY, FEW = "Погодити поки що нікому", ". Власник може запросити ще: /запросити редактора"
CASUALTIES = '[[risks]]\nkey = "casualties"\ntitle = "загиблі"\nwords = ["загин"]\napprovals = 2\n'
RISKY = "Двоє загинули на переїзді\n\nПотяг зіткнувся з автомобілем."
TWO = Rule("casualties", "загиблі", words=("загин",), approvals=2)
THREE = Rule("secret", "таємне", words=("таємн",), approvals=3)


def person(role: Role = Role.EDITOR, *, waits: float = 0, removed: bool = False) -> Person:
    """`waits`: hours until they may approve."""
    may_from = NOW + timedelta(hours=waits) if waits else None
    return Person(1, "", role, (), NOW, may_from, removed=NOW if removed else None)


@pytest.mark.parametrize(
    ("least", "rules", "team", "found"),
    [
        (0, [], [], None),
        (1, [], [person(Role.OWNER)], Shortage(1, 0)),
        (1, [], [person(Role.OWNER), person()], None),
        (1, [], [person(), person(Role.REPORTER)], Shortage(1, 0)),
        (1, [], [person(), person(waits=1)], Shortage(1, 0)),
        (1, [], [person(), person(removed=True)], Shortage(1, 0)),
        (0, [TWO], [person(), person()], Shortage(2, 1, ("загиблі",))),
        (0, [TWO], [person(), person(), person()], None),
        (1, [TWO, THREE], [person()] * 3, Shortage(3, 2, ("таємне",))),
        (3, [TWO, THREE], [person()] * 3, Shortage(3, 2)),
        (0, [TWO], [], Shortage(2, 0, ("загиблі",))),
    ],
)
def test_the_author_the_new_and_the_reporters_do_not_count(
    least: int, rules: list[Rule], team: list[Person], found: Shortage | None
) -> None:
    assert shortage(Gate([], rules, least), team, NOW) == found


def a_policy(folder: Path, approvals: int, rules: str = "") -> None:
    text = NEWSROOM.replace("desk.approvals = 0", f"desk.approvals = {approvals}")
    (folder / "newsroom.toml").write_text(text + rules, encoding="utf-8")


async def test_the_owners_are_told_at_the_start_once_while_it_lasts(tmp_path: Path) -> None:
    a_policy(tmp_path, 1)
    async with a_scene(tmp_path, OWNERS=f"telegram:{OWNER}") as scene:
        await scene.says("/list", "")
        await restarts(scene)
        await scene.until(lambda: said(scene.telegram(), WARNING))
        await restarts(scene)
        await scene.says(f"/queue {ARTICLE}", NOBODY)
        assert len(said(scene.telegram(), WARNING)) == 1

        await joins(scene, Address(Platform.VIBER, VIBER_OWNER), Role.EDITOR)
        assert NOBODY not in (await scene.says("/show 1", "#1 ·")).text
        await restarts(scene)
        await scene.says("/remove 2", "вилучити")
        await scene.presses(scene.telegram()[-1], "Так", "більше не в редакції")
        await restarts(scene)
        await scene.until(lambda: len(said(scene.telegram(), WARNING)) == 2)


async def test_one_person_on_two_platforms_counts_once(tmp_path: Path) -> None:
    a_policy(tmp_path, 1)
    async with a_scene(tmp_path) as scene:
        await scene.says("/list", "")
        await scene.says_on_viber("/list", "")
        viber = Address(Platform.VIBER, VIBER_OWNER)
        await scene.app.store.write(lambda tx: takes_over(tx, 1, viber, scene.clock()))
        assert not said(scene.telegram(), WARNING)
        await restarts(scene)

        await scene.until(lambda: said(scene.telegram(), WARNING) or said(scene.viber(), WARNING))


async def test_a_rule_that_asks_for_too_much_is_named_and_its_articles_card_says_it(tmp_path: Path) -> None:
    a_policy(tmp_path, 1, CASUALTIES)
    async with a_scene(tmp_path) as scene:
        await scene.says("/list", "")
        await scene.says_on_viber("/list", "")
        await scene.until(lambda: said(scene.telegram(), f"{WARNING}: 2 (загиблі)"))

        assert FEW not in (await scene.says(f"/queue {ARTICLE}", "#1 · чернетка")).text
        await scene.says(f"/queue {RISKY}", FEW)
        await scene.says("/submit 2", FEW)
        await scene.until(lambda: said(scene.viber(), "#2 чекає на ваше погодження"))
        await scene.presses_on_viber("✅ Погодити", "Бракує ще: 1")
        assert FEW in (await scene.says("/show 2", "#2 ·")).text
        await scene.says("/urgent 2", "#2 виходить")
        await scene.until(scene.channel)
        assert FEW not in (await scene.says("/show 2", "#2 · опубліковано")).text


@pytest.mark.parametrize(("approvals", "rules", "sound"), [(1, "", True), (2, "", False), (0, CASUALTIES, False)])
async def test_the_doctor_counts_the_people(
    sandbox: Sandbox, tmp_path: Path, approvals: int, rules: str, sound: bool
) -> None:
    """Before the first start those of OWNERS, afterwards those of the desk."""
    a_policy(tmp_path, approvals, rules)
    env = environment(sandbox, tmp_path)
    for start in (False, True):
        if start:
            async with Run(env) as running:
                await running.running()
                running.terminate()
                await running.ended()
        async with Run(env, "doctor") as run:
            await run.ended()
        told = " ".join(run.output.split())
        assert ("The desk has people enough" in told) == sound, told
        what = "загиблі" if rules else "every article"
        assert (f"approvals: 2 ({what}); people who may give one, besides the author: 1." in told) != sound


async def restarts(scene: Scene) -> None:
    await scene.stop()
    await scene.start()


async def joins(scene: Scene, address: Address, role: Role) -> None:
    app, now = scene.app, scene.clock()
    await app.store.write(lambda tx: tx.add_person(address, "Тарас", role, now, invited_by=None, wait_until=None))


async def test_the_doctor_names_what_waits_for_the_owners(sandbox: Sandbox, tmp_path: Path) -> None:
    a_policy(tmp_path, 1)
    async with a_scene(tmp_path, OWNERS=f"telegram:{OWNER}") as scene:
        await scene.says("/list", "")
        # Who was here is written down beside what they asked for.
        await comes_true(scene, f"SELECT 1 FROM person WHERE address = 'telegram:{OWNER}'")
    a_policy(tmp_path, 0)

    env = environment(sandbox, tmp_path, OWNERS=f"telegram:{OWNER}")
    async with Run(env, "doctor") as doctor:
        await doctor.ended()
    told = " ".join(doctor.output.split())
    assert "These changes do not count until the owners approve them: desk.approvals: 1 → 0." in told
