"""The inventory of what Visnyk installs, as CycloneDX 1.6 JSON: `make sbom`.

It is made from the lock, so that it names what would be installed, with the hashes that pip checks; licences are those
that the installed packages state.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from bot import __version__

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.txt"
#: A package of the lock, with its version, and the hashes below it.
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def locked(text: str) -> list[Package]:
    """Return the packages that a lock names. Raises `ValueError` for one without hashes."""
    packages = [
        Package(found[1].lower().replace("_", "-"), found[2], tuple(HASH.findall(block)))
        for block in re.split(r"\n(?=[A-Za-z0-9])", text)
        if (found := PINNED.match(block))
    ]
    if bare := [package.name for package in packages if not package.hashes]:
        raise ValueError(f"without hashes: {', '.join(bare)}")
    return packages


def licence(name: str) -> str:
    """Return the licence that an installed package states; empty if it is not installed or states none."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    stated, short = ((about.get_all(key) or [""])[0] for key in ("License-Expression", "License"))
    short = "" if short == "UNKNOWN" else short  # as old tools write for none
    classified = [each.removeprefix(CLASSIFIER) for each in about.get_all("Classifier") or [] if CLASSIFIER in each]
    return stated or ", ".join(classified) or (short if "\n" not in short and len(short) < 80 else "")


def inventory(packages: Sequence[Package], version: str) -> Mapping[str, Any]:
    """Return the document. The same lock gives the same document."""
    serial = uuid.uuid5(uuid.NAMESPACE_URL, " ".join(package.purl for package in packages))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "visnyk", "version": version, "bom-ref": "visnyk"}},
        "components": [_component(package) for package in packages],
        "dependencies": [{"ref": "visnyk", "dependsOn": [package.purl for package in packages]}],
    }


def _component(package: Package) -> dict[str, Any]:
    stated = licence(package.name)
    # The lock names every file of a version that may be installed, so the hashes are of its files.
    files = [{"type": "distribution", "url": package.purl, "hashes": [_sha256(each)]} for each in package.hashes]
    component = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        "externalReferences": files,
    }
    return component | ({"licenses": [{"license": {"name": stated}}]} if stated else {})


def _sha256(digest: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": digest}


def main() -> None:
    json.dump(inventory(locked(LOCK.read_text("utf-8")), __version__), sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
