"""Colour images to RGB (PS3.3 §C.7.6.3.1.2), palettes (§C.7.6.3.1.5, §C.7.9) and ICC profiles (§C.11.15)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from viewer.pixels import attributes as at
from viewer.pixels.errors import DamagedPixels
from viewer.pixels.form import Array

MAX_PROFILE = 4 << 20

_FULL = np.array([[1.0, 0.0, 1.402], [1.0, -0.114 * 1.772 / 0.587, -0.299 * 1.402 / 0.587], [1.0, 1.772, 0.0]])


def ybr_to_rgb(values: Array, photometric: str) -> Array:
    """Samples of YBR_FULL(_422) or YBR_PARTIAL_422 as 8-bit RGB; deeper samples are scaled to 8 bits first."""
    ybr = to_eight_bits(values).astype(np.float32)
    if photometric.startswith("YBR_PARTIAL"):
        scale, offset = np.array([255 / 219, 255 / 224, 255 / 224]), np.array([16.0, 128.0, 128.0])
    else:
        scale, offset = np.ones(3), np.array([0.0, 128.0, 128.0])
    rgb = ((ybr - offset.astype(np.float32)) * scale.astype(np.float32)) @ _FULL.T.astype(np.float32)
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


def to_eight_bits(values: Array, bits: int | None = None) -> Array:
    """Colour samples of `bits` bits (default: the whole type) reduced to 8."""
    bits = bits or values.dtype.itemsize * 8
    return values if values.dtype == np.uint8 and bits == 8 else _scaled(values, bits)


def _scaled(values: Array, bits: int) -> Array:
    top = (1 << bits) - 1
    wide = np.clip(values, 0, top).astype(np.uint64)
    return ((wide * 255 + top // 2) // top).astype(np.uint8)


@dataclass(frozen=True)
class Palette:
    """An RGB table of 8-bit colours; stored value `first` is entry 0, values outside take the nearest entry."""

    first: int
    table: Array

    def apply(self, values: Array) -> Array:
        """Stored values (rows, columns) as RGB (rows, columns, 3)."""
        index = np.clip(values.astype(np.int64) - self.first, 0, len(self.table) - 1)
        return np.asarray(self.table[index])


def read_palette(ds: Dataset) -> Palette:
    """The Palette Color Lookup Table module, plain or segmented.

    Raises DamagedPixels when a table is missing or shorter than its descriptor says.
    """
    descriptor = at.numbers(ds, "RedPaletteColorLookupTableDescriptor")
    if len(descriptor) != 3:
        raise DamagedPixels
    entries, first, bits = int(descriptor[0]) or 65536, int(descriptor[1]), int(descriptor[2])
    if bits not in (8, 16) or not 0 < entries <= 65536:
        raise DamagedPixels
    channels = [_channel(ds, name, entries, bits) for name in ("Red", "Green", "Blue")]
    return Palette(first, np.stack(channels, axis=1))


def _channel(ds: Dataset, name: str, entries: int, bits: int) -> Array:
    plain = at.data(ds, f"{name}PaletteColorLookupTableData")
    segmented = at.data(ds, f"Segmented{name}PaletteColorLookupTableData")
    order = "<" if ds.original_encoding[1] is not False else ">"
    if plain:
        # Some writers store 8-bit entries one a byte, others one a word.
        wide = bits == 16 or len(plain) >= 2 * entries
        table = np.frombuffer(plain[: len(plain) // 2 * 2], f"{order}u2") if wide else np.frombuffer(plain, np.uint8)
    else:
        width = bits // 8
        words = np.frombuffer(segmented[: len(segmented) // width * width], f"{order}u{width}")
        table = np.array(_expand([int(word) for word in words], entries, bits), np.uint16)
    if len(table) < entries:
        raise DamagedPixels
    table = table[:entries].astype(np.uint16)
    return (table >> 8 if table.max() > 255 else table).astype(np.uint8)


def _expand(words: list[int], entries: int, bits: int) -> list[int]:
    """Segmented palette (PS3.3 §C.7.9.2): discrete, linear and indirect segments, up to `entries` values."""
    found: list[int] = []
    segments: list[list[int]] = []
    at_word = 0
    while at_word + 1 < len(words) and len(found) < entries:
        opcode, length = words[at_word], words[at_word + 1]
        size = {0: length, 1: 1, 2: 32 // bits}.get(opcode)
        if size is None or at_word + 2 + size > len(words):
            raise DamagedPixels
        body = words[at_word + 2 : at_word + 2 + size]
        segments.append([opcode, length, *body])
        _grow(found, segments[-1:] if opcode < 2 else _indirect(segments, body, length, bits), entries)
        at_word += 2 + size
    return found


def _indirect(segments: list[list[int]], body: list[int], count: int, bits: int) -> list[list[int]]:
    """The `count` earlier segments that start at a word offset (low word first)."""
    offset, at_word = sum(part << (bits * i) for i, part in enumerate(body)), 0
    for index, segment in enumerate(segments):
        if at_word == offset:
            chosen = segments[index : index + count]
            if any(item[0] > 1 for item in chosen):
                raise DamagedPixels
            return chosen
        at_word += len(segment)
    raise DamagedPixels


def _grow(found: list[int], segments: list[list[int]], entries: int) -> None:
    for opcode, length, *body in segments:
        if opcode == 0:
            found.extend(body)
        elif not found:
            raise DamagedPixels
        else:
            start, stop = found[-1], body[0]
            found.extend(round(start + (stop - start) * (i + 1) / length) for i in range(min(length, entries)))
        if len(found) > 2 * entries:
            raise DamagedPixels


def icc_profile(ds: Dataset, frame_bytes: bytes = b"") -> bytes:
    """The ICC profile of the image: of the header, of its optical path, or inside the camera's own JPEG."""
    candidates = [ds, *at.items(ds, "OpticalPathSequence")[:1]]
    for item in candidates:
        if profile := at.data(item, "ICCProfile"):
            return profile[:MAX_PROFILE]
    return _embedded_profile(frame_bytes) if b"ICC_PROFILE\0" in frame_bytes[: 1 << 16] else b""


def _embedded_profile(jpeg: bytes) -> bytes:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(jpeg)) as image:
            return bytes(image.info.get("icc_profile") or b"")
    except Exception:
        return b""


def to_srgb(rgb: Array, profile: bytes) -> Array:
    """Convert 8-bit RGB to sRGB by its ICC profile; a profile that cannot be used leaves the colours as they are."""
    if not profile:
        return rgb
    from PIL import Image, ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return rgb
        target: Any = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(
            Image.fromarray(np.ascontiguousarray(rgb)), source, target, renderingIntent=ImageCms.Intent.PERCEPTUAL
        )
    except Exception:
        return rgb
    return rgb if converted is None else np.asarray(converted)
