"""What is installed is listed with its hashes, and a known fault in one package can't be reached."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__
from tests.trials.inventory import LOCK, ROOT, inventory, licence, locked, main

#: Imports every module of ours, then says which of the package `future` was loaded.
IMPORT_ALL = """
import importlib, pkgutil, sys
import bot, config
for package in (bot, config):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith(("__main__", "uvloop")) and ".bench" not in module.name:
            importlib.import_module(module.name)
print(" ".join(sorted(name for name in sys.modules if name.split(".")[0] in ("future", "test"))))
"""


def test_the_inventory_lists_the_whole_lock_with_hashes_and_licences() -> None:
    packages = locked(LOCK.read_text("utf-8"))
    document = inventory(packages, "1.0")

    assert {package.name for package in packages} >= {"aiohttp", "python-telegram-bot", "viberbot", "future"}
    assert len(packages) == len([line for line in LOCK.read_text("utf-8").splitlines() if re.match(r"\w\S*==", line)])
    assert [component["purl"] for component in document["components"]] == [package.purl for package in packages]
    assert all(component["externalReferences"][0]["hashes"] for component in document["components"])
    assert sum(bool(licence(package.name)) for package in packages) > 0.8 * len(packages)
    assert json.dumps(document) == json.dumps(inventory(packages, "1.0"))


def test_the_command_prints_the_inventory_of_this_version(capsys: pytest.CaptureFixture[str]) -> None:
    main()

    described = json.loads(capsys.readouterr().out)["metadata"]["component"]
    assert (described["name"], described["version"]) == ("visnyk", __version__)


#: Whoever installs Visnyk may use, change and hand on all of it; copyleft of libraries that are linked is fine.
FREE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python Software|Mozilla|MPL|LGPL|Lesser|Unlicense|0BSD|HPND|CNRI|Public")


def test_every_licence_that_is_stated_is_a_free_one() -> None:
    stated = {package.name: licence(package.name) for package in locked(LOCK.read_text("utf-8"))}

    assert [f"{name}: {said}" for name, said in stated.items() if said and not FREE.search(said)] == []


def test_make_installs_nothing_without_a_hash_and_hides_no_command_of_roots() -> None:
    lines = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ").splitlines()
    installs = [line for line in lines if "pip install" in line]
    as_root = [line for line in lines if "apt-get" in line and not line.startswith("#")]

    from_outside = [line for line in installs if not line.endswith("--no-deps --force-reinstall .")]
    assert len(from_outside) >= 3 and all("--require-hashes -r" in line for line in from_outside)
    assert as_root and not any("/dev/null" in line for line in as_root)
    assert {package.name for package in locked((ROOT / ".ci/lock.txt").read_text("utf-8"))} == {"uv"}


def test_a_package_without_a_hash_is_no_inventory() -> None:
    with pytest.raises(ValueError, match="loose"):
        locked("loose==1.0\n")


def test_a_stray_test_py_is_never_run_by_the_package_future(tmp_path: Path) -> None:
    """CVE-2025-50817: its module `standard_library` imports whatever is called test.py. We never load that module."""
    (tmp_path / "test.py").write_text("raise SystemExit('a stray test.py was run')", encoding="utf-8")
    command = [sys.executable, "-c", IMPORT_ALL]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": f"{tmp_path}:{ROOT}"}, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    loaded = done.stdout.split()
    assert "future" in loaded
    assert not [name for name in loaded if name.startswith(("test", "future.standard_library", "future.moves"))]
