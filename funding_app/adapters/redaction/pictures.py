"""Pictures drawn anew: what was written beside the pixels is left behind."""

from __future__ import annotations

import io
import re

from PIL import Image, ImageOps

from funding_app.adapters.redaction.apart import NotCleanable

FORMATS = ("PNG", "JPEG")
QUALITY = 90
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
APPLICATION, COMMENT, SCAN = range(0xE0, 0xF0), 0xFE, 0xDA
LONGEST_NEEDED = 18
MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""The next segment: in the pixels 0xFF is followed by a zero or a restart mark."""


def clean_picture(content: bytes) -> bytes:
    """The same pixels, upright, without EXIF, XMP, comments, thumbnails and what is behind them."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        kind = picture.format
        upright = ImageOps.exif_transpose(picture)
        has_alpha = "transparency" in upright.info
        drawn = upright.convert("RGBA") if has_alpha else upright.copy()
    drawn.info = {}
    made = io.BytesIO()
    drawn.save(made, kind, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return made.getvalue()


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG without its application segments and comments, its pixels untouched.

    Raises `NotCleanable` where it is none.
    """
    kept, at = [JPEG_START], 2
    while content[at : at + 2] != JPEG_END:
        if not content.startswith(JPEG_START) or content[at : at + 1] != b"\xff":
            raise NotCleanable("a picture is no whole JPEG")
        mark, end = content[at + 1], at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if _is_needed(mark, end - at):
            kept.append(content[at:end])
        at = end
        if mark == SCAN:
            following = MARK.search(content, end)
            at = following.start() if following else len(content)
            kept.append(content[end:at])
    return b"".join((*kept, JPEG_END))


def _is_needed(mark: int, size: int) -> bool:
    """Of what stands beside the pixels: the size of a dot, and how Adobe meant the colours."""
    if mark in (0xE0, 0xEE):
        return size <= LONGEST_NEEDED
    return mark not in APPLICATION and mark != COMMENT
