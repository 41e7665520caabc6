"""Decode one frame by its transfer syntax through imagecodecs, which releases the interpreter lock."""

from __future__ import annotations

import itertools
import os
import zlib
from collections.abc import Callable

import numpy as np

from viewer.pixels.codestream import StreamFacts, stream_facts
from viewer.pixels.errors import DamagedPixels, UnsupportedPixels
from viewer.pixels.form import Array, Decoded, PixelFormat, sign_extend
from viewer.pixels.high_throughput import trusted_samples
from viewer.pixels.native import native_frame, stored_values
from viewer.pixels.reading import DEFLATED, EXPLICIT_BE, EXPLICIT_LE, IMPLICIT_LE

_JPEG = "1.2.840.10008.1.2.4."
NATIVE = frozenset({IMPLICIT_LE, EXPLICIT_LE, EXPLICIT_BE, DEFLATED})
END_OF_IMAGE = b"\xff\xd9"
TRAILING = 1024
"""Bytes at the end of a frame among which the last marker is looked for: some writers pad generously."""
CODEC_THREADS = min(4, os.cpu_count() or 1)
"""Code blocks of JPEG 2000 are independent: two threads halve the time of the slowest syntax."""
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"


def decode(data: bytes, transfer_syntax: str, form: PixelFormat) -> Decoded:
    """Decode the bytes of one encapsulated frame.

    Raises DamagedPixels; UnsupportedPixels when the codestream has an undefined number of samples. The caller has
    checked the transfer syntax with `can_decode`.
    """
    decoder = _DECODERS[transfer_syntax]
    facts = None
    if decoder not in (_run_length, _deflated_frame):
        facts = stream_facts(data)
        _check_facts(facts, form)
        _check_end(data, decoder)
    try:
        found = decoder(data, form, facts)
    except (DamagedPixels, UnsupportedPixels):
        raise
    except Exception:
        raise DamagedPixels from None
    expected = (form.rows, form.columns) if form.samples == 1 else (form.rows, form.columns, form.samples)
    if found.values.shape != expected:
        raise DamagedPixels
    return Decoded(_to_stored(found.values, form, facts), found.is_rgb)


def can_decode(transfer_syntax: str) -> bool:
    """Whether frames of this transfer syntax can be read, compressed or not."""
    return transfer_syntax in NATIVE or transfer_syntax in _DECODERS


def _check_facts(facts: StreamFacts | None, form: PixelFormat) -> None:
    """The codestream must be the image that the header describes: decoders allocate what the codestream says."""
    if facts is None or (facts.rows, facts.columns) != (form.rows, form.columns):
        raise DamagedPixels
    if facts.components != form.samples or facts.precision > form.bits_allocated:
        raise DamagedPixels


def _check_end(data: bytes, decoder: _Decoder) -> None:
    """A JPEG or JPEG-LS stream must have its last marker.

    libjpeg fills what is missing with grey and says nothing; CharLS thinks for seconds before it gives up.
    """
    if decoder not in (_jpeg_2000, _high_throughput) and END_OF_IMAGE not in data[-TRAILING:]:
        raise DamagedPixels


def _to_stored(values: Array, form: PixelFormat, facts: StreamFacts | None) -> Array:
    """Give the samples the sign that Pixel Representation says; codecs often do not know it."""
    precision = facts.precision if facts else form.bits_stored
    if form.signed and values.dtype.kind == "u":
        # RLE and deflated frames, which keep whole cells, have their sign already.
        return sign_extend(values, precision).astype(form.dtype, copy=False)
    if not form.signed and values.dtype.kind == "i":
        return (values.astype(np.int64) & ((1 << form.bits_stored) - 1)).astype(form.dtype)
    return np.ascontiguousarray(values)


def _jpeg(data: bytes, form: PixelFormat, facts: StreamFacts | None) -> Decoded:
    """All DCT and lossless JPEG processes of 2 to 16 bits."""
    import imagecodecs

    if form.samples == 1:
        return Decoded(imagecodecs.jpeg8_decode(data))
    if form.samples != 3 or facts is None:
        raise UnsupportedPixels
    coded = "YCBCR" if _is_ycbcr(facts, form.photometric) else "RGB"
    return Decoded(imagecodecs.jpeg8_decode(data, colorspace=coded, outcolorspace="RGB"), is_rgb=True)


def _is_ycbcr(facts: StreamFacts, photometric: str) -> bool:
    """What the colour components are: markers first, since many headers name the colour space after decoding."""
    if facts.adobe_transform is not None:
        return facts.adobe_transform == 1
    if facts.jfif:
        return True
    if facts.component_ids == b"RGB":
        return False
    return photometric.startswith("YBR")


def _jpeg_ls(data: bytes, form: PixelFormat, facts: StreamFacts | None) -> Decoded:
    import imagecodecs

    return Decoded(imagecodecs.jpegls_decode(data), is_rgb=not form.photometric.startswith("YBR_FULL"))


def _jpeg_2000(data: bytes, form: PixelFormat, facts: StreamFacts | None) -> Decoded:
    """JPEG 2000 by OpenJPEG, which undoes the component transform (YBR_ICT, YBR_RCT) itself."""
    import imagecodecs

    values = imagecodecs.jpeg2k_decode(data, numthreads=CODEC_THREADS)
    return Decoded(values, is_rgb=not form.photometric.startswith("YBR_FULL"))


def _high_throughput(data: bytes, form: PixelFormat, facts: StreamFacts | None) -> Decoded:
    """HTJ2K by OpenJPH; what that cannot be trusted with by OpenJPEG, which is half as fast."""
    values = trusted_samples(data, facts) if facts is not None else None
    if values is None:
        return _jpeg_2000(data, form, facts)
    return Decoded(values, is_rgb=not form.photometric.startswith("YBR_FULL"))


def _run_length(data: bytes, form: PixelFormat, facts: StreamFacts | None) -> Decoded:
    """RLE (PS3.5 annex G): one segment for each byte of each sample, high byte first, colour by plane.

    The segments are cut out here and not by imagecodecs' own RLE decoder, which crashes on damaged offsets.
    """
    size, pixels = form.dtype.itemsize, form.rows * form.columns
    header = np.frombuffer(data[:64], "<u4")
    count = size * form.samples
    if header.size < 16 or header[0] != count:
        raise DamagedPixels
    bounds = [*(int(offset) for offset in header[1 : count + 1]), len(data)]
    if bounds[0] < 64 or any(a >= b for a, b in itertools.pairwise(bounds)):
        raise DamagedPixels
    cells = np.empty((form.samples, pixels, size), np.uint8)
    for index, (start, end) in enumerate(itertools.pairwise(bounds)):
        sample, byte = divmod(index, size)
        cells[sample, :, size - 1 - byte] = _unpacked(data[start:end], pixels)
    planes = cells.view(f"<u{size}").reshape(form.samples, form.rows, form.columns)
    values = stored_values(planes, form)
    return Decoded(values[0] if form.samples == 1 else np.moveaxis(values, 0, -1), is_rgb=form.photometric == "RGB")


def _unpacked(segment: bytes, count: int) -> Array:
    """The first `count` bytes of a PackBits segment, which may have padding behind them."""
    import imagecodecs

    # Two bytes make at most 128: more cannot be in the segment, and nothing is reserved for a promise.
    if count > 64 * len(segment) + 128:
        raise DamagedPixels
    plain = imagecodecs.packbits_decode(segment)
    if len(plain) < count:
        raise DamagedPixels
    return np.frombuffer(plain, np.uint8, count)


def _deflated_frame(data: bytes, form: PixelFormat, facts: StreamFacts | None) -> Decoded:
    """Deflated Image Frame Compression (PS3.5 §8.2.17): each frame is one raw deflate stream of native pixels."""
    plain = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, (form.frame_bits + 7) // 8)
    return native_frame(plain, form, EXPLICIT_LE)


_Decoder = Callable[[bytes, PixelFormat, StreamFacts | None], Decoded]
_DECODERS: dict[str, _Decoder] = {
    **{_JPEG + suffix: _jpeg for suffix in ("50", "51", "57", "70")},
    **{_JPEG + suffix: _jpeg_ls for suffix in ("80", "81")},
    **{_JPEG + suffix: _jpeg_2000 for suffix in ("90", "91")},
    **{_JPEG + suffix: _high_throughput for suffix in ("201", "202", "203")},
    "1.2.840.10008.1.2.5": _run_length,
    DEFLATED_FRAMES: _deflated_frame,
}
