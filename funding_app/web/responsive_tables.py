"""Tables that become a list of blocks where the screen is narrow: each cell says its column."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

HEAD = re.compile(r"<thead.*?</thead>", re.S)
HEADING = re.compile(r"<th\b([^>]*)>(.*?)</th>", re.S)
ROW = re.compile(r"<tr\b.*?</tr>", re.S)
CELL = re.compile(r"<t([dh])\b")
HIDDEN = "kern-sr-only"


def stacked(table: Markup) -> Markup:
    """The table, its data cells labelled by their column's heading for the style sheet to show.

    Headings for screen readers only give no label: what stands below them speaks for itself.
    """
    text = str(table)
    head = HEAD.search(text)
    assert head is not None, "a table to be stacked needs a head"
    labels = [
        ""
        if HIDDEN in found[2]
        else " ".join(Markup(found[2].replace("<", " <")).striptags().split())
        for found in HEADING.finditer(head[0])
    ]
    body = ROW.sub(lambda row: _labelled(row[0], labels), text[head.end() :])
    before = text[: head.start()].replace('<table class="', '<table class="stacked ', 1)
    return Markup(before + head[0] + body)


def _labelled(row: str, labels: list[str]) -> str:
    columns = iter(labels)

    def label(cell: re.Match[str]) -> str:
        text = next(columns, "")
        return f'<td data-label="{escape(text)}"' if cell[1] == "d" and text else cell[0]

    return CELL.sub(label, row)
