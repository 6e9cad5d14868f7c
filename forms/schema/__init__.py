"""Form schemas: what is asked, as versioned data read from YAML."""

from forms.schema.blind import (
    names_told,
    self_namings,
    tells_identity,
    visible_answers_of,
    without_identity,
)
from forms.schema.code_lists import code_list
from forms.schema.conditions import Condition, holds, is_empty
from forms.schema.contract import as_json
from forms.schema.expressions import Check, Expression
from forms.schema.faults import Fault, SchemaError
from forms.schema.loader import checksum, examine, parse, parse_fields
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
from forms.schema.requested import Asked, unanswered, with_requested
from forms.schema.review import review_schema
from forms.schema.writing import as_data, field_data

__all__ = [
    "TYPES",
    "Asked",
    "Check",
    "Choice",
    "Condition",
    "Expression",
    "Fault",
    "Field",
    "FormSchema",
    "Registry",
    "SchemaError",
    "Section",
    "Text",
    "applies",
    "as_data",
    "as_json",
    "asked",
    "checksum",
    "code_list",
    "examine",
    "field_data",
    "get",
    "holds",
    "is_empty",
    "keys",
    "load",
    "names_told",
    "parse",
    "parse_fields",
    "review_schema",
    "self_namings",
    "tells_identity",
    "unanswered",
    "visible_answers",
    "visible_answers_of",
    "with_requested",
    "without_identity",
]
