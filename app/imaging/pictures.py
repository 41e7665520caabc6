"""Renditions of one image: a thumbnail and a preview, upright, each below its number of bytes.

Grey images become PNG where that fits, because PNG adds no artefact to an X-ray; photographs become JPEG.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.core.sealed import SealedStore
from app.imaging.found import MadeRendition, Upright
from app.imaging.vocabulary import RenditionKind

if TYPE_CHECKING:
    from viewer.pixels import PixelSource

SIDE_PX: Final = {RenditionKind.PREVIEW: 800, RenditionKind.THUMBNAIL: 200}
CAP_BYTES: Final = {RenditionKind.PREVIEW: 200 * 1024, RenditionKind.THUMBNAIL: 50 * 1024}
QUALITIES: Final = (85, 75, 65, 50, 35, 20, 10)


def make_renditions(source: PixelSource, upright: Upright, store: SealedStore) -> tuple[MadeRendition, ...]:
    """Decode the image and seal its renditions. Raises a PixelError when it cannot be shown.

    Of a run of frames the one in the middle is taken: the first slice of a volume shows air.
    """
    from PIL import Image

    from viewer.pixels import rendition

    index = source.frames // 2 if source.frames > 2 else 0
    reduced = rendition(source, SIDE_PX[RenditionKind.PREVIEW], 100, index)
    with Image.open(io.BytesIO(reduced)) as opened:
        image = turned(opened.convert("L" if opened.mode in {"1", "L"} else "RGB"), upright)
    made = []
    for kind, side in SIDE_PX.items():
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        content, media_type = encoded(image, CAP_BYTES[kind])
        sha256 = store.put(content)
        made.append(
            MadeRendition(
                kind,
                sha256,
                upright.quarter_turns,
                upright.mirrored,
                media_type,
                image.width,
                image.height,
                len(content),
            )
        )
    return tuple(made)


def turned(image: Any, upright: Upright) -> Any:
    """A Pillow image as it is to be shown."""
    from PIL import Image

    if upright.mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    turns = (None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
    turn = turns[upright.quarter_turns % 4]  # Pillow counts its angles anticlockwise
    return image if turn is None else image.transpose(turn)


def encoded(image: Any, cap: int) -> tuple[bytes, str]:
    """The image in at most `cap` bytes where any JPEG quality allows, and its media type."""
    if image.mode == "L":
        out = io.BytesIO()
        image.save(out, "PNG")
        if out.tell() <= cap:
            return out.getvalue(), "image/png"
    content = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        content = out.getvalue()
        if len(content) <= cap:
            break
    return content, "image/jpeg"


def render(store: SealedStore, dicom: Path | bytes, upright: Upright) -> tuple[MadeRendition, ...]:
    """In a worker: the renditions of a DICOM image; none when it holds no picture that this program can show."""
    from viewer.pixels import PixelError, open_image

    try:
        with open_image(dicom) as source:
            return make_renditions(source, upright, store)
    except PixelError:
        return ()
