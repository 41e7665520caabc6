"""The peer of `imaging`: decoding and encoding and nothing else, in processes of its own."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

PHOTOGRAPHS: Final = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}


def bare(job: tuple[Path, dict[str, str]]) -> int:
    """In a process of the peer: decode, reduce and encode one picture in the forms of its renditions, nothing else."""
    import numpy as np
    from PIL import Image

    from viewer.pixels import open_image, shown_frame

    path, forms = job
    if path.suffix.lower() in PHOTOGRAPHS:
        image: Any = Image.open(path).convert("RGB")
    else:
        with open_image(path) as source:
            image = Image.fromarray(np.ascontiguousarray(shown_frame(source).values))
    written = 0
    for kind, side in (("full", max(image.size)), ("preview", 800), ("thumbnail", 200)):
        if max(image.size) > side:
            image.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.save(out, forms[kind], **({"quality": 85} if forms[kind] == "JPEG" else {"compress_level": 1}))
        written += out.tell()
    return written
