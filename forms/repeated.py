"""Fields made of many: the table of amounts by line and year, and repeated rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from forms.budget import NOTHING, cells, euro, rows, totals
from forms.fields import KINDS, PASSWORDS, Answer, Secret, Typed, bound, strings
from forms.parsing import canonical, display
from forms.schema import Field, is_empty

BLANK_ROWS = 2
MOST_COLUMNS = 20
REPEATED = re.compile(r"~[0-9]+$")

Amounts = dict[tuple[str, str], Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table, with its cells by year and their sum as it is read."""

    key: str
    label: str
    cells: Sequence[Answer]
    sum: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a table: its lines, and its sums by year and over all, as they are read."""

    id: str
    label: str
    lines: Sequence[Line]
    sums: Sequence[str]
    total: str


class Table(Answer):
    """Amounts in euro by line and year, on one side or two.

    Lines and years that the form does not offer but the answers name are shown too.
    """

    def __init__(self, spec: Field, language: str, years: Sequence[str] = (), **rest: Any) -> None:
        super().__init__(spec, language, **rest)
        self.offered = tuple(years)
        self.sides: list[Side] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        posted = {side.id: self._posted(side, formdata) for side in self.spec.columns}
        if any(amounts is not None for amounts in posted.values()):
            self.data = {name: _as_rows(amounts or {}) for name, amounts in posted.items()}
        self.years = self._years()
        self.sides = [self._side(side) for side in self.spec.columns]

    def _posted(self, side: Field, formdata: Any) -> Amounts | None:
        """The cells sent for a side by key and year, `None` where none was sent at all."""
        prefix = f"{self.name}-{side.id}-"
        names = [name for name in formdata or () if name.startswith(prefix)]
        found: Amounts = {}
        for name in names:
            key, _, year = name.removeprefix(prefix).rpartition("-")
            for text in strings(formdata.getlist(name))[:1]:
                found[key, year] = canonical(text, "money", self.language)
        return found if names else None

    def _years(self) -> list[str]:
        used = {cell.year for side in self.spec.columns for cell in cells(self.data, side.id)}
        return sorted({*self.offered, *sorted(used)[:MOST_COLUMNS]})

    def _side(self, side: Field) -> Side:
        labels = {choice.value: choice.label[self.language] for choice in side.choices}
        labels |= {key: labels.get(line, line) for key, line, _ in rows(self.data, side.id)}
        amounts = {(cell.key, cell.year): cell.value for cell in cells(self.data, side.id)}
        lines = [self._line(side, key, label, amounts) for key, label in labels.items()]
        sums = totals(self.data, side.id)
        return Side(
            side.id,
            side.label[self.language],
            lines,
            [self.show(sums.by_year.get(year, NOTHING)) for year in self.years],
            self.show(sums.total),
        )

    def show(self, amount: Any) -> str:
        """An amount as it is read."""
        return display(f"{amount:.2f}", "money", self.language)

    def _line(self, side: Field, key: str, label: str, amounts: Amounts) -> Line:
        made = []
        for year in self.years:
            spec = Field(year, "money", {self.language: f"{label}, {year}"})
            cell = bound(spec, self.language, f"{self.name}-{side.id}-{key}-{year}", self.meta)
            cell.process(None, amounts.get((key, year)))
            made.append(cell)
        amount = sum((euro(each.data) or NOTHING for each in made), NOTHING)
        return Line(key, label, made, self.show(amount))

    @property
    def anchor(self) -> str:
        first = next((cell for side in self.sides for cell in self._cells(side)), None)
        return first.id if first else self.id

    @staticmethod
    def _cells(side: Side) -> Iterator[Answer]:
        for line in side.lines:
            yield from line.cells

    def inputs(self) -> Iterator[Answer]:
        yield self
        for side in self.sides:
            yield from self._cells(side)

    def pairs(self) -> list[tuple[str, str]]:
        return [pair for cell in list(self.inputs())[1:] for pair in cell.pairs()]


def _as_rows(amounts: Amounts) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for (key, year), value in amounts.items():
        if value != "":
            found.setdefault(key, {})[year] = value
    return [{"line": REPEATED.sub("", key), "years": years} for key, years in found.items()]


class Rows(Answer):
    """Repeated rows of the same columns, such as partners, with some blank ones at the end.

    The button named `<name>-add` asks for one more blank row, `<name>-remove` says by its value
    which row goes. Every other row that was sent is kept unless it is blank, also beyond the
    permitted number: the check tells of it.
    """

    rows: list[list[Answer]]
    changes_rows = False

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        sent, adds = self._sent(formdata), f"{self.name}-add" in (formdata or ())
        removed = formdata.get(f"{self.name}-remove") if formdata else None
        if sent:
            found = [self._answers(index, formdata) for index in sent if str(index) != removed]
            self.data = [row for row in found if is_filled(row)]
        self.changes_rows = adds or removed is not None
        wanted = len(sent) + 1 if adds else 0
        self.rows = [self._row(index, row) for index, row in enumerate(self._shown(wanted))]
        if self.changes_rows:
            self._lead_to(self.answered if adds else int(removed) if is_number(removed) else 0)

    def _lead_to(self, index: int) -> None:
        """The page shown again begins in this row: the first blank one, or what moved up."""
        if self.rows and self.rows[0]:
            self.rows[min(index, len(self.rows) - 1)][0].has_focus = True

    @property
    def answered(self) -> int:
        """How many rows are answered; they come first."""
        return len(self.data) if isinstance(self.data, list) else 0

    def process_data(self, value: Any) -> None:
        self.data = [] if value is None else value

    def _sent(self, formdata: Any) -> list[int]:
        pattern = re.compile(re.escape(self.name) + r"-([0-9]{1,9})-")
        found = (pattern.match(name) for name in formdata or ())
        return sorted({int(match[1]) for match in found if match})

    def _cell(self, index: int, column: Field, formdata: Any, value: Any) -> Answer:
        cell = bound(column, self.language, f"{self.name}-{index}-{column.id}", self.meta)
        cell.process(formdata, value)
        return cell

    def _answers(self, index: int, formdata: Any) -> dict[str, Any]:
        cells_sent = [self._cell(index, each, formdata, None) for each in self.spec.columns]
        return {cell.spec.id: cell.data for cell in cells_sent}

    def _shown(self, wanted: int) -> list[Mapping[str, Any]]:
        """The rows answered and blank ones, as many as wanted but not beyond the permitted."""
        given = self.data if isinstance(self.data, list) else []
        answered = [row for row in given if isinstance(row, Mapping)]
        most = self.spec.max if self.spec.max is not None else len(answered) + BLANK_ROWS
        count = min(max(len(answered) + 1, BLANK_ROWS, wanted), most)
        blank: list[Mapping[str, Any]] = [{}] * max(count - len(answered), 0)
        return [*answered, *blank]

    def _row(self, index: int, row: Mapping[str, Any]) -> list[Answer]:
        return [self._cell(index, each, None, row.get(each.id)) for each in self.spec.columns]

    @property
    def can_add(self) -> bool:
        """Whether another row is permitted."""
        return self.spec.max is None or len(self.rows) < self.spec.max

    @property
    def anchor(self) -> str:
        return self.rows[0][0].anchor if self.rows and self.rows[0] else self.id

    def inputs(self) -> Iterator[Answer]:
        yield self
        for row in self.rows:
            yield from row

    def pairs(self) -> list[tuple[str, str]]:
        return [pair for cell in list(self.inputs())[1:] for pair in cell.pairs()]


def is_number(text: str | None) -> TypeGuard[str]:
    """Whether a text is the number of a row."""
    return text is not None and re.fullmatch(r"[0-9]{1,9}", text) is not None


def is_filled(row: Mapping[str, Any]) -> bool:
    """Whether anything was answered in a row; a box that is not ticked is nothing."""
    return any(not is_empty(value) and value is not False for value in row.values())


def make(spec: Field, language: str, years: Iterable[str], **place: Any) -> Answer:
    """The field of a form for this field of its schema."""
    if spec.type == "table":
        return Table(spec, language, tuple(years), **place)
    if spec.autocomplete in PASSWORDS:
        return Secret(spec, language, **place)
    kind: type[Answer] = Rows if spec.type == "partners" else KINDS.get(spec.type, Typed)
    return kind(spec, language, **place)
