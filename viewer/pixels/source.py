"""Open an image and decode it frame by frame."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from viewer.pixels import attributes as at
from viewer.pixels.codecs import NATIVE, can_decode, decode
from viewer.pixels.colour import Palette, icc_profile, read_palette, ybr_to_rgb
from viewer.pixels.display import GREY, Frame, to_display
from viewer.pixels.errors import (
    DamagedFile,
    DamagedPixels,
    NoPixels,
    PixelError,
    TooLarge,
    UnsupportedPixels,
    UnsupportedTransferSyntax,
)
from viewer.pixels.form import Array, Decoded, PixelFormat
from viewer.pixels.frames import Extent, frame_extents
from viewer.pixels.header import Header, summarise
from viewer.pixels.lut import read_modality_lut
from viewer.pixels.native import native_frame, stored_cells, swap_words
from viewer.pixels.overlay import Overlay, read_overlays
from viewer.pixels.reading import EXPLICIT_BE, UNDEFINED, Parsed, Source, parse
from viewer.pixels.shutter import Shutter, read_shutter
from viewer.pixels.voi import Voi, automatic_voi, read_vois

FRAME_BUDGET = 512 << 20
"""Bytes that one decoded frame may take."""

COLOUR = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_ICT", "YBR_RCT"})


Decoder = Callable[[bytes, str, PixelFormat], Decoded]
"""Bytes of one encapsulated frame, transfer syntax and pixel format to samples, as `codecs.decode` does."""
REDUCIBLE = frozenset(f"1.2.840.10008.1.2.4.{suffix}" for suffix in ("50", "90", "91", "201", "202", "203"))
"""Transfer syntaxes whose frames can be decoded at a lower resolution for a part of the time."""


def open_image(source: Source, frame_budget: int = FRAME_BUDGET, decoder: Decoder = decode) -> PixelSource:
    """Open a DICOM image; its header is read and checked, its pixels stay in the file. Frames go through `decoder`.

    Raises a PixelError: NotDicom, DamagedFile, NoPixels, DamagedPixels, UnsupportedTransferSyntax, UnsupportedPixels
    or TooLarge.
    """
    return open_parsed(parse(source), frame_budget, decoder)


def open_parsed(parsed: Parsed, frame_budget: int = FRAME_BUDGET, decoder: Decoder = decode) -> PixelSource:
    """As `open_image`, of a header that has been parsed already; closes its stream when it raises."""
    try:
        return PixelSource(parsed, frame_budget, decoder)
    except PixelError:
        parsed.stream.close()
        raise
    except (Exception, RecursionError):
        parsed.stream.close()
        raise DamagedFile from None


class PixelSource:
    """One DICOM image. Frames are decoded when asked for; any thread may ask."""

    def __init__(self, parsed: Parsed, frame_budget: int, decoder: Decoder = decode) -> None:
        self._parsed, self._decoder = parsed, decoder
        self._lock = threading.Lock()
        self._last: Frame | None = None
        self._encoded = b""
        self.header: Header = summarise(parsed)
        self.form: PixelFormat = _pixel_format(parsed, self.header, frame_budget)
        self.frames: int = self.header.number_of_frames
        self.rows: int = self.form.rows
        self.columns: int = self.form.columns
        self._extents: list[list[Extent]] | None = self._locate()
        self._palette: Palette | None = read_palette(parsed.ds) if self.form.photometric == "PALETTE COLOR" else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; frames that were decoded stay valid."""
        self._parsed.stream.close()

    def frame(self, index: int = 0) -> Frame:
        """Decode one frame (0 is the first).

        Raises IndexError for a frame that does not exist, DamagedPixels or UnsupportedPixels.
        """
        if not 0 <= index < self.frames:
            raise IndexError(index)
        with self._lock:
            if self._last is None or self._last.index != index:
                self._last = self._decode(index)
            return self._last

    def vois(self, index: int = 0) -> tuple[Voi, ...]:
        """The windows and tables that the file itself offers for a frame."""
        lut = read_modality_lut(self._parsed.ds, index, self.form.signed)
        signed = self.form.signed if lut.identity else (lut.table is None and (self.form.signed or lut.intercept < 0))
        return read_vois(self._parsed.ds, index, signed)

    def default_voi(self, index: int = 0) -> Voi:
        """The file's first choice, or a robust automatic window. Colour images get the full 8-bit range."""
        if self.form.photometric not in GREY:
            return Voi(128.0, 256.0, automatic=True)
        chosen = self.vois(index)
        return chosen[0] if chosen else self.automatic_voi(index)

    def automatic_voi(self, index: int = 0) -> Voi:
        """A window from the values of the frame, without padding, shutter and border."""
        frame = self.frame(index)
        excluded, shutter = frame.padded(), self.shutter(index)
        if shutter is not None:
            excluded = shutter.hidden if excluded is None else excluded | shutter.hidden
        return automatic_voi(frame.modality_values(), excluded)

    def to_display(self, frame: Frame, voi: Voi | None = None, invert: bool = False) -> Array:
        """The frame as 8-bit grey (rows, columns) or RGB (rows, columns, 3), by default with its default window."""
        if voi is None and frame.is_grey:
            voi = self.default_voi(frame.index)
        return to_display(frame, voi, invert)

    def overlays(self, index: int = 0) -> tuple[Overlay, ...]:
        """The overlay planes of a frame."""

        def cells() -> Array | None:
            if self._extents is not None or self.form.floating or self.form.bits_allocated < 8:
                return None
            with self._lock:
                data, _ = self._native_bytes(index)
            return stored_cells(data, self.form, self._parsed.transfer_syntax)

        return read_overlays(self._parsed.ds, self.form, index, cells)

    def shutter(self, index: int = 0) -> Shutter | None:
        """The display shutter of a frame."""
        return read_shutter(self._parsed.ds, index, (self.rows, self.columns))

    def _locate(self) -> list[list[Extent]] | None:
        """Fragments of each frame; None for native pixels, whose presence is checked here."""
        parsed = self._parsed
        if parsed.transfer_syntax not in NATIVE:
            return frame_extents(parsed, self.frames)
        if parsed.pixel_length == UNDEFINED:
            raise DamagedPixels
        present = min(parsed.pixel_length, parsed.stream.size - parsed.pixel_offset)
        if present * 8 < self.form.frame_bits * self.frames:
            raise DamagedPixels
        return None

    def _decode(self, index: int) -> Frame:
        try:
            return self._to_frame(index, self._samples(index))
        except PixelError:
            raise
        except Exception:
            raise DamagedPixels from None

    def _samples(self, index: int) -> Decoded:
        syntax = self._parsed.transfer_syntax
        if self._extents is None:
            data, first_bit = self._native_bytes(index)
            return native_frame(data, self.form, syntax, first_bit)
        self._encoded = self._encoded_frame(index)
        return self._decoder(self._encoded, syntax, self.form)

    def _encoded_frame(self, index: int) -> bytes:
        extents = self._extents or []
        return b"".join(self._parsed.bytes_at(*extent) for extent in extents[index])

    def reducible_bytes(self, index: int) -> bytes | None:
        """The codestream of a frame when a lower resolution of it is cheap; None otherwise."""
        if self._extents is None or self._parsed.transfer_syntax not in REDUCIBLE:
            return None
        if self.form.signed or self.form.photometric == "PALETTE COLOR" or self.form.bits_allocated > 16:
            return None
        with self._lock:
            return self._encoded_frame(index)

    def reduced_frame(self, index: int, values: Array) -> Frame:
        """A frame of reduced stored values, with everything that is needed to show it."""
        return self._to_frame(index, Decoded(values))

    def _native_bytes(self, index: int) -> tuple[bytes, int]:
        """The bytes of a native frame and the bit at which it starts in the first of them."""
        start = index * self.form.frame_bits
        first, last = start // 8, (start + self.form.frame_bits + 7) // 8
        base = self._parsed.pixel_offset
        in_words = self._parsed.transfer_syntax == EXPLICIT_BE and self._parsed.pixel_vr == "OW"
        if in_words and self.form.bits_allocated <= 8:
            # 8-bit pixels in 16-bit words: each word was written high byte first (PS3.5 §8.1.1, annex A.3).
            first_word, end_word = first // 2, (last + 1) // 2
            words = self._parsed.bytes_at(base + 2 * first_word, 2 * (end_word - first_word))
            return swap_words(words)[first % 2 :], start % 8
        return self._parsed.bytes_at(base + first, last - first), start % 8

    def _to_frame(self, index: int, decoded: Decoded) -> Frame:
        ds, form = self._parsed.ds, self.form
        if form.samples == 3:
            is_rgb = decoded.is_rgb or form.photometric == "RGB"
            values = decoded.values if is_rgb else ybr_to_rgb(decoded.values, form.photometric)
            bits = form.bits_stored if is_rgb else 8
            return Frame(index, values, "RGB", bits, profile=icc_profile(ds, self._encoded))
        return Frame(
            index,
            decoded.values,
            form.photometric,
            form.bits_stored,
            modality=read_modality_lut(ds, index, form.signed),
            inverse_shape=at.code(ds, "PresentationLUTShape") == "INVERSE",
            padding=self._padding(),
            palette=self._palette,
            profile=icc_profile(ds) if self._palette else b"",
        )

    def _padding(self) -> tuple[float, float] | None:
        value = at.number(self._parsed.ds, "PixelPaddingValue")
        limit = at.number(self._parsed.ds, "PixelPaddingRangeLimit")
        if value is None or self.form.photometric not in GREY:
            return None
        return min(value, limit if limit is not None else value), max(value, limit if limit is not None else value)


def _pixel_format(parsed: Parsed, header: Header, frame_budget: int) -> PixelFormat:
    """Check the Image Pixel module against what the decoders can take."""
    if not parsed.pixel_keyword or parsed.pixel_length == 0:
        raise NoPixels
    if not can_decode(parsed.transfer_syntax):
        raise UnsupportedTransferSyntax(transfer_syntax=parsed.transfer_syntax)
    rows, columns, bits = header.rows or 0, header.columns or 0, header.bits_allocated or 0
    floating = parsed.pixel_keyword != "PixelData"
    bits = {"FloatPixelData": 32, "DoubleFloatPixelData": 64}.get(parsed.pixel_keyword, bits)
    stored = bits if floating else header.bits_stored or 0
    high = at.integer(parsed.ds, "HighBit")
    form = PixelFormat(
        rows,
        columns,
        header.samples_per_pixel,
        header.photometric,
        bits,
        stored,
        high if high is not None and stored - 1 <= high < bits else stored - 1,
        at.integer(parsed.ds, "PixelRepresentation") == 1,
        at.integer(parsed.ds, "PlanarConfiguration") == 1,
        floating,
    )
    _check_format(form)
    if form.frame_bits // 8 > frame_budget:
        raise TooLarge(megabytes=form.frame_bits >> 23)
    return form


def _check_format(form: PixelFormat) -> None:
    if not (0 < form.rows <= 65535 and 0 < form.columns <= 65535):
        raise DamagedPixels
    allowed = (32, 64) if form.floating else (1, 8, 16, 32)
    if form.bits_allocated not in allowed or not 0 < form.bits_stored <= form.bits_allocated:
        raise UnsupportedPixels
    grey = form.photometric in GREY or form.photometric == "PALETTE COLOR"
    if form.samples != (1 if grey else 3) or not (grey or form.photometric in COLOUR):
        raise UnsupportedPixels
    if form.samples == 3 and (form.bits_allocated not in (8, 16) or form.signed):
        raise UnsupportedPixels
