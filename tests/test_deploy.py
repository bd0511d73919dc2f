"""What an operator copies is right: the service, the image, compose, and the wheel has every file of the packages."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent


def text(name: str) -> str:
    return (HOME / name).read_text("utf-8")


def test_every_file_of_the_packages_is_packed() -> None:
    patterns = tomllib.loads(text("pyproject.toml"))["tool"]["setuptools"]["package-data"]
    files = [path for package in patterns for path in (HOME / package).rglob("*") if path.is_file()]
    others = [path for path in files if path.suffix not in (".py", ".pyc")]

    assert others
    assert not [
        str(path)
        for path in others
        for package in [path.relative_to(HOME).parts[0]]
        if not any(fnmatch(str(path.relative_to(HOME / package)), pattern) for pattern in patterns[package])
    ]


def test_service_image_and_procfile_start_the_same() -> None:
    assert "ExecStart=/opt/visnyk/.venv/bin/visnyk run\n" in text("deploy/visnyk.service")
    assert 'ENTRYPOINT ["visnyk"]\nCMD ["run"]' in text("Dockerfile")
    assert text("Procfile").startswith("web: python -m bot run\n")


def test_the_image_is_given_all_that_the_wheel_is_made_of() -> None:
    sent = {line[1:] for line in text(".dockerignore").splitlines() if line.startswith("!")}
    copied = {name for line in re.findall(r"^COPY (?!--)(.+) \S+$", text("Dockerfile"), re.M) for name in line.split()}

    assert copied == sent
    assert all((HOME / name).exists() for name in sent)


def test_the_image_compose_and_service_give_up_their_rights() -> None:
    assert re.search(r"^USER visnyk$", text("Dockerfile"), re.M)
    assert "read_only: true" in text("compose.yaml")
    assert "cap_drop: [ALL]" in text("compose.yaml")
    for line in ("User=visnyk", "ProtectSystem=strict", "NoNewPrivileges=yes", "UMask=0077"):
        assert f"\n{line}\n" in text("deploy/visnyk.service")


def test_no_proxy_shows_the_figures_outside() -> None:
    for name in ("deploy/Caddyfile", "deploy/nginx.conf"):
        assert re.search(r"metrics.*readyz", text(name)), name
        assert "404" in text(name), name
