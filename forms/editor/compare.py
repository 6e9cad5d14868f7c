"""What changed between two versions of a form, in words an office reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forms.editor.words import check_in_words, condition_in_words, label_of, quoted, value_in_words
from forms.messages import word
from forms.schema import Field, FormSchema, Section

WORDS: Mapping[str, Mapping[str, str]] = {
    "form_title": {"de": "Das Formular heißt jetzt {}", "en": "The form is now called {}"},
    "new_section": {"de": "Neuer Abschnitt: {}", "en": "New section: {}"},
    "no_section": {"de": "Der Abschnitt entfällt: {}", "en": "Section removed: {}"},
    "section_title": {
        "de": "Abschnitt {}: heißt jetzt {}",
        "en": "Section {}: is now called {}",
    },
    "intro": {"de": "Abschnitt {}: anders eingeleitet", "en": "Section {}: another introduction"},
    "sections": {"de": "Andere Reihenfolge der Abschnitte", "en": "Another order of sections"},
    "new_field": {"de": "Neues Feld in {}: {}", "en": "New field in {}: {}"},
    "no_field": {"de": "Das Feld entfällt: {}", "en": "Field removed: {}"},
    "moved": {"de": "{}: steht jetzt in {}", "en": "{}: now stands in {}"},
    "order": {"de": "Andere Reihenfolge in {}", "en": "Another order in {}"},
    "label": {"de": "{}: heißt jetzt {}", "en": "{}: is now called {}"},
    "other_language": {
        "de": "{}: Beschriftung in der anderen Sprache geändert",
        "en": "{}: its label in the other language has changed",
    },
    "type": {"de": "{}: Art jetzt {} statt {}", "en": "{}: type now {}, not {}"},
    "help": {"de": "{}: anderer Hilfetext", "en": "{}: another help text"},
    "example": {"de": "{}: anderes Beispiel", "en": "{}: another example"},
    "required": {"de": "{}: jetzt Pflicht", "en": "{}: now required"},
    "optional": {"de": "{}: jetzt freiwillig", "en": "{}: now optional"},
    "when": {"de": "{}: gefragt, wenn {}", "en": "{}: asked if {}"},
    "always": {"de": "{}: jetzt immer gefragt", "en": "{}: now asked always"},
    "limit": {"de": "{}: {} jetzt {} statt {}", "en": "{}: {} now {}, not {}"},
    "new_choice": {"de": "{}: neue Antwort {}", "en": "{}: new choice {}"},
    "no_choice": {"de": "{}: die Antwort {} entfällt", "en": "{}: choice {} removed"},
    "choice": {"de": "{}: die Antwort {} heißt jetzt {}", "en": "{}: choice {} is now called {}"},
    "new_column": {"de": "{}: neue Spalte {}", "en": "{}: new column {}"},
    "no_column": {"de": "{}: die Spalte {} entfällt", "en": "{}: column {} removed"},
    "new_check": {"de": "{}: geprüft wird jetzt: {}", "en": "{}: now checked: {}"},
    "no_check": {"de": "{}: nicht mehr geprüft: {}", "en": "{}: no longer checked: {}"},
    "other": {"de": "{}: anders gefasst", "en": "{}: put differently"},
    "nothing": {"de": "nichts", "en": "nothing"},
    "same": {"de": "Die Fassungen unterscheiden sich nicht.", "en": "The versions do not differ."},
}
LIMITS: Mapping[str, Mapping[str, str]] = {
    "max_words": {"de": "höchste Wortzahl", "en": "most words"},
    "min_length": {"de": "kleinste Länge", "en": "shortest length"},
    "max_length": {"de": "größte Länge", "en": "longest length"},
    "min": {"de": "untere Grenze", "en": "lower bound"},
    "max": {"de": "obere Grenze", "en": "upper bound"},
    "accept": {"de": "Dateiarten", "en": "kinds of files"},
    "max_bytes": {"de": "größte Datei in Bytes", "en": "largest file in bytes"},
    "either": {"de": "Ja und Nein erlaubt", "en": "yes and no permitted"},
    "not_before": {"de": "nicht vor", "en": "not before"},
    "balanced": {"de": "ausgeglichen", "en": "balanced"},
    "grant_field": {"de": "Zuwendung gleich", "en": "grant equals"},
    "autocomplete": {"de": "Ausfüllhilfe", "en": "autocomplete"},
    "identity": {"de": "verrät, wer sich bewirbt", "en": "tells who applies"},
    "fim_id": {"de": "FIM-Kennung", "en": "FIM id"},
    "choices_from": {"de": "Auswahl aus", "en": "choices from"},
}
TYPES: Mapping[str, Mapping[str, str]] = {
    "text": {"de": "Textzeile", "en": "line of text"},
    "textarea": {"de": "Text in mehreren Zeilen", "en": "text in several lines"},
    "email": {"de": "E-Mail-Adresse", "en": "e-mail address"},
    "url": {"de": "Internetadresse", "en": "web address"},
    "phone": {"de": "Telefonnummer", "en": "telephone number"},
    "iban": {"de": "IBAN", "en": "IBAN"},
    "date": {"de": "Datum", "en": "date"},
    "integer": {"de": "ganze Zahl", "en": "whole number"},
    "money": {"de": "Betrag in Euro", "en": "amount in euro"},
    "percent": {"de": "Prozentsatz", "en": "percentage"},
    "radio": {"de": "Auswahl: eine Antwort, alle sichtbar", "en": "one of several, all shown"},
    "select": {"de": "Auswahl: eine Antwort aus einer Liste", "en": "one from a list"},
    "checkboxes": {"de": "Auswahl: mehrere Antworten", "en": "any of several"},
    "yesno": {"de": "Erklärung oder Ja-Nein-Frage", "en": "declaration or yes-no question"},
    "file": {"de": "Dateien", "en": "files"},
    "table": {"de": "Finanzierungsplan nach Jahren", "en": "budget by year"},
    "partners": {"de": "wiederholte Zeilen", "en": "repeated rows"},
    "static": {"de": "Text ohne Antwort", "en": "text without an answer"},
}


def compare(old: FormSchema, new: FormSchema, language: str) -> list[str]:
    """The differences, in the order of the new form; one line that says so where there are none."""
    lines = list(_Comparison(old, new, language).lines())
    return lines or [WORDS["same"][language]]


def compare_fields(old: Field, new: Field, language: str) -> list[str]:
    """The differences of one field; none where there are none."""
    form = FormSchema("", 1, {}, ())
    return list(_Comparison(form, form, language).field(old, new))


class _Comparison:
    """Two forms side by side."""

    def __init__(self, old: FormSchema, new: FormSchema, language: str) -> None:
        self.old, self.new, self.language = old, new, language
        self.before = {field.id: field for field in old.fields}
        self.after = {field.id: field for field in new.fields}

    def say(self, code: str, *parts: str) -> str:
        return WORDS[code][self.language].format(*parts)

    def name(self, thing: Field | Section) -> str:
        text = thing.label if isinstance(thing, Field) else thing.title
        return quoted(text.get(self.language) or thing.id, self.language)

    def lines(self) -> Iterator[str]:
        if self.old.title != self.new.title:
            yield self.say("form_title", quoted(self.new.title[self.language], self.language))
        yield from self.sections()
        for section in self.new.sections:
            for field in section.fields:
                yield from self.placed(section, field)
        for name, field in self.before.items():
            if name not in self.after:
                yield self.say("no_field", self.name(field))

    def sections(self) -> Iterator[str]:
        old = {section.id: section for section in self.old.sections}
        new = {section.id: section for section in self.new.sections}
        for name, section in new.items():
            if name not in old:
                yield self.say("new_section", self.name(section))
            else:
                yield from self.section(old[name], section)
        yield from (
            self.say("no_section", self.name(each)) for name, each in old.items() if name not in new
        )
        if [name for name in old if name in new] != [name for name in new if name in old]:
            yield self.say("sections")

    def section(self, old: Section, new: Section) -> Iterator[str]:
        if old.title != new.title:
            yield self.say("section_title", self.name(old), self.name(new))
        if old.intro != new.intro:
            yield self.say("intro", self.name(new))
        before, after = ([field.id for field in each.fields] for each in (old, new))
        if [name for name in before if name in after] != [name for name in after if name in before]:
            yield self.say("order", self.name(new))

    def placed(self, section: Section, field: Field) -> Iterator[str]:
        before = self.before.get(field.id)
        if before is None:
            yield self.say("new_field", self.name(section), self.name(field))
            return
        stood = next(each.id for each in self.old.sections if before in each.fields)
        if stood != section.id:
            yield self.say("moved", self.name(field), self.name(section))
        yield from self.field(before, field)

    def field(self, old: Field, new: Field) -> Iterator[str]:
        if old == new:
            return
        lines = list(self.parts(old, new))
        yield from lines or [self.say("other", self.name(new))]

    def parts(self, old: Field, new: Field) -> Iterator[str]:
        yield from self.texts(old, new)
        if old.type != new.type:
            kinds = (TYPES[each.type][self.language] for each in (new, old))
            yield self.say("type", self.name(new), *kinds)
        if old.required != new.required:
            yield self.say("required" if new.required else "optional", self.name(new))
        yield from self.limits(old, new)
        yield from self.when(old, new)
        yield from self.choices(old, new)
        yield from self.columns(old, new)
        yield from self.checks(old, new)

    def texts(self, old: Field, new: Field) -> Iterator[str]:
        if old.label.get(self.language) != new.label.get(self.language):
            yield self.say("label", self.name(old), self.name(new))
        elif old.label != new.label:
            yield self.say("other_language", self.name(new))
        for name in ("help", "example"):
            if getattr(old, name) != getattr(new, name):
                yield self.say(name, self.name(new))

    def limits(self, old: Field, new: Field) -> Iterator[str]:
        for name, words in LIMITS.items():
            values = [getattr(each, name) for each in (new, old)]
            if values[0] != values[1]:
                shown = (self.limit(new, name, value) for value in values)
                yield self.say("limit", self.name(new), words[self.language], *shown)

    def limit(self, field: Field, name: str, value: Any) -> str:
        if value in (None, "", ()):
            return WORDS["nothing"][self.language]
        if isinstance(value, bool):
            return word("yes" if value else "no", self.language)
        if name in ("not_before", "grant_field"):
            return label_of(value, self.after, self.language)
        bounds = field if name in ("min", "max") and field.type == "date" else None
        return value_in_words(bounds, list(value) if name == "accept" else value, self.language)

    def when(self, old: Field, new: Field) -> Iterator[str]:
        if old.when == new.when:
            return
        if new.when is None:
            yield self.say("always", self.name(new))
        else:
            words = condition_in_words(new.when, self.after, self.language)
            yield self.say("when", self.name(new), words)

    def choices(self, old: Field, new: Field) -> Iterator[str]:
        before, after = (
            {choice.value: quoted(choice.label[self.language], self.language) for choice in one}
            for one in (old.choices, new.choices)
        )
        for value, label in after.items():
            if value not in before:
                yield self.say("new_choice", self.name(new), label)
            elif before[value] != label:
                yield self.say("choice", self.name(new), before[value], label)
        for value, label in before.items():
            if value not in after:
                yield self.say("no_choice", self.name(new), label)

    def columns(self, old: Field, new: Field) -> Iterator[str]:
        before, after = ({column.id: column for column in each.columns} for each in (old, new))
        for name, column in after.items():
            if name not in before:
                yield self.say("new_column", self.name(new), self.name(column))
            else:
                inner = self.field(before[name], column)
                yield from (f"{self.name(new)} – {line}" for line in inner)
        for name, column in before.items():
            if name not in after:
                yield self.say("no_column", self.name(new), self.name(column))

    def checks(self, old: Field, new: Field) -> Iterator[str]:
        for code, ours, theirs, fields in (
            ("new_check", new, old, self.after),
            ("no_check", old, new, self.before),
        ):
            yield from self.checked(code, new, ours, theirs, fields)

    def checked(
        self, code: str, field: Field, ours: Field, theirs: Field, fields: Mapping[str, Field]
    ) -> Iterator[str]:
        others: Sequence[Any] = theirs.checks
        for check in ours.checks:
            if check not in others:
                words = check_in_words(check, fields, self.language)
                yield self.say(code, self.name(field), words)
