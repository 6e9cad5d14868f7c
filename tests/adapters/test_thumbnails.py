"""Small pictures of files: drawn apart, within limits, and none of what is damaged."""

from __future__ import annotations

import io
from collections.abc import Iterator
from random import Random

import pikepdf
import pytest
from PIL import Image

from funding_app.adapters.inspection import Examiner
from funding_app.adapters.inspection.drawing import MOST_BYTES
from tests.support import hostile_files


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    made = Examiner()
    yield made
    made.close()


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "PNG"
    return picture


def page(width: float, height: float, drawing: bytes = b"") -> bytes:
    """A PDF of one page of this size (points) with drawing operations."""
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(width, height))
        pdf.pages[0].Contents = pdf.make_stream(drawing)
        pdf.save(made)
    return made.getvalue()


def photo(size: tuple[int, int], kind: str, **saving: object) -> bytes:
    made = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(made, kind, **saving)  # type: ignore[arg-type]
    return made.getvalue()


def test_the_first_page_is_drawn(examiner: Examiner) -> None:
    red_below = b"1 0 0 rg 0 0 595 421 re f"
    picture = opened(examiner.thumbnail(page(595, 842, red_below), "pdf")).convert("RGB")
    assert picture.size in {(226, 320), (227, 320)}
    assert picture.getpixel((113, 300)) == (255, 0, 0)
    assert picture.getpixel((113, 20)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(3, 14400), (14400, 3), (14400, 14400), (3, 3)])
def test_no_page_is_drawn_larger_than_the_limit(examiner: Examiner, size: tuple[int, int]) -> None:
    picture = examiner.thumbnail(page(*size), "pdf")
    if picture is not None:
        assert max(opened(picture).width / 240, opened(picture).height / 320) <= 1


def test_a_photo_is_upright_small_and_says_nothing_of_its_maker(examiner: Examiner) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Rita Geheim"
    content = photo((1200, 800), "JPEG", exif=exif)
    made = examiner.thumbnail(content, "jpg")
    picture = opened(made)
    assert (picture.width, picture.height) == (213, 320)
    assert made is not None
    assert b"Rita" not in made
    assert len(made) <= MOST_BYTES


def test_what_is_transparent_stands_on_white(examiner: Examiner) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(made, "PNG")
    assert opened(examiner.thumbnail(made.getvalue(), "png")).convert("RGB").getpixel(
        (5, 5)
    ) == (255, 255, 255)  # fmt: skip


@pytest.mark.parametrize(
    "make",
    [hostile_files.cut_picture, hostile_files.pixel_bomb, hostile_files.no_pages,
     hostile_files.locked],
)  # fmt: skip
def test_damaged_files_have_none_and_the_child_goes_on(examiner: Examiner, make: object) -> None:
    name, content, _sound = make(Random(7))  # type: ignore[operator]
    assert examiner.thumbnail(content, name.rpartition(".")[2].lower()) is None
    assert examiner.thumbnail(page(100, 100), "pdf") is not None


def test_a_page_that_takes_too_long_has_none(
    examiner: Examiner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examiner._child, "_seconds", 0.05)
    form = b"0 0 1 rg " + b"0 0 500 500 re f 1 1 m 400 90 300 200 499 499 c S " * 300_000
    assert examiner.thumbnail(page(595, 842, form), "pdf") is None
    monkeypatch.undo()
    assert examiner.thumbnail(page(100, 100), "pdf") is not None


def test_other_kinds_and_garbage_have_none(examiner: Examiner) -> None:
    assert examiner.thumbnail(hostile_files.docx(), "docx") is None
    assert examiner.thumbnail(b"%PDF-1.7 nothing else", "pdf") is None
    assert examiner.thumbnail(b"", "png") is None
    assert examiner.problem(hostile_files.sound_pdf(), "pdf") is None
