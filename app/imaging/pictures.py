"""Renditions of one image: thumbnail, preview and full, upright, each below its number of bytes.

X-rays become PNG where that fits, because PNG adds no artefact; grey level 0 is transparent there and marks what is no
picture (shutter, padding), so that a mount or an overlay shows what lies below. Photographs, and X-rays whose PNG is
too large, become JPEG. The full one has every pixel of the image, at quality 85 or better; where that passes its
number of bytes, the bytes win and it is made smaller rather than coarser.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.core.sealed import SealedBatch, SealedStore
from app.imaging.found import MadeRendition, Upright
from app.imaging.vocabulary import RenditionKind

if TYPE_CHECKING:
    from viewer.pixels import PixelSource, Shown

SIDE_PX: Final = {RenditionKind.PREVIEW: 800, RenditionKind.THUMBNAIL: 200}
CAP_BYTES: Final = {
    RenditionKind.FULL: 2 << 20,
    RenditionKind.PREVIEW: 200 << 10,
    RenditionKind.THUMBNAIL: 50 << 10,
}
FULL_QUALITY: Final = 85
QUALITIES: Final = (FULL_QUALITY, 75, 65, 50, 35, 20, 10)
FULL_PIXELS: Final = 32_000_000
"""No JPEG of quality 85 with more pixels stays below the bytes of a full rendition: such images are reduced first."""
BAND_ROWS: Final = 256
PNG_LEVEL: Final = 1
"""Three times as fast as level 6, for a tenth more bytes."""
SAMPLED: Final = 16
"""One band in so many is tried before a large PNG is made."""
_PNG_HEAD: Final = 33
"""Signature and IHDR, after which tRNS may stand (ISO/IEC 15948 §5.6)."""


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A rendition as bytes. `sound` says that none better could be made of its pixels within any cap."""

    content: bytes
    media_type: str
    size: tuple[int, int]
    sound: bool


def make_renditions(
    source: PixelSource, upright: Upright, store: SealedStore | SealedBatch
) -> tuple[MadeRendition, ...]:
    """Decode the image and seal its renditions. Raises a PixelError when it cannot be shown.

    Of a run of frames the one in the middle is taken: the first slice of a volume shows air.
    """
    from viewer.pixels import shown_frame

    image = _upright(shown_frame(source, source.frames // 2 if source.frames > 2 else 0), upright)
    made: dict[RenditionKind, _Encoded] = {RenditionKind.FULL: _full(image)}
    larger = made[RenditionKind.FULL]
    for kind, side in SIDE_PX.items():
        if larger.sound and max(larger.size) <= side and len(larger.content) <= CAP_BYTES[kind]:
            made[kind] = larger
            continue
        image = reduced(image, side)
        made[kind] = larger = encoded(image, CAP_BYTES[kind])
    return tuple(
        MadeRendition(
            kind, store.put(one.content), upright.quarter_turns, upright.mirrored, one.media_type, *one.size,
            len(one.content),
        )
        for kind, one in made.items()
    )  # fmt: skip


def _upright(shown: Shown, upright: Upright) -> Any:
    """The picture with square pixels, turned; in grey, level 0 is kept for what is hidden."""
    import numpy as np
    from PIL import Image

    values, (width, height) = shown.values, shown.size
    if values.ndim == 2:
        values = np.maximum(values, 1)
        if shown.hidden is not None:
            values[shown.hidden] = 0
    while values.shape[0] * values.shape[1] > FULL_PIXELS:
        values, width, height = _halved(values), width // 2, height // 2
    image: Any = Image.fromarray(np.ascontiguousarray(values))
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    return turned(image, upright)


def _halved(values: Any) -> Any:
    """Half the rows and columns, some rows at a time: all at once takes several times the memory of the picture."""
    import numpy as np

    from viewer.pixels import halved

    return np.concatenate([halved(values[top : top + BAND_ROWS]) for top in range(0, values.shape[0] - 1, BAND_ROWS)])


def reduced(image: Any, side: int) -> Any:
    """A Pillow image with no side longer than this; the same one where it is already."""
    from PIL import Image

    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    # Averaging whole blocks first is several times faster than one large resampling, and as good.
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def turned(image: Any, upright: Upright) -> Any:
    """A Pillow image as it is to be shown."""
    from PIL import Image

    if upright.mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    turns = (None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
    turn = turns[upright.quarter_turns % 4]  # Pillow counts its angles anticlockwise
    return image if turn is None else image.transpose(turn)


def _full(image: Any) -> _Encoded:
    """Quality 85 with as many pixels as the bytes allow."""
    cap = CAP_BYTES[RenditionKind.FULL]
    if image.mode == "L" and _png_may_fit(image, cap):
        content = png(image)
        if len(content) <= cap:
            return _Encoded(content, "image/png", image.size, True)
    content = jpeg(image, FULL_QUALITY)
    while len(content) > cap:
        image = reduced(image, int(max(image.size) * min(0.9, (cap / len(content)) ** 0.5)))
        content = jpeg(image, FULL_QUALITY)
    return _Encoded(content, "image/jpeg", image.size, image.mode != "L")


def encoded(image: Any, cap: int) -> _Encoded:
    """The image in at most `cap` bytes where any JPEG quality allows."""
    if image.mode == "L":
        content = png(image)
        if len(content) <= cap:
            return _Encoded(content, "image/png", image.size, True)
    content, quality = b"", 0
    for quality in QUALITIES:
        content = jpeg(image, quality)
        if len(content) <= cap:
            break
    return _Encoded(content, "image/jpeg", image.size, image.mode != "L" and quality == FULL_QUALITY)


def _png_may_fit(image: Any, cap: int) -> bool:
    """Whether a few bands of a large image promise that its PNG stays below the cap."""
    import imagecodecs
    import numpy as np

    values = np.asarray(image)
    if values.size <= cap:
        return True
    bands = values[: values.shape[0] // (8 * SAMPLED) * 8 * SAMPLED].reshape(-1, 8, values.shape[1])[::SAMPLED]
    if not bands.size:
        return True
    sample = np.ascontiguousarray(bands.reshape(-1, values.shape[1]))
    return len(imagecodecs.png_encode(sample, level=PNG_LEVEL)) * values.size / sample.size <= 1.1 * cap


def png(image: Any) -> bytes:
    """A grey PNG whose level 0 is transparent."""
    import imagecodecs
    import numpy as np

    content = bytes(imagecodecs.png_encode(np.asarray(image), level=PNG_LEVEL))
    body = b"tRNS\0\0"
    chunk = struct.pack(">I", 2) + body + struct.pack(">I", zlib.crc32(body))
    return content[:_PNG_HEAD] + chunk + content[_PNG_HEAD:]


def jpeg(image: Any, quality: int) -> bytes:
    """A JPEG of this quality, 1 to 95."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def render(store: SealedStore, dicom: Path | bytes, upright: Upright) -> tuple[MadeRendition, ...]:
    """In a worker: the renditions of a DICOM image; none when it holds no picture that this program can show."""
    from viewer.pixels import PixelError, open_image

    try:
        with open_image(dicom) as source:
            return make_renditions(source, upright, store)
    except PixelError:
        return ()
