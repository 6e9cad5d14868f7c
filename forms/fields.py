"""Form fields that hold a canonical answer and, beside it, the text as it was typed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Field as WTField
from wtforms.meta import DefaultMeta

from forms.parsing import canonical, is_date, storable, typed
from forms.printable import file_limits
from forms.schema import Field
from forms.schema.conditions import Condition, as_data
from forms.values import count_words

INPUT_TYPES: Mapping[str, str] = {"email": "email", "url": "url", "phone": "tel"}
PASSWORDS = frozenset({"current-password", "new-password"})
INPUT_MODES: Mapping[str, str] = {"money": "decimal", "percent": "decimal", "integer": "numeric"}
DATE_PARTS = ("day", "month", "year")


def _named(condition: Condition, prefix: str) -> Condition:
    """The condition over the names that the fields have on a page with a prefix."""
    parts = tuple(_named(part, prefix) for part in condition.parts)
    return replace(condition, field=condition.field and f"{prefix}{condition.field}", parts=parts)


class Answer(WTField):
    """One question on a page. `spec` is the field of the schema, `data` the canonical answer.

    `has_focus` says that the page shown begins here.
    """

    has_focus = False

    def __init__(self, spec: Field, language: str, **bound: Any) -> None:
        super().__init__(label=spec.label.get(language, spec.id), **bound)
        self.spec = spec
        self.language = language

    @property
    def hint(self) -> str:
        """The help text with its example, in the form's language."""
        return self.spec.hint(self.language)

    @property
    def anchor(self) -> str:
        """The id of the first control: where a link from the error summary leads."""
        return self.id

    @property
    def described_by(self) -> str:
        """The ids of the texts that belong to the control, for `aria-describedby`."""
        parts = {"hint": self.hint, "limit": self.spec.max_words, "error": self.errors}
        return " ".join(f"{self.id}-{name}" for name, there in parts.items() if there)

    @property
    def when(self) -> str:
        """The condition under which the field is asked, as JSON; empty where it always is."""
        if self.spec.when is None:
            return ""
        prefix = self.name.removesuffix(self.spec.id)
        return json.dumps(as_data(_named(self.spec.when, prefix)))

    def inputs(self) -> Iterator[Answer]:
        """The field itself and the fields it is made of."""
        yield self

    def pairs(self) -> list[tuple[str, str]]:
        """The names and values a browser would send."""
        return []


def strings(values: list[Any]) -> list[str]:
    """The texts among submitted values (a file may come under any name), fit to be stored."""
    return [str(storable(value)) for value in values if isinstance(value, str)]


class Typed(Answer):
    """A line or several lines of text, or a value written as text."""

    typed = ""

    @property
    def input_type(self) -> str:
        return INPUT_TYPES.get(self.spec.type, "text")

    @property
    def input_mode(self) -> str:
        return INPUT_MODES.get(self.spec.type, "")

    @property
    def words(self) -> int:
        return count_words(self.typed)

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else value
        self.typed = typed(value, self.spec.type, self.language)

    def process_formdata(self, valuelist: list[Any]) -> None:
        for text in strings(valuelist)[:1]:
            self.typed = text
            self.data = canonical(text, self.spec.type, self.language)

    def pairs(self) -> list[tuple[str, str]]:
        return [(self.name, self.typed)]


class Secret(Typed):
    """A password: taken as it was typed, blanks and all, and never shown again."""

    @property
    def input_type(self) -> str:
        return "password"

    def process_formdata(self, valuelist: list[Any]) -> None:
        for text in strings(valuelist)[:1]:
            self.data = text

    def process_data(self, value: Any) -> None:
        self.data = value or ""

    def pairs(self) -> list[tuple[str, str]]:
        return [(self.name, self.data)]


class DateParts(Typed):
    """A date in three inputs: day, month and year. An ISO date under its own name does as well."""

    sent: Mapping[str, str] | None = None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        names = [f"{self.name}-{part}" for part in DATE_PARTS]
        if formdata is not None and any(name in formdata for name in names):
            parts = [(strings(formdata.getlist(name)) or [""])[0] for name in names]
            self.sent = dict(zip(DATE_PARTS, parts, strict=True))
            formdata = MultiDict({self.name: _joined(parts)})
        super().process(formdata, data, extra_filters)
        if is_date(self.data):
            self.sent = None
            self.typed = typed(self.data, "date", self.language)

    @property
    def anchor(self) -> str:
        return f"{self.id}-day"

    @property
    def parts(self) -> dict[str, str]:
        """Day, month and year as they were typed."""
        if self.sent is not None:
            return dict(self.sent)
        pieces = self.typed.rsplit(".", 2)
        return dict(zip(DATE_PARTS, [*pieces, "", ""][:3], strict=True))

    def pairs(self) -> list[tuple[str, str]]:
        return [(f"{self.name}-{part}", text) for part, text in self.parts.items()]


def _joined(parts: list[str]) -> str:
    texts = [part.strip().rstrip(".") for part in parts]
    return ".".join(texts) if any(texts) else ""


class Chosen(Answer):
    """One of several choices (radio or select)."""

    @property
    def anchor(self) -> str:
        return f"{self.id}-0" if self.spec.type == "radio" else self.id

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else value

    def process_formdata(self, valuelist: list[Any]) -> None:
        for value in strings(valuelist)[:1]:
            self.data = value

    def pairs(self) -> list[tuple[str, str]]:
        return [(self.name, str(self.data))] if self.data else []


class ChosenSeveral(Answer):
    """Any number of choices."""

    @property
    def anchor(self) -> str:
        return f"{self.id}-0"

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        if formdata is not None:
            self.data = strings(self.raw_data or [])

    def process_data(self, value: Any) -> None:
        self.data = [] if value is None else value

    @property
    def chosen(self) -> list[str]:
        """The values chosen, where the answer is a list at all."""
        return [str(value) for value in self.data] if isinstance(self.data, list) else []

    def pairs(self) -> list[tuple[str, str]]:
        return [(self.name, value) for value in self.chosen]


class YesNo(Answer):
    """A declaration to be ticked, or (`either`) a question to be answered with yes or no."""

    @property
    def anchor(self) -> str:
        return f"{self.id}-0" if self.spec.either else self.id

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        answers = strings(self.raw_data or [])[:1]
        if answers:
            self.data = {"yes": True, "no": False}.get(answers[0])
        elif formdata is not None and not self.spec.either:
            self.data = False

    def pairs(self) -> list[tuple[str, str]]:
        words = {True: "yes", False: "no"} if self.spec.either else {True: "yes"}
        known = isinstance(self.data, bool) and self.data in words
        return [(self.name, words[self.data])] if known else []


class Files(Answer):
    """Uploaded files. `data` lists those kept already, `uploads` those that come now.

    `was_changed` once one was removed, restored or put aside: then the earlier ones are shown.
    """

    was_changed = False

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        raw = self.raw_data or []
        self.uploads = [file for file in raw if isinstance(file, FileStorage) and file.filename]

    def process_data(self, value: Any) -> None:
        self.data = [] if value is None else value

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Nothing: a file becomes an answer only when it is kept."""

    @property
    def kept(self) -> list[Mapping[str, Any]]:
        """The files kept already."""
        files = self.data if isinstance(self.data, list) else []
        return [file for file in files if isinstance(file, Mapping)]

    @property
    def limits(self) -> str:
        """Which files it takes, in words."""
        return ", ".join(file_limits(self.spec, self.language))

    @property
    def described_by(self) -> str:
        others = super().described_by
        return f"{self.id}-kinds {others}".rstrip() if self.limits else others

    @property
    def accepted(self) -> str:
        """The permitted endings, for the `accept` attribute."""
        return ",".join(f".{ending}" for ending in self.spec.accept)


class Static(Answer):
    """A text between the questions; it takes no answer."""


KINDS: dict[str, type[Answer]] = {
    "date": DateParts,
    "radio": Chosen,
    "select": Chosen,
    "checkboxes": ChosenSeveral,
    "yesno": YesNo,
    "file": Files,
    "static": Static,
}


def bound(spec: Field, language: str, name: str, meta: DefaultMeta) -> Answer:
    """A field of this name that stands in no form of its own: a cell of a table or row.

    A date is one input there, as three do not fit.
    """
    kind = Typed if spec.type == "date" else KINDS.get(spec.type, Typed)
    return kind(spec, language, name=name, _form=None, _meta=meta)
