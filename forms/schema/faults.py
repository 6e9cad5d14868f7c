"""What can be wrong with a form definition, in words for those who write and those who edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from source_text import Problem, SourceError

WORDS: Mapping[str, Mapping[str, str]] = {
    "mapping": {"de": "hier stehen keine Angaben", "en": "is a mapping, not {found}"},
    "key": {"de": "kennt kein „{name}“", "en": "has no '{name}'"},
    "list": {"de": "„{name}“ ist eine Liste", "en": "'{name}' is a list"},
    "id": {
        "de": "kann nicht „{name}“ als Kennzeichen haben",
        "en": "can not have the id '{name}'",
    },
    "whole": {"de": "„{name}“ ist eine ganze Zahl", "en": "'{name}' is a whole number"},
    "flag": {"de": "„{name}“ ist wahr oder falsch", "en": "'{name}' is true or false"},
    "word": {"de": "„{name}“ ist ein Text", "en": "'{name}' is a text"},
    "text": {
        "de": "es fehlt der Text „{name}“ auf {language}",
        "en": "has no {name} in '{language}'",
    },
    "type": {"de": "unbekannte Art „{name}“", "en": "unknown type '{name}'"},
    "column": {
        "de": "keine Spalte kann von der Art „{name}“ sein",
        "en": "no column can be of type '{name}'",
    },
    "test": {"de": "unbekannter Vergleich „{name}“", "en": "unknown test '{name}'"},
    "conditions": {
        "de": "„{name}“ umfasst mehrere Bedingungen",
        "en": "'{name}' takes a list of conditions",
    },
    "version": {
        "de": "die Fassung ist eine ganze Zahl ab 1",
        "en": "'version' is a whole number from 1",
    },
    "empty": {
        "de": "ein Formular hat mindestens einen Abschnitt mit einem Feld",
        "en": "a form has at least one section with a field",
    },
    "code_list": {"de": "es gibt keine Codeliste „{name}“", "en": "no code list '{name}'"},
    "twice": {
        "de": "das Kennzeichen kommt in diesem Formular zweimal vor",
        "en": "stands twice in this form",
    },
    "unknown": {
        "de": "bezieht sich auf „{name}“, das es an dieser Stelle nicht gibt",
        "en": "refers to an unknown '{name}'",
    },
    "compared": {
        "de": "die Bedingung vergleicht „{name}“ mit „{value}“; diese Antwort kann es nicht geben",
        "en": "the condition compares '{name}' with '{value}', which can not be its answer",
    },
    "choices": {"de": "braucht mindestens eine Antwort zur Auswahl", "en": "needs a choice"},
    "choice_twice": {
        "de": "die Antwort „{name}“ steht zweimal zur Auswahl",
        "en": "the choice '{name}' stands twice",
    },
    "bound": {
        "de": "die Grenze „{value}“ passt nicht zur Art des Feldes",
        "en": "the bound '{value}' does not fit its type",
    },
    "bounds": {
        "de": "die untere Grenze liegt über der oberen",
        "en": "its lower bound is above the upper one",
    },
    "columns": {"de": "braucht mindestens eine Spalte", "en": "needs a column"},
    "sides": {
        "de": "eine ausgeglichene Tabelle hat die Seiten „lines“ und „income“",
        "en": "a balanced table has the sides 'lines' and 'income'",
    },
    "grant_line": {
        "de": "die Einnahmenseite braucht die Zeile „grant“",
        "en": "its side 'income' needs the line 'grant'",
    },
    "wrong_kind": {
        "de": "„{name}“ ist nicht von der Art, die hier nötig ist",
        "en": "'{name}' is not of the type that is needed here",
    },
    "expression": {
        "de": "eine Rechnung nennt genau eines von: {known}",
        "en": "an expression names exactly one of: {known}",
    },
    "operands": {
        "de": "„{name}“ braucht andere Teile",
        "en": "'{name}' takes other parts",
    },
    "number": {"de": "„{value}“ ist keine Zahl", "en": "'{value}' is no number"},
    "too_large": {
        "de": "die Rechnung ist zu groß",
        "en": "the expression is too large",
    },
    "comparison": {"de": "unbekannter Vergleich „{name}“", "en": "unknown comparison '{name}'"},
    "lacks": {
        "de": "das Feld „{name}“ ({kinds}) fehlt",
        "en": "the field '{name}' ({kinds}) is missing",
    },
    "always": {
        "de": "muss immer gefragt werden und ausgefüllt sein",
        "en": "has to be asked always, and answered",
    },
}
NEAR: Mapping[str, str] = {
    "de": "; gemeint ist vielleicht „{near}“",
    "en": "; did you mean '{near}'?",
}


class Fault(NamedTuple):
    """One mistake in a form: at which place, its code, and what would be right.

    `place` is the id of the field or section, `budget.income` for a column; `subject` names it in
    the words of a file, on whose `line` it stands.
    """

    place: str
    code: str
    params: Mapping[str, Any] = {}
    near: str = ""
    subject: str = ""
    line: int = 1

    def words(self, language: str) -> str:
        """What is wrong, without the place."""
        said = WORDS[self.code][language].format(**self.params)
        return said + (NEAR[language].format(near=self.near) if self.near else "")

    def in_file(self, file: str) -> Problem:
        """The same for those who write files: with file, line and subject."""
        said = WORDS[self.code]["en"].format(**self.params)
        what = ": ".join(part for part in (self.subject, said) if part)
        return Problem(file, self.line, what, nearest=self.near)


class SchemaError(SourceError):
    """A form definition that cannot be used; `problems` has all its mistakes."""
