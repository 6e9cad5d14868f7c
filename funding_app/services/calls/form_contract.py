"""What cases read from answers, and whether a form asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy.orm import Session

from forms import schema
from forms.schema import Fault, Field, FormSchema
from funding_app.queries.calls.forms import published_forms
from workflows import Registry

READ: Mapping[str, tuple[str, ...]] = {
    "title": ("text",),
    "summary": ("textarea", "text"),
    "period_start": ("date",),
    "period_end": ("date",),
    "requested_amount": ("money",),
    "budget": ("table",),
}
"""The answers that name a case, date it and say what is asked for, with the types they may have."""

NEEDED = ("title",)
PERIOD = ("period_start", "period_end")


def _lacks(name: str) -> Fault:
    params = {"name": name, "kinds": " / ".join(READ[name])}
    return Fault("", "lacks", params)


def _is_always_answered(field: Field) -> bool:
    return field.required and field.when is None


def problems_of(form: FormSchema, needed: Iterable[str] = NEEDED) -> Iterator[Fault]:
    """What a form for applications lacks: `needed` answers, and columns of years for its tables."""
    known = {field.id: field for field in form.fields}
    years = PERIOD if any(field.type == "table" for field in form.fields) else ()
    for name in dict.fromkeys((*needed, *years)):
        if name not in known:
            yield _lacks(name)
        elif not _is_always_answered(known[name]):
            yield Fault(name, "always")
    for name, kinds in READ.items():
        if name in known and known[name].type not in kinds:
            yield Fault(name, "wrong_kind", {"name": name})
    yield from _budget(known.get("budget"))


def _budget(budget: Field | None) -> Iterator[Fault]:
    if budget is None or budget.type != "table":
        return
    if {side.id for side in budget.columns} != {"lines", "income"}:
        yield Fault("budget", "sides")


def needed_by(workflow_form: str) -> tuple[str, ...]:
    """The answers that cases of a workflow need: those that its own form always asks for."""
    shipped = {field.id: field for field in schema.get(workflow_form).fields}
    always = (name for name in READ if name in shipped and _is_always_answered(shipped[name]))
    return tuple(dict.fromkeys((*NEEDED, *always)))


def fits(form: FormSchema, workflow_form: str) -> bool:
    """Whether cases of a workflow, whose own form this is, can be filled in with the form."""
    return not any(problems_of(form, needed_by(workflow_form)))


def application_forms(definitions: Registry) -> set[str]:
    """The keys of the shipped forms that applications are written with."""
    found = {one.form for one in definitions.all() if one.record == "application"}
    return {key for key in found if key is not None}


def forms_for(session: Session, definitions: Registry, workflow_form: str) -> list[FormSchema]:
    """The forms that a call of a workflow may name: shipped ones and those the office published."""
    shipped = [schema.get(key) for key in sorted(application_forms(definitions))]
    stored = published_forms(session)
    places = {(form.key, form.version) for form in stored}
    own = [form for form in shipped if (form.key, form.version) not in places]
    return [form for form in (*own, *stored) if fits(form, workflow_form)]
