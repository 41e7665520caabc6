"""Photographs into DICOM: VL Photographic Image Storage (PS3.3 §A.32.4), the camera's bytes unchanged where they may.

A JPEG of the baseline or extended process is itself a DICOM transfer syntax and is put in an envelope as it is; its
EXIF orientation is then honoured when it is shown. PNG, TIFF, HEIC, JPEG 2000 files and progressive JPEG have no DICOM
form that carries them: their pixels are turned upright and kept without loss as JPEG-LS, and the received file stays
beside them as the original.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from app.imaging import envelopes
from app.imaging.envelopes import Envelope, Made
from app.imaging.found import Identity, RefusedFile, Upright
from app.imaging.kinds import Kind
from app.imaging.vocabulary import Content, Reason

if TYPE_CHECKING:
    from PIL import Image
    from pydicom.dataset import Dataset

VL_PHOTOGRAPHIC: Final = "1.2.840.10008.5.1.4.1.1.77.1.4"
SECONDARY_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7"
JPEG_SYNTAXES: Final = {0xC0: "1.2.840.10008.1.2.4.50", 0xC1: "1.2.840.10008.1.2.4.51"}
JPEG_LS: Final = "1.2.840.10008.1.2.4.80"
LOSSY_METHODS: Final = {Kind.JPEG: "ISO_10918_1", Kind.HEIC: "ISO_23008_2", Kind.JPEG2000: "ISO_15444_1"}
"""Defined terms of Lossy Image Compression Method (PS3.3 §C.7.6.1.1.5.1)."""
UPRIGHT: Final = {
    1: Upright(),
    2: Upright(0, True),
    3: Upright(2),
    4: Upright(2, True),
    5: Upright(3, True),
    6: Upright(1),
    7: Upright(1, True),
    8: Upright(3),
}
"""EXIF orientation (CIPA DC-008 §4.6.4) as mirror first, then clockwise quarters."""
_ORIENTATION, _MAKE, _MODEL, _EXIF, _TAKEN = 0x0112, 0x010F, 0x0110, 0x8769, 0x9003
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class Scan:
    """The frame header of a JPEG (ISO/IEC 10918-1 §B.2.2): process, precision, components, Adobe's colour transform."""

    process: int
    precision: int
    rows: int
    columns: int
    components: tuple[int, ...]
    adobe_transform: int | None

    @property
    def photometric(self) -> str:
        """What the components are, by Adobe's mark or, as decoders agree, by the component ids."""
        if len(self.components) == 1:
            return "MONOCHROME2"
        if self.adobe_transform == 0 or (self.adobe_transform is None and self.components == (0x52, 0x47, 0x42)):
            return "RGB"
        return "YBR_FULL_422"


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph in its DICOM form: either an envelope or a converted file."""

    made: Made
    upright: Upright
    envelope: Envelope | None
    converted: bytes | None


@dataclass(frozen=True, slots=True)
class _Camera:
    upright: Upright
    make: str
    model: str
    taken: datetime | None


def scan_of(content: bytes) -> Scan | None:
    """The frame header of a JPEG, None when there is none to be found."""
    place, adobe = 2, None
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            return None
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _STANDALONE:
            place += 2
            continue
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        body = content[place + 4 : place + 2 + length]
        if marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            adobe = body[11]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC} and len(body) >= 6:
            components = tuple(body[6 + 3 * index] for index in range(body[5]) if 6 + 3 * index < len(body))
            rows, columns = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
            return Scan(marker, body[0], rows, columns, components, adobe)
        if marker == 0xDA or length < 2:
            return None
        place += 2 + length
    return None


def photograph(
    kind: Kind, content: bytes, sha256: str, identity: Identity, owner: str, today: date, pixel_millions: int
) -> Photograph:
    """A photograph as a DICOM object. Raises `RefusedFile`."""
    with _opened(kind, content, pixel_millions) as image:
        camera = _camera(image)
        scan = scan_of(content) if kind is Kind.JPEG else None
        if scan is not None and _is_dicom_jpeg(scan):
            return _in_envelope(content, sha256, scan, camera, identity, owner, today)
        return _converted(image, kind, content, sha256, camera, identity, owner, today)


def _is_dicom_jpeg(scan: Scan) -> bool:
    return scan.process in JPEG_SYNTAXES and scan.precision == 8 and len(scan.components) in {1, 3} and scan.rows > 0


def _opened(kind: Kind, content: bytes, pixel_millions: int) -> Image.Image:
    from PIL import Image, UnidentifiedImageError

    if kind is Kind.HEIC:
        import pi_heif  # type: ignore[import-untyped]  # it ships no types

        pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # the limit of the clinic is checked below, before any pixel is decoded
    try:
        image = Image.open(io.BytesIO(content))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise RefusedFile(Reason.DAMAGED) from None
    if image.width * image.height > pixel_millions * 1_000_000:
        raise RefusedFile(Reason.TOO_MANY_PIXELS, limit=pixel_millions)
    if kind is Kind.TIFF and getattr(image, "n_frames", 1) > 1:
        raise RefusedFile(Reason.SEVERAL_PAGES)
    return image


def _camera(image: Image.Image) -> _Camera:
    """What EXIF says; a damaged block says nothing."""
    try:
        tags = image.getexif()
        taken = str(tags.get_ifd(_EXIF).get(_TAKEN, ""))
        orientation, make, model = tags.get(_ORIENTATION, 1), tags.get(_MAKE, ""), tags.get(_MODEL, "")
    except Exception:
        return _Camera(Upright(), "", "", None)
    upright = UPRIGHT.get(orientation, Upright()) if isinstance(orientation, int) else Upright()
    return _Camera(upright, envelopes.printable(str(make)), envelopes.printable(str(model)), _instant(taken))


def _instant(written: str) -> datetime | None:
    try:
        return datetime.strptime(written.strip("\0 "), "%Y:%m:%d %H:%M:%S")  # a camera's local time, without a zone
    except ValueError:
        return None


def _in_envelope(
    content: bytes, sha256: str, scan: Scan, camera: _Camera, identity: Identity, owner: str, today: date
) -> Photograph:
    about = {
        "sop_class_uid": VL_PHOTOGRAPHIC,
        "transfer_syntax_uid": JPEG_SYNTAXES[scan.process],
        "lossy": True,
        "image_rows": scan.rows,
        "image_columns": scan.columns,
        "photometric": scan.photometric,
        "bits_stored": 8,
    }
    made = _facts(about, sha256, camera, identity, owner, today)
    ds = _image(made, identity, len(scan.components), 8)
    _mark_lossy(ds, Kind.JPEG, len(content))
    return Photograph(made, camera.upright, envelopes.around_pixels(ds, len(content)), None)


def _facts(about: dict[str, object], sha256: str, camera: _Camera, identity: Identity, owner: str, today: date) -> Made:
    day = camera.taken.date() if camera.taken else today
    about |= {"content": Content.IMAGE, "frames": 1, "number": 1}
    if camera.taken:
        about |= {"acquired_on": day, "acquired_at_time": f"{camera.taken:%H:%M:%S}"}
    return envelopes.facts(owner, identity, day, "XC", sha256, about, (camera.make, camera.model))


def _image(made: Made, identity: Identity, samples: int, bits: int) -> Dataset:
    """The General Image, Image Pixel, VL Image and Acquisition Context modules."""
    ds = envelopes.header(made, identity)
    ds.ImageType = ["ORIGINAL", "PRIMARY"]
    ds.Laterality = ""  # of the series; which side a view shows is assigned by people
    if made.instance.acquired_on:
        ds.AcquisitionDateTime = ds.ContentDate + ds.ContentTime
    else:
        # Without the moment they may be absent but not empty (PS3.3 §C.8.12.1).
        del ds.ContentDate, ds.ContentTime
    if made.instance.sop_class_uid == SECONDARY_CAPTURE:
        ds.ConversionType = "WSD"
    ds.PatientOrientation = ["", ""]
    ds.BurnedInAnnotation = "NO"
    ds.SamplesPerPixel = samples
    ds.PhotometricInterpretation = made.instance.photometric
    if samples > 1:
        ds.PlanarConfiguration = 0
    ds.Rows, ds.Columns = made.instance.image_rows, made.instance.image_columns
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = (8 if bits <= 8 else 16), bits, bits - 1
    ds.PixelRepresentation = 0
    ds.AcquisitionContextSequence = []
    ds.LossyImageCompression = "00"
    return ds


def _mark_lossy(ds: Dataset, kind: Kind, size: int) -> None:
    raw = ds.Rows * ds.Columns * ds.SamplesPerPixel * ds.BitsAllocated // 8
    ds.LossyImageCompression = "01"
    ds.LossyImageCompressionRatio = f"{raw / size:.2f}"
    ds.LossyImageCompressionMethod = LOSSY_METHODS[kind]


def _converted(
    image: Image.Image, kind: Kind, content: bytes, sha256: str, camera: _Camera, identity: Identity, owner: str,
    today: date,
) -> Photograph:  # fmt: skip
    values = _upright_pixels(image, kind, camera.upright)
    rows, columns, samples = (*values.shape, 1)[:3]
    bits = values.dtype.itemsize * 8
    lossy = kind in {Kind.JPEG, Kind.HEIC} or (kind is Kind.JPEG2000 and _is_lossy_jpeg2000(content))
    about = {
        "sop_class_uid": VL_PHOTOGRAPHIC if bits == 8 else SECONDARY_CAPTURE,
        "transfer_syntax_uid": JPEG_LS,
        "lossy": lossy,
        "image_rows": rows,
        "image_columns": columns,
        "photometric": "RGB" if samples == 3 else "MONOCHROME2",
        "bits_stored": bits,
    }
    made = _facts(about, sha256, camera, identity, owner, today)
    ds = _image(made, identity, samples, bits)
    if lossy:
        _mark_lossy(ds, kind, len(content))
    profile = image.info.get("icc_profile")
    if profile and samples == 3:
        ds.ICCProfile = profile + b"\0" * (len(profile) % 2)
    frame = _jpeg_ls(values)
    return Photograph(made, Upright(), None, envelopes.around_pixels(ds, len(frame)).around(frame))


def _upright_pixels(image: Image.Image, kind: Kind, upright: Upright) -> Any:
    """The pixels as 8-bit RGB, or as grey of 8 or 16 bits; transparency is laid on white."""
    import numpy as np
    from PIL import Image

    from app.imaging.pictures import turned

    try:
        image.load()
        if image.mode.startswith("I"):
            shown = turned(image, upright)
            return np.ascontiguousarray(np.clip(np.asarray(shown), 0, 65535).astype(np.uint16))
        if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
            above = image.convert("RGBA")
            below = Image.new("RGBA", above.size, "white")
            below.alpha_composite(above)
            shown = below.convert("RGB")
        else:
            wanted = "L" if image.mode in {"1", "L"} else "RGB"
            shown = image if image.mode == wanted else image.convert(wanted)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError):
        raise RefusedFile(Reason.DAMAGED_PIXELS) from None
    # pi-heif turns while it decodes, and says so by leaving the orientation at 1.
    values = np.ascontiguousarray(np.asarray(turned(shown, upright)))
    image.close()  # its pixels are as large as these
    return values


def _jpeg_ls(values: Any) -> bytes:
    import imagecodecs

    # Noise grows when it is encoded: the codec's own guess at the room is too small for it.
    return bytes(imagecodecs.jpegls_encode(values, out=2 * values.nbytes + 1024))


def _is_lossy_jpeg2000(content: bytes) -> bool:
    """The wavelet of the COD marker: 0 is the irreversible 9-7 (ISO/IEC 15444-1 §A.6.1)."""
    place = content.find(b"\xff\x52\x00")
    return place < 0 or len(content) <= place + 13 or content[place + 13] == 0
