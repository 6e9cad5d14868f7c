"""Whether a page is valid HTML: by the parsing rules of the HTML standard, and by its structure.

The parser is the one that sets our letters (tinyhtml5): it reports what the standard's algorithm
calls a parse error, among them duplicate attributes, text in tables, elements nested or closed
wrongly. What that algorithm lets pass is checked here: which element may stand in which (the
content models of the standard, as far as our pages use them), ids that stand twice, references
that lead nowhere, and the outline. The Nu validator agrees and knows more, but is written in Java
and no part of the tests; the tests keep every page in `build/pages` for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

INTERACTIVE = frozenset("a button details embed iframe label select textarea".split())
PHRASING_ONLY = frozenset(
    "p h1 h2 h3 h4 h5 h6 span strong em b i small code label button legend summary dt abbr "
    "ins del sub sup time mark q cite pre".split()
)
BLOCKS = frozenset(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr main menu nav ol p pre section table ul".split()
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MAY_HOLD_HEADINGS = frozenset({"legend", "summary"})
TRANSPARENT = frozenset({"a", "ins", "del"})
CHILDREN = {
    "ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "tr": {"th", "td"},
    "select": {"option", "optgroup"},
    "thead": {"tr"}, "tbody": {"tr"}, "tfoot": {"tr"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
}  # fmt: skip
PARENTS = {"li": {"ul", "ol", "menu"}, "dt": {"dl", "div"}, "dd": {"dl", "div"},
           "legend": {"fieldset"}, "summary": {"details"}, "caption": {"table"}}  # fmt: skip
FIRST = ("legend", "summary", "caption")
REFERENCES = ("for", "form", "list", "headers", "aria-labelledby", "aria-describedby",
              "aria-controls", "aria-owns", "aria-details", "aria-errormessage")  # fmt: skip
LABELABLE = frozenset("button input meter output progress select textarea".split())
OBSOLETE = frozenset("align bgcolor border cellpadding cellspacing valign language".split())


@dataclass(frozen=True, slots=True)
class Node:
    """An element with what it stands in, the nearest last."""

    element: Element
    around: tuple[Element, ...]

    @property
    def tag(self) -> str:
        return self.element.tag

    @property
    def parent(self) -> str:
        return self.around[-1].tag if self.around else ""


def parsed(html: str) -> tuple[Element, list[str]]:
    """The tree of a page, and what the parser of the standard objects to."""
    parser = HTMLParser(namespace_html_elements=False)
    tree = parser.parse(html)
    return tree, [f"line {place[0]}: {code} {what}" for place, code, what in parser.errors]


def nodes(element: Element, around: tuple[Element, ...] = ()) -> Iterator[Node]:
    """Every element in the order of the page; drawings only as a whole."""
    if not isinstance(element.tag, str):  # a comment
        return
    yield Node(element, around)
    if element.tag != "svg" and not element.tag.startswith("{"):
        for child in element:
            yield from nodes(child, (*around, element))


def faults_of(html: str) -> list[str]:
    """What is wrong with the markup of a page; empty where it is valid."""
    tree, found = parsed(html)
    page = [node for node in nodes(tree) if not node.tag.startswith("{")]
    for node in page:
        found += [*_misplaced(node), *_attributes(node)]
    return [*found, *_references(tree, page), *_outline(tree, page)]


def shapes_of(html: str) -> frozenset[str]:
    """The kinds of elements in the main part of a page: what a look at it can find."""
    tree, _errors = parsed(html)
    main = tree.find(".//main")
    found = nodes(main) if main is not None else iter(())
    told = ("class", "role", "type", "aria-current", "aria-invalid", "aria-sort", "open")
    return frozenset(
        f"{node.parent} {node.tag} {[node.element.get(name) for name in told]}" for node in found
    )


def _misplaced(node: Node) -> Iterator[str]:
    tag, parent = node.tag, node.parent
    if tag in PARENTS and parent not in PARENTS[tag]:
        yield f"<{tag}> in <{parent}>"
    if parent in CHILDREN and tag not in CHILDREN[parent] | {"script", "template"}:
        yield f"<{tag}> in <{parent}>"
    if tag in FIRST and node.around[-1][0] is not node.element:
        yield f"<{tag}> is not the first in <{parent}>"
    around = [each.tag for each in node.around if each.tag not in TRANSPARENT]
    if tag in BLOCKS and around and around[-1] in PHRASING_ONLY:
        heading = tag in HEADINGS and around[-1] in MAY_HOLD_HEADINGS
        if not heading:
            yield f"<{tag}> in <{around[-1]}>"
    yield from _nested(node)


def _nested(node: Node) -> Iterator[str]:
    """Something to operate within something to operate; its label may hold a control."""
    if not (node.tag in INTERACTIVE or "tabindex" in node.element.attrib or _visible_input(node)):
        return
    for outer in node.around:
        within_label = outer.tag == "label" and node.tag in LABELABLE
        if outer.tag in ("a", "button", "label", "summary") and not within_label:
            yield f"<{node.tag}> in <{outer.tag}>"


def _visible_input(node: Node) -> bool:
    return node.tag == "input" and node.element.get("type") != "hidden"


def _attributes(node: Node) -> Iterator[str]:
    element, tag = node.element, node.tag
    for name, value in element.attrib.items():
        if name.startswith("on") or name == "style" or name in OBSOLETE:
            yield f"{name} at <{tag}>"
        if name in ("id", "href", "src", "action", "name") and value != value.strip():
            yield f"{name} with blanks at <{tag}>"
    faults = {
        f"id {element.get('id')!r}": " " in element.get("id", "") or element.get("id") == "",
        f"<{tag}> comes before its turn": int(element.get("tabindex") or 0) > 0,
        "<img> without alt": tag == "img" and "alt" not in element.attrib,
        "autocomplete for several lines at <input>": tag == "input"
        and element.get("autocomplete") == "street-address",
        "<dl> without pairs": tag == "dl" and not _pairs(element),
    }
    yield from (fault for fault, holds in faults.items() if holds)


def _pairs(element: Element) -> bool:
    """Whether a list of terms holds terms, each followed by what it means."""
    tags = [child.tag for child in element]
    if "div" in tags:
        return set(tags) == {"div"}
    return bool(tags) and tags[0] == "dt" and tags[-1] == "dd"


def _references(tree: Element, page: list[Node]) -> Iterator[str]:
    ids = Counter(each.get("id", "") for each in tree.iter() if each.get("id"))
    yield from (f"id {name} stands {count} times" for name, count in ids.items() if count > 1)
    tags = {node.element.get("id"): node.tag for node in page}
    for node in page:
        for name in REFERENCES:
            for wanted in (node.element.get(name) or "").split():
                if wanted not in ids:
                    yield f"{name}={wanted} at <{node.tag}> leads nowhere"
                elif name == "for" and tags[wanted] not in LABELABLE:
                    yield f"a label for <{tags[wanted]}>"
        place = node.element.get("href") or ""
        if place.startswith("#") and place[1:] not in ids:
            yield f"the link to {place} leads nowhere"


def _outline(tree: Element, page: list[Node]) -> Iterator[str]:
    tags = [node.tag for node in page]
    if tree.get("lang") not in ("de", "en"):
        yield "no language"
    if not (tree.findtext("head/title") or "").strip(" –"):
        yield "no title"
    yield from (f"{tags.count(tag)} of <{tag}>" for tag in ("h1", "main") if tags.count(tag) != 1)
    levels = [int(tag[1]) for tag in tags if tag in HEADINGS]
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} after one of level {before}"
