"""Remembers where WeasyPrint broke a line, for the letters that say the same thing again.

Most lines of a letter stand in every letter of its kind. Where the library breaks a line depends
on the text, its style and the room there is, on nothing else; so the answer is kept, bounded, and
given again. Only for the version this was read in: another one renders as it comes.
"""

from __future__ import annotations

from collections import OrderedDict
from copy import copy
from typing import Any

import weasyprint
from weasyprint.layout import inline, preferred
from weasyprint.text.line_break import split_first_line

READ_IN = "70.0"
LINES = 20_000
STYLE = (
    "direction",
    "font_family",
    "font_feature_settings",
    "font_kerning",
    "font_language_override",
    "font_size",
    "font_stretch",
    "font_style",
    "font_variant_alternates",
    "font_variant_caps",
    "font_variant_east_asian",
    "font_variant_ligatures",
    "font_variant_numeric",
    "font_variant_position",
    "font_variation_settings",
    "font_weight",
    "hyphenate_character",
    "hyphenate_limit_chars",
    "hyphenate_limit_zone",
    "hyphens",
    "lang",
    "letter_spacing",
    "overflow_wrap",
    "tab_size",
    "text_decoration_line",
    "white_space",
    "word_break",
    "word_spacing",
)

_lines: OrderedDict[Any, tuple[Any, ...]] = OrderedDict()


def remember_lines() -> bool:
    """Makes WeasyPrint ask the memory first; whether this is a version the memory knows."""
    if weasyprint.__version__ != READ_IN:
        return False
    inline.split_first_line = preferred.split_first_line = _remembered
    return True


def forget_lines() -> None:
    """Empties the memory and takes it out again."""
    _lines.clear()
    inline.split_first_line = preferred.split_first_line = split_first_line


def _remembered(
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,
    minimum: bool = False,
) -> tuple[Any, ...]:
    room = (max_width, justification_spacing, is_line_start, minimum, id(style.font_config))
    key = (text, room, tuple([style[name] for name in STYLE]))
    if key in _lines:
        _lines.move_to_end(key)
    else:
        _lines[key] = split_first_line(
            text, style, context, max_width, justification_spacing, is_line_start, minimum
        )
        if len(_lines) > LINES:
            _lines.popitem(last=False)
    layout, *measures = _lines[key]
    return (copy(layout), *measures)  # drawing changes the layout it is given
