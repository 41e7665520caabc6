"""Photographs become DICOM with the camera's bytes unchanged, or converted without loss, and are shown upright."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image, ImageOps
from pydicom.encaps import generate_frames

from app.imaging.found import Identity, RefusedFile, Upright
from app.imaging.kinds import Kind, kind_of
from app.imaging.photographs import UPRIGHT, Photograph, photograph, scan_of
from app.imaging.pictures import CAP_BYTES, SIDE_PX, encoded, reduced, turned
from app.imaging.vocabulary import Reason, RenditionKind
from tests.app.imaging import samples
from viewer.pixels import open_image

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2026, 11, 24)
ZOE = Identity("p-1", "Côté-Lévesque^Zoé", "10021", date(2012, 3, 14), "F")


def made(content: bytes, name: str = "photo.jpg", *, identity: Identity = ZOE, millions: int = 200) -> Photograph:
    kind = kind_of(content[:4096], len(content), name)
    assert kind is not None
    return photograph(kind, content, hashlib.sha256(content).hexdigest(), identity, "p-1", TODAY, millions)


def test_a_camera_jpeg_is_carried_unchanged() -> None:
    content = (DATA / "photos" / "front.jpg").read_bytes()
    taken = made(content)
    assert taken.envelope is not None
    whole = taken.envelope.around(content)
    ds = pydicom.dcmread(io.BytesIO(whole))
    frame = next(generate_frames(ds.PixelData, number_of_frames=1))
    assert frame[: len(content)] == content
    assert ds.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.50"
    assert (ds.SOPClassUID, ds.Modality, ds.LossyImageCompression) == ("1.2.840.10008.5.1.4.1.1.77.1.4", "XC", "01")
    assert (ds.PatientName, ds.PatientID, ds.PatientBirthDate) == ("Côté-Lévesque^Zoé", "10021", "20120314")
    with open_image(whole) as source, Image.open(io.BytesIO(content)) as plain:
        shown = source.to_display(source.frame(0)).astype(int)
        assert np.abs(shown - np.asarray(plain.convert("RGB"), int)).mean() < 1.5


def test_the_same_photograph_is_the_same_instance_of_the_same_chart_only() -> None:
    content = samples.turned_jpeg(1)
    here, again = made(content).made, made(content).made
    other = made(content, identity=Identity("p-2")).made
    assert here == again
    assert here.instance.sop_instance_uid != other.instance.sop_instance_uid


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_the_camera_is_honoured(orientation: int) -> None:
    content = samples.turned_jpeg(orientation)
    taken = made(content)
    assert taken.upright == UPRIGHT[orientation]
    with Image.open(io.BytesIO(content)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image), int)
        shown = np.asarray(turned(image.convert("RGB"), taken.upright), int)
    assert shown.shape == expected.shape
    assert np.abs(shown - expected).max() <= 2


def test_what_exif_says_of_time_and_camera_is_kept() -> None:
    facts = made(samples.turned_jpeg(6)).made
    assert (facts.study.studied_on, facts.instance.acquired_on) == (date(2025, 6, 2), date(2025, 6, 2))
    assert facts.instance.acquired_at_time == "14:03:09"
    assert (facts.series.manufacturer, facts.series.model_name) == ("Nikon", "D90")


@pytest.mark.parametrize(
    ("form", "name", "options"),
    [
        ("PNG", "a.png", {}),
        ("TIFF", "a.tif", {}),
        ("TIFF", "a.tif", {"compression": "tiff_lzw"}),
        ("JPEG2000", "a.jp2", {"irreversible": False}),
    ],
)
def test_a_lossless_picture_stays_lossless(form: str, name: str, options: dict[str, object]) -> None:
    image = samples.corner_picture()
    taken = made(samples.encoded(image, form, **options), name)
    assert taken.envelope is None
    assert taken.converted is not None
    assert not taken.made.instance.lossy
    with open_image(taken.converted) as source:
        assert (source.to_display(source.frame(0)) == np.asarray(image)).all()


def test_a_grey_picture_of_16_bits_keeps_them() -> None:
    values = np.linspace(0, 65535, 30 * 20).astype(np.uint16).reshape(20, 30)
    taken = made(samples.encoded(Image.fromarray(values), "PNG"), "x.png")
    assert taken.converted is not None
    with open_image(taken.converted) as source:
        assert (source.frame(0).values == values).all()
        assert source.header.bits_stored == 16


def test_transparency_is_laid_on_white() -> None:
    image = Image.new("RGBA", (12, 10), (0, 0, 0, 0))
    taken = made(samples.encoded(image, "PNG"), "x.png")
    assert taken.converted is not None
    with open_image(taken.converted) as source:
        assert (source.to_display(source.frame(0)) == 255).all()


def test_a_progressive_jpeg_is_converted_and_stays_marked_lossy() -> None:
    content = samples.encoded(samples.corner_picture(), "JPEG", progressive=True, quality=90)
    scan = scan_of(content)
    assert scan is not None
    assert scan.process == 0xC2
    taken = made(content)
    assert taken.converted is not None
    ds = pydicom.dcmread(io.BytesIO(taken.converted))
    assert (ds.LossyImageCompression, ds.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
    with open_image(taken.converted) as source, Image.open(io.BytesIO(content)) as plain:
        assert (source.to_display(source.frame(0)) == np.asarray(plain)).all()


def test_a_heic_picture_is_converted_with_every_pixel_it_decodes_to() -> None:
    content = (DATA / "photos" / "small.heif").read_bytes()
    taken = made(content, "IMG_0001.HEIC")
    assert taken.converted is not None
    assert taken.made.instance.lossy
    import pi_heif

    opened = pi_heif.open_heif(io.BytesIO(content))
    expected = np.asarray(opened)
    with open_image(taken.converted) as source:
        assert (source.to_display(source.frame(0)) == expected).all()


def test_a_grey_jpeg_and_one_of_rgb_components_keep_their_meaning() -> None:
    grey = made(samples.encoded(samples.corner_picture("L"), "JPEG"))
    assert grey.made.instance.photometric == "MONOCHROME2"
    rgb = scan_of(samples.encoded(samples.corner_picture(), "JPEG", keep_rgb=True))
    assert rgb is not None
    assert rgb.photometric == "RGB"


def test_several_pages_too_many_pixels_and_damage_are_refused() -> None:
    pages = samples.encoded(samples.corner_picture(), "TIFF", save_all=True, append_images=[samples.corner_picture()])
    png = samples.encoded(Image.new("L", (1500, 1000)), "PNG")
    cut = png[:60]
    for content, reason, millions in (
        (pages, Reason.SEVERAL_PAGES, 200),
        (png, Reason.TOO_MANY_PIXELS, 1),
        (cut, Reason.DAMAGED_PIXELS, 200),
        (b"\x89PNG\r\n\x1a\n rubbish", Reason.DAMAGED, 200),
    ):
        with pytest.raises(RefusedFile) as caught:
            made(content, millions=millions)
        assert caught.value.reason is reason


def test_renditions_stay_below_their_bytes_whatever_the_picture() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (800, 800, 3), np.uint8)
    for kind, side in SIDE_PX.items():
        made = encoded(reduced(Image.fromarray(noise), side), CAP_BYTES[kind])
        assert len(made.content) <= CAP_BYTES[kind]
        assert made.media_type == "image/jpeg"
    small = encoded(Image.new("L", (100, 80)), CAP_BYTES[RenditionKind.THUMBNAIL])
    assert small.media_type == "image/png"
    assert len(small.content) < 5000


def test_turning_four_times_gives_the_picture_back() -> None:
    image = samples.corner_picture()
    for _quarter in range(4):
        image = turned(image, Upright(1))
    assert image.tobytes() == samples.corner_picture().tobytes()


def test_kinds_are_told_by_their_bytes() -> None:
    names = {
        "photos/front.jpg": Kind.JPEG,
        "photos/small.heif": Kind.HEIC,
        "mesh/unit_cube.stl": Kind.STL,
        "mesh/two_objects_mixed_case_names.stl": Kind.STL,
        "mesh/fuze.ply": Kind.PLY,
        "dicom/pydicom/CT_small.dcm": Kind.DICOM,
        "licences/pydicom.MIT.txt": None,
    }
    for name, kind in names.items():
        content = (DATA / name).read_bytes()
        assert kind_of(content[:4096], len(content), "renamed") is kind, name
    assert kind_of(samples.OBJ, len(samples.OBJ), "scan.obj") is Kind.OBJ
    assert kind_of(b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100", 20, "IM0001") is Kind.DICOM
