"""A small picture of what a file shows first: the first page of a PDF, or the picture itself."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import pypdfium2
from PIL import Image, ImageOps

from funding_app.adapters.inspection.kinds import MOST_PIXELS

MOST_WIDTH, MOST_HEIGHT = 240, 320
"""Pixels; twice what a list shows, for screens of high density."""
MOST_BYTES = 150_000
FEWEST_COLOURS = 64


def drawn(content: bytes, ending: str) -> bytes:
    """The picture as PNG; empty where the kind has none or the file is damaged. Never raises."""
    Image.MAX_IMAGE_PIXELS = None  # an own limit holds
    way = WAYS.get(ending)
    if way is None:
        return b""
    try:
        return _as_png(way(content))
    except Exception:  # whatever a broken file causes, there is no picture of it
        return b""


def _page(content: bytes) -> Image.Image:
    """The first page on white, never larger than the limits, whatever size it claims to have."""
    with pypdfium2.PdfDocument(content) as pdf:
        page = pdf[0]
        width, height = page.get_size()
        scale = min(MOST_WIDTH / max(width, 1), MOST_HEIGHT / max(height, 1))
        picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
        return picture.convert("RGB")


def _picture(content: bytes) -> Image.Image:
    """The picture upright on white. Raises `ValueError` for one of too many pixels."""
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", (2 * MOST_WIDTH, 2 * MOST_HEIGHT))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((MOST_WIDTH, MOST_HEIGHT))
        on_white = Image.new("RGB", upright.size, "white")
        layer = upright.convert("RGBA")
        on_white.paste(layer, mask=layer)
        return on_white


WAYS: Mapping[str, Callable[[bytes], Image.Image]] = {
    "pdf": _page,
    "png": _picture,
    "jpg": _picture,
    "jpeg": _picture,
}


def _as_png(picture: Image.Image) -> bytes:
    """Without any property of the file; with fewer colours where it would grow too large."""
    picture.thumbnail((MOST_WIDTH, MOST_HEIGHT))
    made = _saved(picture)
    return made if len(made) <= MOST_BYTES else _saved(picture.quantize(FEWEST_COLOURS))


def _saved(picture: Image.Image) -> bytes:
    picture.info = {}
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    return made.getvalue()
