"""Archwire ships nothing under the GPL or the AGPL, and its notices name all that it does ship."""

from importlib import metadata
from pathlib import Path

import licences
import notices
import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("pin", licences.runtime_pins(), ids=lambda pin: pin.name)
def test_the_licence_may_be_shipped(pin: licences.Pin) -> None:
    assert licences.acceptable(licences.licence(pin.name)), licences.licence(pin.name)


@pytest.mark.parametrize(
    "expression",
    [
        "GPL-3.0-only",
        "GPLv2",
        "AGPL-3.0-or-later",
        "MIT AND GPL-2.0-or-later",
        "GPL-2.0-only OR AGPL-3.0-only",
        "GPL-3.0-only AND (MIT OR BSD-3-Clause)",
        "GNU General Public License v3 (GPLv3)",
        "GNU General Public License v2 or later",
        "GNU Affero General Public License v3",
        "unknown",
        "",
    ],
)
def test_copyleft_and_unknown_licences_are_refused(expression: str) -> None:
    assert not licences.acceptable(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
        "GNU Lesser General Public License v3 (LGPLv3)",
        "GNU Library or Lesser General Public License (LGPL)",
        "BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1",
    ],
)
def test_permissive_and_lesser_licences_are_accepted(expression: str) -> None:
    assert licences.acceptable(expression)


def test_a_licence_is_read_from_the_metadata(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "planted-1.0.dist-info"
    folder.mkdir()
    classifier = "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"
    described = f"Metadata-Version: 2.1\nName: planted\nVersion: 1.0\nLicense: MIT\nClassifier: {classifier}\n"
    (folder / "METADATA").write_text(described, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert licences.licence("planted") == "MIT AND GNU General Public License v3 (GPLv3)"


def test_the_licences_noted_for_other_systems_are_those_of_the_metadata() -> None:
    installed = {distribution.name.lower() for distribution in metadata.distributions()}
    for name, expression in licences.ONE_SYSTEM.items():
        if name in installed:
            assert licences.declared(name) == expression
    assert set(licences.ONE_SYSTEM) == {pin.name for pin in licences.runtime_pins() if pin.marker}


def test_the_notices_are_current() -> None:
    assert (ROOT / "NOTICES.md").read_text(encoding="utf-8") == notices.notices()
