"""What an image shows, by its header."""

from __future__ import annotations

import pytest

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
