"""Form schemas: what is asked, as versioned data read from YAML."""

from forms.schema.conditions import Condition, holds, is_empty
from forms.schema.contract import as_json
from forms.schema.loader import Problem, SchemaError, code_list, parse, parse_fields
from forms.schema.model import (
    TYPES,
    Choice,
    Field,
    FormSchema,
    Section,
    Text,
    applies,
    asked,
    visible_answers,
)
from forms.schema.registry import Registry, get, keys, load
from forms.schema.review import review_schema

__all__ = [
    "TYPES",
    "Choice",
    "Condition",
    "Field",
    "FormSchema",
    "Problem",
    "Registry",
    "SchemaError",
    "Section",
    "Text",
    "applies",
    "as_json",
    "asked",
    "code_list",
    "get",
    "holds",
    "is_empty",
    "keys",
    "load",
    "parse",
    "parse_fields",
    "review_schema",
    "visible_answers",
]
