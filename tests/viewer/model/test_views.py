"""What an image shows, by its header."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.viewer.conftest import MakeImage
from viewer.io.file_source import FileSource
from viewer.model.views import ViewKind, is_mirror_image, view_of


@pytest.mark.parametrize(
    ("modality", "texts", "expected"),
    [
        ("PX", (), ViewKind.PANORAMIC),
        ("DX", ("Téléradiographie de profil",), ViewKind.LATERAL_CEPH),
        ("DX", ("CEPH PA",), ViewKind.FRONTAL_CEPH),
        ("CR", ("Hand and wrist",), ViewKind.HAND_WRIST),
        ("IO", ("Bitewing right",), ViewKind.BITEWING),
        ("IO", ("Panoramic of another study",), ViewKind.PERIAPICAL),
        ("CT", ("Head",), ViewKind.VOLUME),
        ("XC", ("EV-19",), ViewKind.FACE_SMILE),
        ("XC", ("Orthodontic Intraoral Series", "IV24"), ViewKind.UPPER_OCCLUSAL),
        ("XC", ("Buccale droite",), ViewKind.BUCCAL_RIGHT),
        ("XC", ("Photo occlusale inf.",), ViewKind.LOWER_OCCLUSAL),
        ("XC", ("Left buccal",), ViewKind.BUCCAL_LEFT),
        ("XC", ("Profil",), ViewKind.PROFILE_RIGHT),
        ("XC", (), ViewKind.PHOTOGRAPH),
        ("OT", ("Scan",), ViewKind.OTHER),
    ],
)
def test_the_view_follows_from_modality_and_words(modality: str, texts: tuple[str, ...], expected: ViewKind) -> None:
    assert view_of(modality, texts=texts) is expected


def test_body_part_and_position_tell_when_no_word_does() -> None:
    assert view_of("DX", "SKULL", "LL") is ViewKind.LATERAL_CEPH
    assert view_of("DX", "SKULL", "PA") is ViewKind.FRONTAL_CEPH
    assert view_of("DX", "HAND", "PA") is ViewKind.HAND_WRIST
    assert view_of("DX", "CHEST", "PA") is ViewKind.OTHER


@pytest.mark.parametrize(
    ("words", "mirrored"),
    [
        ("IV02", True), ("IV-24", True), ("IV25", False), ("IV01", False), ("EV02", False),
        ("Intraoral Right Buccal Segment - With Mirror", True),
        ("Intraoral Right Buccal Segment - With Mirror But Corrected", False), ("", False),
    ],
)  # fmt: skip
def test_uncorrected_mirror_photographs_are_known(words: str, mirrored: bool) -> None:
    assert is_mirror_image(words) is mirrored


@pytest.mark.parametrize(("modifier", "mirrored"), [("789135000", True), ("787610003", False), ("", False)])
def test_the_codes_of_a_photograph_say_whether_it_is_shown_mirrored(
    make_image: MakeImage, tmp_path: Path, modifier: str, mirrored: bool
) -> None:
    view = Dataset()
    view.CodeValue, view.CodingSchemeDesignator, view.CodeMeaning = "260499007", "SCT", "Occlusal"
    if modifier:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = modifier, "SCT", "x"
        view.ViewModifierCodeSequence = [item]
    extra = Dataset()
    extra.ViewCodeSequence = [view]
    path = tmp_path / "photo.dcm"
    path.write_bytes(make_image(np.zeros((8, 8, 3), np.uint8), "RGB", Modality="XC", _extra=extra))
    [(_study, found)] = FileSource([path]).catalogue().images()
    assert found.mirrored is mirrored
