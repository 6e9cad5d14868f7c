"""Templates are source: they compile, no line is too wide, and their layout is not sent."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment

from funding_app.documents.indentation import Compact

ROOT = Path(__file__).parents[1]
FILES = [path for path in sorted((ROOT / "templates").rglob("*.*")) if path.suffix != ".pyc"]
WIDTH = 120


def too_wide(name: str, text: str) -> list[str]:
    """Where a line takes more columns than a line may."""
    lines = enumerate(text.splitlines(), 1)
    return [f"{name}:{number}: {len(line)} columns" for number, line in lines if len(line) > WIDTH]


def test_no_line_of_a_template_is_too_wide() -> None:
    found = [
        place
        for path in FILES
        for place in too_wide(str(path.relative_to(ROOT)), path.read_text("utf-8"))
    ]
    assert found == [], "\n".join(found)


def test_a_line_that_is_too_wide_is_named_with_its_place() -> None:
    assert too_wide("a.html", f"{'x' * WIDTH}\n{'x' * (WIDTH + 1)}") == ["a.html:2: 121 columns"]


def test_every_template_compiles() -> None:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n", Compact])
    for path in FILES:
        if path.suffix != ".css":
            environment.parse(path.read_text("utf-8"), filename=str(path))


def test_the_layout_of_a_template_is_not_sent() -> None:
    environment = Environment(autoescape=True, extensions=[Compact])
    template = environment.from_string(
        """<dl>
  <dd class="{{ kind }}">
    {{ first }}
    <br>
    {{ second }}
  </dd>
</dl>
<p>Zwei <b>Wörter</b>
  und eins.</p>"""
    )
    sent = template.render(kind="a", first="eins\n  zwei", second="drei")
    assert sent == (
        '<dl>\n<dd class="a">eins\n  zwei<br>drei</dd></dl>\n<p>Zwei <b>Wörter</b>\nund eins.</p>'
    )
