"""Every sentence of the viewer has French in its catalogue, with the same places."""

from __future__ import annotations

import dataclasses
import string
from pathlib import Path

from babel.messages.pofile import read_po

from viewer.pixels import errors
from viewer.widgets.texts import TileTexts

CATALOGUE = Path(__file__).parents[2] / "resources" / "locale" / "fr_CA" / "viewer.po"


def sentences() -> set[str]:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.PixelError)]
    texts = [field.default for field in dataclasses.fields(TileTexts) if isinstance(field.default, str)]
    return {kind.message_id for kind in kinds} | set(texts)


def places(text: str) -> set[str | None]:
    return {place for _, place, _, _ in string.Formatter().parse(text) if place}


def test_every_sentence_has_french() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = {str(m.id): str(m.string) for m in read_po(file, locale="fr_CA") if m.id}
    assert set(catalogue) == sentences()
    assert all(catalogue.values())
    for english, french in catalogue.items():
        assert places(english) == places(french)
        assert "'" not in french
