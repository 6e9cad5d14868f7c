"""A version of a form as an outline: its sections and fields, in order, with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms.editor import outline
from forms.editor.compare import TYPES
from forms.schema import FormSchema
from forms.schema.reading import COLUMN_TYPES
from funding_app.access.lists import FORM_ROLES
from funding_app.models import FormVersion
from funding_app.queries.calls.forms import calls_by_form
from funding_app.services.calls import form_versions as service
from funding_app.services.calls.form_versions import DraftChanged, Examined, FormRefused
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.calls.form_preview import found_form, number_of, preview, preview_language
from funding_app.web.calls.forms import edition, people_of, words
from funding_app.web.request import language, needs_role, portal, signed_in, text_problem, typed

Change = Callable[[outline.Content], tuple[dict[str, Any], str]]
Labels = Mapping[str, str]


def changed(key: str, version: str, change: Change) -> str:
    """Makes one change of the draft and returns the place where it was made.

    Raises `DraftChanged` and `FormRefused`; what is not there answers 404.
    """
    try:
        with portal().database.write() as session:
            draft = service.locked_draft(session, key, number_of(version), edition())
            content, place = change(draft.content)
            service.write_draft(draft, content, actor_id=signed_in().id, now=portal().now())
            return place
    except KeyError:
        abort(404)


def labels_of(found: Examined) -> dict[str, str]:
    """What each place is called: the form itself, its sections, fields and columns."""
    lang, form = language(), found.form
    labels = {"": _("Formular")}
    labels |= {f"#{one.id}": one.title.get(lang) or one.id for one in form.sections}
    for field in form.fields:
        own = field.label.get(lang) or field.id
        labels[field.id] = own
        for column in field.columns:
            labels[f"{field.id}.{column.id}"] = f"{own} – {column.label.get(lang) or column.id}"
    return labels


def kinds() -> list[tuple[str, str]]:
    """The types of fields, with their names."""
    return [(kind, names[language()]) for kind, names in TYPES.items()]


def page(
    key: str,
    version: str,
    *,
    stale: bool = False,
    error: str = "",
    typing: Mapping[str, str] | None = None,
) -> str:
    """The outline of a draft, or a published version to be read.

    `typing` says what is wrong with a part to be added or with the title, by field.
    """
    form, row, surroundings = _read(key, version)
    draft = row if row is not None and row.published_at is None else None
    found = service.examined(draft.content) if draft else Examined(form, ())
    return render_template(
        "calls/form_version.html",
        form=form,
        row=row,
        draft=draft,
        found=found,
        labels=labels_of(found),
        kinds=kinds(),
        columns=sorted(COLUMN_TYPES),
        types=dict(kinds()),
        shown=preview(form, preview_language()),
        preview_language=preview_language(),
        stale=stale,
        error=error,
        typing_errors=typing or {},
        typed=request.form,
        who=signed_in(),
        **surroundings,
    )


def _read(key: str, version: str) -> tuple[FormSchema, FormVersion | None, dict[str, Any]]:
    """The form, its row where it is stored, who worked on it and the calls that name it."""
    with portal().database.read() as session:
        form = found_form(session, key, version)
        row = session.get(FormVersion, (key, form.version))
        names = people_of(session, [row])
        everywhere = calls_by_form(session)
    here = (key, form.version)
    calls = [call for call in everywhere if (call.form_key, call.form_version) == here]
    return form, row, {"names": names, "calls": calls}


@blueprint.get("/admin/forms/<key>/<version>")
@needs_role(FORM_ROLES)
def form_version(key: str, version: str) -> str:
    return page(key, version)


def _answered(key: str, version: str, change: Change, target: str) -> Response | tuple[str, int]:
    """Makes the change and goes to the endpoint where it is seen; 409 where others were quicker."""
    try:
        place = changed(key, version, change)
    except DraftChanged:
        return page(key, version, stale=True), 409
    except FormRefused as refused:
        return page(key, version, error=words(refused.code)), 409
    if target == "outline":
        address = url_for("calls.form_version", key=key, version=version)
        return redirect(f"{address}#{anchor_of(place)}")
    return redirect(url_for("calls.edit_part", key=key, version=version, place=place))


def anchor_of(place: str) -> str:
    """The id of a part in the outline."""
    return "part-" + place.replace("#", "section-").replace(".", "-")


@blueprint.post("/admin/forms/<key>/<version>/outline")
@needs_role(FORM_ROLES)
def change_outline(key: str, version: str) -> Response | tuple[str, int]:
    """Moves, copies or removes one part: the button's value names what and which."""
    wanted, _space, place = typed(request.form, "do").partition(" ")
    if wanted in ("up", "down"):
        step = -1 if wanted == "up" else 1
        return _answered(key, version, lambda c: (outline.moved(c, place, step), place), "outline")
    if wanted == "copy":
        return _answered(key, version, lambda c: outline.duplicated(c, place), "outline")
    if wanted == "remove":
        beside = place.rpartition(".")[0]
        answer = _answered(key, version, lambda c: (outline.removed(c, place), beside), "outline")
        if isinstance(answer, Response):
            flash(_("Entfernt."), "success")
        return answer
    abort(400)


@blueprint.post("/admin/forms/<key>/<version>/parts")
@needs_role(FORM_ROLES)
def add_part(key: str, version: str) -> Response | tuple[str, int]:
    """A section, a field of a section, or a column of a field; then it is edited."""
    parent, kind = typed(request.form, "parent"), typed(request.form, "kind")
    label = {lang: typed(request.form, f"label_{lang}").strip() for lang in ("de", "en")}
    if wrong := _unkept(label, "label"):
        return page(key, version, typing=wrong), 422
    if not label["de"]:
        return page(key, version, typing={"label_de": _("Bitte geben Sie einen Namen an.")}), 422
    if not parent:
        return _answered(key, version, lambda c: outline.with_section(c, label), "part")
    allowed = TYPES if parent.startswith("#") else {kind: "" for kind in COLUMN_TYPES}
    if kind not in allowed:
        return page(key, version, typing={"kind": _("Bitte wählen Sie die Art der Antwort.")}), 422
    return _answered(key, version, lambda c: outline.with_field(c, parent, kind, label), "part")


@blueprint.post("/admin/forms/<key>/<version>/title")
@needs_role(FORM_ROLES)
def title_form(key: str, version: str) -> Response | tuple[str, int]:
    """The title of the form in both languages."""
    title = {lang: typed(request.form, f"title_{lang}").strip() for lang in ("de", "en")}
    if wrong := _unkept(title, "title"):
        return page(key, version, typing=wrong), 422
    return _answered(key, version, lambda c: ({**c, "title": title}, ""), "outline")


def _unkept(texts: Mapping[str, str], name: str) -> dict[str, str]:
    """What speaks against keeping a text of several languages, by field."""
    problems = {f"{name}_{lang}": text_problem(text) for lang, text in texts.items()}
    return {field: problem for field, problem in problems.items() if problem}
