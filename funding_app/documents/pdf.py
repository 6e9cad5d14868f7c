"""From HTML to PDF/A-3a and PDF/UA-1 in one file, with the decision's data attached.

The same values give the same bytes: dates come from the values, nothing is fetched, and the
fonts are those of the package.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_fira_sans
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from funding_app.documents.letters import TEMPLATES, html
from funding_app.documents.line_memory import remember_lines

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PDFUAID = "http://www.aiim.org/pdfua/ns/id/"
FACES = {"Regular": (400, "normal"), "SemiBold": (600, "normal"), "Bold": (700, "normal")}


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # the library is untyped
    """Lets nothing through but the fonts of the installed font package."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        allowed = {path.as_uri() for path in _fonts().values()}
        if url not in allowed:
            raise ValueError("a letter fetches nothing")
        return super().fetch(url, headers)


@lru_cache(maxsize=1)
def _fonts() -> dict[str, Path]:
    folder = Path(fontpkg_fira_sans.__file__).parent
    found = {path.stem.removeprefix("FiraSans-"): path for path in folder.rglob("FiraSans-*.ttf")}
    return {face: found[face] for face in FACES}


def font_faces() -> str:
    """The style sheet that names the package's fonts."""
    return "".join(
        f"@font-face {{ font-family: 'Fira Sans'; font-weight: {weight}; font-style: {style}; "
        f"src: url('{_fonts()[face].as_uri()}'); }}"
        for face, (weight, style) in FACES.items()
    )


@lru_cache(maxsize=1)
def _style() -> tuple[FontConfiguration, list[CSS]]:
    remember_lines()
    fonts = FontConfiguration()
    fetcher = AssetFetcher()
    sheets = [
        CSS(string=font_faces(), font_config=fonts, url_fetcher=fetcher),
        CSS(filename=TEMPLATES / "letter.css", font_config=fonts, url_fetcher=fetcher),
    ]
    return fonts, sheets


def _declare_accessible(document: Any) -> None:
    """Adds the PDF/UA-1 identifier with its extension schema to the metadata (ISO 14289-1, 5)."""
    original = document.metadata.generate_rdf_metadata

    def with_identifier(*arguments: Any) -> bytes:
        packet = original(*arguments)
        marker = b"</rdf:RDF>"
        return bytes(packet.replace(marker, _UA_IDENTIFIER + marker))

    document.metadata.generate_rdf_metadata = with_identifier


_UA_IDENTIFIER = f"""<rdf:Description xmlns:rdf="{RDF}" xmlns:pdfuaid="{PDFUAID}" rdf:about="">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="{RDF}" rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{PDFUAID}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
""".encode()


def render(kind: str, values: Mapping[str, Any]) -> bytes:
    """A document as PDF. Raises `LetterIncomplete` where mandatory contents are missing."""
    fonts, sheets = _style()
    at = datetime.fromisoformat(values["requested_at"])
    data = Attachment(
        string=json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1),
        name="daten.json",
        description="Daten des Dokuments",
        relationship="Data",
        created=at,
        modified=at,
    )
    page = HTML(string=html(kind, values), url_fetcher=AssetFetcher())
    document = page.render(stylesheets=sheets, font_config=fonts)
    document.metadata.attachments = [data]
    _declare_accessible(document)
    return bytes(document.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=_identifier(values)))


def _identifier(values: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).digest()[:16]
