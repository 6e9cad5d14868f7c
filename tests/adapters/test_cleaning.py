"""Clean copies: who made a file is gone, what it shows stays, a hostile one is withheld."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from PIL import Image

from funding_app.adapters.redaction import NotCleanable, clean_apart
from tests.support import planted

SHOWN = "sichtbarertext"
MAKERS: dict[str, Callable[[planted.Word], bytes]] = {
    "pdf": lambda word: planted.dirty_pdf(word, SHOWN),
    "docx": lambda word: planted.dirty_docx(word, SHOWN),
    "xlsx": lambda word: planted.dirty_xlsx(word, SHOWN),
    "jpg": planted.dirty_jpeg,
}


def words_for(kind: str) -> tuple[list[str], bytes]:
    numbers, made = count(), list[str]()

    def word(_where: str) -> str:
        made.append(f"zzplanted{kind}{next(numbers):03}zz")
        return made[-1]

    return made, MAKERS[kind](word)


def left(words: list[str], content: bytes) -> set[str]:
    texts = list(planted.texts_in(content))
    return {word for word in words if any(word.encode() in text for text in texts)}


@pytest.mark.parametrize("kind", MAKERS)
def test_no_planted_word_is_left(kind: str) -> None:
    words, dirty = words_for(kind)
    assert left(words, dirty) == set(words)
    assert left(words, clean_apart(dirty, kind)) == set()


def test_what_a_file_shows_stays(tmp_path: Path) -> None:
    path = tmp_path / "copy.pdf"
    path.write_bytes(clean_apart(words_for("pdf")[1], "pdf"))
    shown = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    assert SHOWN in shown.stdout.decode()
    document = zipfile.ZipFile(io.BytesIO(clean_apart(words_for("docx")[1], "docx")))
    text = document.read("word/document.xml").decode()
    assert SHOWN in text and "danach" in text
    book = openpyxl.load_workbook(io.BytesIO(clean_apart(words_for("xlsx")[1], "xlsx")))
    assert book.active is not None
    assert book.active["A1"].value == SHOWN


def test_a_photograph_in_a_pdf_loses_its_description(tmp_path: Path) -> None:
    words, photograph = words_for("jpg")
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        picture = pikepdf.Stream(
            pdf, photograph + words[0].encode(), Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image, Width=64, Height=48, BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
        page.Contents = pdf.make_stream(f"% {words[1]}\nq 64 0 0 48 0 0 cm /P Do Q".encode())
        made = io.BytesIO()
        pdf.save(made)
    assert left(words, made.getvalue()) == set(words)
    copy = clean_apart(made.getvalue(), "pdf")
    assert left(words, copy) == set()
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        image = pikepdf.PdfImage(pdf.pages[0].Resources.XObject.P).as_pil_image()
        assert image.getpixel((5, 5)) == Image.open(io.BytesIO(photograph)).getpixel((5, 5))


def test_a_picture_stands_upright_without_its_note_of_how_it_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = io.BytesIO()
    Image.new("RGB", (60, 20)).save(made, "JPEG", exif=exif)
    with Image.open(io.BytesIO(clean_apart(made.getvalue(), "jpg"))) as picture:
        assert (picture.size, dict(picture.getexif())) == ((20, 60), {})


def locked_pdf() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made, encryption=pikepdf.Encryption(owner="o", user="u"))
    return made.getvalue()


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (locked_pdf(), "pdf"),
        (b"%PDF-1.7 broken", "pdf"),
        (planted.archive({"word/document.xml": DOCTYPE}), "docx"),
        (planted.archive({"word/document.xml": "<x/>", "word/media/a.emf": "?"}), "docx"),
        (planted.archive({"xl/externalLinks/externalLink1.xml": "<x/>"}), "xlsx"),
        (b"GIF89a", "jpg"),
        (b"MZ", "exe"),
    ],
)
def test_what_can_not_be_cleaned_is_withheld(content: bytes, ending: str) -> None:
    with pytest.raises(NotCleanable):
        clean_apart(content, ending)


def test_a_bomb_ends_the_child_and_nothing_else() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as container:
        for number in range(3):
            container.writestr(f"word/media/{number}.png", b"\0" * 100_000_000)
    with pytest.raises(NotCleanable):
        clean_apart(bomb.getvalue(), "docx")
