"""A form without what tells who applies: fields, columns, whole sections."""

from __future__ import annotations

from forms import schema

FORM = """
key: probe
version: 1
title: {de: Probe, en: Rehearsal}
sections:
  - id: who
    identity: true
    title: {de: Wer, en: Who}
    fields:
      - {id: name, type: text, label: {de: Name, en: Name}}
      - {id: note, type: static, label: {de: Hinweis, en: Note}}
  - id: what
    title: {de: Was, en: What}
    fields:
      - {id: idea, type: textarea, label: {de: Idee, en: Idea}}
      - {id: address, type: email, label: {de: Adresse, en: Address}}
      - id: team
        type: partners
        label: {de: Mitwirkende, en: Members}
        columns:
          - {id: who_else, type: text, identity: true, label: {de: Name, en: Name}}
          - {id: part, type: text, label: {de: Aufgabe, en: Part}}
      - id: friends
        type: partners
        label: {de: Befreundete, en: Friends}
        columns:
          - {id: friend, type: text, identity: true, label: {de: Name, en: Name}}
"""
ANSWERS = {
    "name": "Leihladen Ost",
    "idea": "Im leihladen ost mit Anna Beispiel",
    "address": "a@b.example",
    "team": [{"who_else": "Anna Beispiel", "part": "Technik", "more": "Anna"}],
    "friends": [{"friend": "Anna"}],
}


def test_what_tells_who_applies_is_not_in_the_form() -> None:
    form = schema.parse(FORM, "probe.yaml")
    seen = schema.without_identity(form)
    assert [section.id for section in seen.sections] == ["what"]
    assert [field.id for field in seen.fields] == ["idea", "team"]
    assert [column.id for column in seen.field("team").columns] == ["part"]
    assert schema.visible_answers_of(seen, ANSWERS) == {
        "idea": ANSWERS["idea"],
        "team": [{"part": "Technik"}],
    }
    assert schema.visible_answers_of(seen, {"team": "Anna, wie getippt"}) == {"team": []}


def test_texts_that_name_somebody_are_found() -> None:
    form = schema.parse(FORM, "probe.yaml")
    found = [(field.id, name) for field, name in schema.self_namings(form, ANSWERS)]
    assert found == [("idea", "Anna Beispiel"), ("idea", "Leihladen Ost")]
    assert schema.self_namings(form, {"name": "Ost", "idea": "Im Osten"}) == []


def test_every_form_of_an_application_says_what_tells_who_applies() -> None:
    for key in ("grant_application", "micro_grant_application", "idea", "outline",
                "lab_application", "data_project", "consultation_request"):  # fmt: skip
        seen = {field.id for field in schema.without_identity(schema.get(key)).fields}
        assert not seen & {"contact_name", "contact_email", "organisation_name", "statutes"}, key
        assert {"title", "summary"} <= seen, key
