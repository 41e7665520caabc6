"""Screens import from `viewer.widgets` alone: every name exists, and nothing heavy is loaded before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import viewer.widgets


@pytest.mark.parametrize("name", viewer.widgets.__all__)
def test_every_name_can_be_had(name: str) -> None:
    assert getattr(viewer.widgets, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        _ = viewer.widgets.NoSuchThing


def test_importing_the_package_loads_neither_qt_nor_numpy() -> None:
    asked = (
        "import sys, viewer.widgets; print(sorted({'numpy', 'PySide6', 'pydicom', 'imagecodecs'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
