"""What a file must be to stand in a chart: its kind by its first bytes, its size, its preview."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from app.core.errors import RuleViolation
from app.core.i18n import N_

if TYPE_CHECKING:
    from PIL import Image

PREVIEW_PIXELS: Final = 480
"""The longer side of a preview."""
MAXIMUM_PIXELS: Final = 120_000_000
"""A larger image gets no preview: opening it would cost more than 300 MB."""
_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"{\\rtf", "application/rtf"),
)
_ZIPPED: Final = {
    ".docx": ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".odt": ("content.xml", "application/vnd.oasis.opendocument.text"),
    ".ods": ("content.xml", "application/vnd.oasis.opendocument.spreadsheet"),
}
_TEXTS: Final = {".txt": "text/plain", ".csv": "text/csv", ".eml": "message/rfc822", ".md": "text/plain"}


def check_size(size_bytes: int, limit_mb: int) -> None:
    """Refuse an empty file and one above the clinic's limit (MB of 1,048,576 bytes)."""
    if size_bytes == 0:
        raise RuleViolation(N_("This file is empty."), field="path")
    if size_bytes > limit_mb * 1024 * 1024:
        raise RuleViolation(N_("This file is larger than {limit} MB."), field="path", limit=limit_mb)


def mime_of(content: bytes, file_name: str) -> str:
    """The media type by the first bytes, for texts by the ending; `RuleViolation` when the chart does not keep it."""
    suffix = PurePath(file_name).suffix.lower()
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[128:132] == b"DICM":
        raise RuleViolation(N_("This is a DICOM image: import it in Imaging."), field="path")
    for magic, mime in _MAGIC:
        if content.startswith(magic):
            return mime
    if content.startswith(b"PK\x03\x04") and suffix in _ZIPPED and _holds(content, _ZIPPED[suffix][0]):
        return _ZIPPED[suffix][1]
    if suffix in _TEXTS and _is_text(content):
        return _TEXTS[suffix]
    raise RuleViolation(
        N_("A chart keeps PDF files, images, texts and office documents; this is none of them."), field="path"
    )


def _holds(content: bytes, start: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(name.startswith(start) for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError):
        return False


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return all(byte >= 32 or byte in b"\t\r\n\x0c" for byte in content)
    return True


def preview_of(content: bytes, mime: str) -> bytes | None:
    """A small JPEG of an image (its first page), turned as the camera says; None for everything else.

    No PDF renderer without a screen is shipped, so that a PDF has no preview; nor has an image that cannot be read.
    """
    if not mime.startswith("image/"):
        return None
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MAXIMUM_PIXELS:
                return None
            image.draft("RGB", (PREVIEW_PIXELS * 2, PREVIEW_PIXELS * 2))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
            out = io.BytesIO()
            _on_white(upright).save(out, "JPEG", quality=82)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _on_white(image: Image.Image) -> Image.Image:
    """Transparent parts become white, as paper; deep grey is scaled to 8 bits."""
    from PIL import Image

    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        low, high = image.getextrema()
        span = max(float(high) - float(low), 1.0)  # type: ignore[arg-type]  # one band: a pair of numbers
        return image.point(lambda value: (value - float(low)) * 255 / span).convert("L")  # type: ignore[arg-type]  # an expression
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
