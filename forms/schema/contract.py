"""A form as the JSON API shows it."""

from __future__ import annotations

from typing import Any

from forms.schema.conditions import as_data
from forms.schema.model import Field, FormSchema


def _field(field: Field, language: str) -> dict[str, Any]:
    return {
        "id": field.id,
        "type": field.type,
        "label": field.label[language],
        "help": field.hint(language),
        "required": field.required,
        "when": as_data(field.when) if field.when else None,
        "choices": [
            {"value": choice.value, "label": choice.label[language]} for choice in field.choices
        ],
        "max_words": field.max_words,
        "max_length": field.max_length,
        "min": field.min,
        "max": field.max,
        "columns": [_field(column, language) for column in field.columns],
    }


def as_json(schema: FormSchema, language: str) -> dict[str, Any]:
    """The form in one language (`de` or `en`), as `GET /calls/{ref}/form` answers it."""
    sections = [
        {
            "id": section.id,
            "title": section.title[language],
            "fields": [_field(field, language) for field in section.fields],
        }
        for section in schema.sections
    ]
    return {"version": schema.version, "sections": sections}
