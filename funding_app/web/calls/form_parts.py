"""One part of a draft being edited: a section, a field, a column, a check; with its preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.editor import check_form, field_form, outline
from forms.editor.compare import TYPES, compare_fields
from forms.editor.words import check_in_words, condition_in_words
from forms.schema import Choice, Field, FormSchema
from forms.schema.reading import COLUMN_TYPES, IDENTIFIER
from funding_app.access.lists import FORM_ROLES
from funding_app.models import FormVersion
from funding_app.services.calls import form_versions as service
from funding_app.services.calls.form_versions import DraftChanged, Examined, FormRefused
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.calls.form_outline import anchor_of, changed, labels_of
from funding_app.web.calls.form_preview import number_of, preview, preview_language
from funding_app.web.calls.forms import words
from funding_app.web.request import language, needs_role, portal, typed

FIELD, SECTION, CHECK = (schema.get(f"form_part_{name}") for name in ("field", "section", "check"))
PREFIX = "edit-"
# What a column or the side of a table is not asked: it stands in a row with others.
NOT_IN_COLUMNS = frozenset(
    "either help_de help_en example_de example_en not_before accept max_megabytes balanced "
    "grant_field drop_condition when_mode when_tests".split()
)
ONLY_IN_SIDES = frozenset({"label_de", "label_en", "choices", "name"})


@dataclass(frozen=True, slots=True)
class Desk:
    """The draft at hand, and the part of it that is edited."""

    key: str
    version: int
    edition: int
    content: Mapping[str, Any]
    found: Examined
    place: str

    @property
    def part(self) -> Any:
        """The section, field or column."""
        form = self.found.form
        if self.place.startswith("#"):
            return form.section(self.place[1:])
        name, _dot, column = self.place.partition(".")
        return form.field(name).column(column) if column else form.field(name)

    @property
    def is_side(self) -> bool:
        """Whether this is a side of a table, whose type is given."""
        parent = self.place.rpartition(".")[0]
        return bool(parent) and self.found.form.field(parent).type == "table"

    def earlier(self) -> dict[str, Field]:
        """The fields that stand before it: those its condition may name."""
        before: dict[str, Field] = {}
        for field in self.found.form.fields:
            if field.id == self.place:
                break
            if field.type != "static":
                before[field.id] = field
        return before


def _desk(key: str, version: str, place: str) -> Desk:
    with portal().database.read() as session:
        draft = session.get(FormVersion, (key, number_of(version)))
        if draft is None or draft.published_at is not None:
            abort(404)
        found = service.examined(draft.content)
        desk = Desk(key, draft.version, draft.edition, draft.content, found, place)
    try:
        desk.part  # noqa: B018 - raises where the part is not there
        outline.part_at(desk.content, place)
    except KeyError:
        abort(404)
    return desk


def _named(fields: Mapping[str, Field]) -> list[Choice]:
    return [
        Choice(name, {lang: each.label.get(lang) or name for lang in ("de", "en")})
        for name, each in fields.items()
    ]


def _choices(desk: Desk) -> dict[str, list[Choice]]:
    others = {field.id: field for field in desk.found.form.fields if field.id != desk.place}
    is_column = "." in desk.place
    return {
        "kinds": [
            Choice(kind, dict(names))
            for kind, names in TYPES.items()
            if not is_column or kind in COLUMN_TYPES
        ],
        "dates": _named({name: each for name, each in others.items() if each.type == "date"}),
        "amounts": _named({name: each for name, each in others.items() if each.type == "money"}),
        "earlier": _named(desk.earlier()),
    }


def _asked(desk: Desk) -> tuple[Field, ...]:
    """The questions that make sense for this part."""
    if desk.place.startswith("#"):
        return SECTION.fields
    if desk.is_side:
        return tuple(field for field in FIELD.fields if field.id in ONLY_IN_SIDES)
    out = NOT_IN_COLUMNS if "." in desk.place else frozenset()
    if field_form.flat_tests(desk.part.when) is not None:
        out |= {"drop_condition"}
    return tuple(field for field in FIELD.fields if field.id not in out)


def _form(desk: Desk) -> AnswerForm:
    if desk.place.startswith("#"):
        section = desk.part
        data = {
            f"{name}_{lang}": getattr(section, name).get(lang, "")
            for name in ("title", "intro")
            for lang in ("de", "en")
        } | {"name": section.id}
    else:
        data = field_form.answers_of(desk.part, language())
    return form_class(_asked(desk), language(), choices=_choices(desk))(data=data, prefix=PREFIX)


def _spec(desk: Desk, form: AnswerForm) -> tuple[dict[str, Any], field_form.Faults]:
    """The part as it was typed, as plain data, and what can not be read."""
    answers = answers_of(form)
    if desk.place.startswith("#"):
        spec, faults = _section_spec(desk, answers)
    else:
        spec, faults = field_form.spec_of(answers, desk.part, desk.earlier(), language())
    if not faults.get("name") and outline.is_taken(desk.content, desk.place, spec["id"]):
        faults["name"] = "twice"
    return spec, faults


def _section_spec(
    desk: Desk, answers: Mapping[str, Any]
) -> tuple[dict[str, Any], field_form.Faults]:
    intro = {lang: str(answers.get(f"intro_{lang}") or "").strip() for lang in ("de", "en")}
    name = str(answers.get("name"))
    spec = {
        "id": name,
        "title": {lang: str(answers.get(f"title_{lang}") or "") for lang in ("de", "en")},
        **({"intro": intro} if any(intro.values()) else {}),
        "fields": outline.part_at(desk.content, desk.place)["fields"],
    }
    return spec, {} if IDENTIFIER.fullmatch(name) else {"name": "id"}


def _fault_words(code: str) -> str:
    texts: dict[str, str] = {
        "id": _("Bitte nehmen Sie Kleinbuchstaben, Ziffern und Unterstriche; manche Namen braucht "
                "die Seite selbst."),
        "twice": _("Dieses Kennzeichen gibt es in dem Formular schon."),
        "bound": _("Diese Grenze passt nicht zur Art der Antwort."),
        "compared": _("Diese Antwort kann es auf das gewählte Feld nicht geben."),
        "number": _("Bitte geben Sie eine Zahl an, zum Beispiel 0,9."),
    }  # fmt: skip
    return texts[code]


def _page(desk: Desk, form: AnswerForm, stale: list[str] | None = None, shown: str = "") -> str:
    when = None if desk.place.startswith("#") else desk.part.when
    known = {field.id: field for field in desk.found.form.fields}
    return render_template(
        "calls/form_part.html",
        desk=desk,
        part=desk.part,
        form=form,
        sections=[] if desk.place.startswith("#") else FIELD.sections,
        labels=labels_of(desk.found),
        problems=desk.found.at(desk.place),
        condition=condition_in_words(when, known, language()) if when else "",
        checks=_checks(desk, known),
        types={kind: names[language()] for kind, names in TYPES.items()},
        columns=sorted(COLUMN_TYPES),
        stale=stale,
        back=anchor_of(desk.place),
        preview_language=preview_language(),
        shown=shown or preview(desk.found.form, preview_language(), only=_section(desk)),
        prefix=PREFIX,
    )


def _section(desk: Desk) -> str:
    return outline.section_of(desk.content, desk.place)


def _checks(desk: Desk, known: Mapping[str, Field]) -> list[dict[str, Any]]:
    if desk.place.startswith("#") or "." in desk.place:
        return []
    return [
        {
            "words": check_in_words(check, known, language()),
            "message": check.message.get(language(), ""),
            "number": number,
            "editable": check_form.answers_of(check, language()) is not None,
        }
        for number, check in enumerate(desk.part.checks)
    ]


@blueprint.get("/admin/forms/<key>/<version>/parts/<place>")
@needs_role(FORM_ROLES)
def edit_part(key: str, version: str, place: str) -> str:
    desk = _desk(key, version, place)
    return _page(desk, _form(desk))


@blueprint.post("/admin/forms/<key>/<version>/parts/<place>")
@needs_role(FORM_ROLES)
def write_part(key: str, version: str, place: str) -> Response | tuple[str, int]:
    desk = _desk(key, version, place)
    form = _form(desk)
    spec, faults = _spec(desk, form)
    shown = preview(_with(desk, spec), preview_language(), only=_section(desk))
    if form.changes_rows:
        return _page(desk, form, shown=shown), 200
    errors = form.tell(form.check(complete=True))
    if errors or faults:
        form.tell({**errors, **{name: [_fault_words(code)] for name, code in faults.items()}})
        return _page(desk, form, shown=shown), 422
    try:
        new = changed(key, version, lambda content: outline.replaced(content, place, spec))
    except DraftChanged:
        return _page(desk, form, _stored_words(desk, spec), shown), 409
    except FormRefused as refused:
        flash(words(refused.code), "error")
        return redirect(url_for("calls.form_version", key=key, version=version))
    flash(_("Gespeichert."), "success")
    return redirect(_next(key, version, new))


def _next(key: str, version: str, place: str) -> str:
    if typed(request.form, "go") == "stay":
        return url_for("calls.edit_part", key=key, version=version, place=place)
    address = url_for("calls.form_version", key=key, version=version)
    return f"{address}#{anchor_of(place)}"


def _with(desk: Desk, spec: Mapping[str, Any]) -> FormSchema:
    """The form as it would be with what is typed now."""
    content, _place = outline.replaced(desk.content, desk.place, spec)
    return service.examined(content).form


def _stored_words(desk: Desk, spec: Mapping[str, Any]) -> list[str]:
    """How what is typed differs from what is stored now."""
    if desk.place.startswith("#"):
        title = desk.part.title
        return [_("Gespeichert ist der Titel: %(title)s", title=title.get(language(), ""))]
    form = _with(desk, spec)
    name, _dot, column = desk.place.partition(".")
    mine = form.field(str(spec["id"]) if not column else name)
    mine = mine.column(str(spec["id"])) if column else mine
    return compare_fields(desk.part, mine, language())


@blueprint.post("/admin/forms/<key>/<version>/parts/<place>/preview")
@needs_role(FORM_ROLES)
def preview_part(key: str, version: str, place: str) -> str:
    """The preview with what is typed and not yet saved, for the page that refreshes itself."""
    desk = _desk(key, version, place)
    spec, faults = _spec(desk, _form(desk))
    form = desk.found.form if faults.get("name") else _with(desk, spec)
    renamed = f"#{spec['id']}" if place.startswith("#") else ""
    only = renamed[1:] if renamed and not faults.get("name") else _section(desk)
    return preview(form, preview_language(), only=only)


def _check_of(desk: Desk, number: str) -> int | None:
    """Which check is edited, `None` for a new one; or 404."""
    if "." in desk.place or desk.place.startswith("#"):
        abort(404)
    if number == "new":
        return None
    if not number.isdecimal() or len(number) > 3 or int(number) >= len(desk.part.checks):
        abort(404)
    return int(number)


def _check_form(desk: Desk, at: int | None) -> AnswerForm:
    choices = {"terms": check_form.terms(desk.found.form.fields)}
    shown = None if at is None else check_form.answers_of(desk.part.checks[at], language())
    if at is not None and shown is None:
        abort(404)
    return form_class(CHECK.fields, language(), choices=choices)(data=shown or {})


@blueprint.get("/admin/forms/<key>/<version>/parts/<place>/checks/<number>")
@needs_role(FORM_ROLES)
def edit_check(key: str, version: str, place: str, number: str) -> str:
    desk = _desk(key, version, place)
    return _check_page(desk, _check_form(desk, _check_of(desk, number)), number)


def _check_page(desk: Desk, form: AnswerForm, number: str, *, stale: bool = False) -> str:
    return render_template(
        "calls/form_check.html", desk=desk, part=desk.part, form=form, number=number, stale=stale
    )


@blueprint.post("/admin/forms/<key>/<version>/parts/<place>/checks/<number>")
@needs_role(FORM_ROLES)
def write_check(key: str, version: str, place: str, number: str) -> Response | tuple[str, int]:
    desk = _desk(key, version, place)
    at = _check_of(desk, number)
    form = _check_form(desk, at)
    if form.changes_rows:
        return _check_page(desk, form, number), 200
    spec, faults = check_form.spec_of(answers_of(form))
    errors = form.tell(form.check(complete=True))
    if errors or faults:
        form.tell({**errors, **{name: [_fault_words(code)] for name, code in faults.items()}})
        return _check_page(desk, form, number), 422
    try:
        changed(key, version, lambda content: _with_check(content, place, at, spec))
    except DraftChanged:
        return _check_page(desk, form, number, stale=True), 409
    flash(_("Gespeichert."), "success")
    return redirect(url_for("calls.edit_part", key=key, version=version, place=place))


@blueprint.post("/admin/forms/<key>/<version>/parts/<place>/checks/<number>/removal")
@needs_role(FORM_ROLES)
def remove_check(key: str, version: str, place: str, number: str) -> Response | tuple[str, int]:
    desk = _desk(key, version, place)
    at = _check_of(desk, number)
    if at is None:
        abort(404)
    try:
        changed(key, version, lambda content: _with_check(content, place, at, None))
    except DraftChanged:
        return _page(desk, _form(desk), []), 409
    flash(_("Entfernt."), "success")
    return redirect(url_for("calls.edit_part", key=key, version=version, place=place))


def _with_check(
    content: outline.Content, place: str, at: int | None, spec: dict[str, Any] | None
) -> tuple[dict[str, Any], str]:
    """The content with the check written, added (`at` is `None`) or taken away (no `spec`)."""
    part = dict(outline.part_at(content, place))
    checks = list(part.get("checks", []))
    end = len(checks) if at is None else at
    checks[end : end + (at is not None)] = [spec] if spec else []
    return outline.replaced(content, place, part | {"checks": checks})
