"""What was sent after a session had ended: kept on a page, and sent again when signed in anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import render_template, request, url_for
from flask_babel import get_locale

from forms import schema
from forms.builder import AnswerForm, form_class

SIGN_IN = schema.get("sign_in")
PREFIX = "kept."
OF_THE_SESSION = frozenset({"csrf_token"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent: where to, its fields in order, and the names of its files."""

    target: str
    fields: Sequence[tuple[str, str]]
    files: Sequence[str] = ()


def is_local(target: str) -> bool:
    """Whether it is a path of this server and no address elsewhere."""
    local = target.startswith("/") and not target.startswith(("//", "/\\"))
    return local and not urlsplit(target).netloc


def sent() -> Kept:
    """The form of this request."""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in OF_THE_SESSION]
    files = [file.filename for file in request.files.values() if file.filename]
    return Kept(request.full_path.rstrip("?"), fields, files)


def carried() -> Kept:
    """The form that the page of `page` carries along."""
    target = request.form.get("target", "")
    fields = [
        (name.removeprefix(PREFIX), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(PREFIX)
    ]
    return Kept(target if is_local(target) else url_for("applications.tasks"), fields)


def comes_from_here() -> bool:
    """Whether one of our own pages sent the request, by what the browser says of it."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == request.host_url.rstrip("/")
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def sign_in_form(**data: object) -> AnswerForm:
    """Address and password, in the language of the page; `formdata=None` for an empty one."""
    return form_class(SIGN_IN.fields, str(get_locale() or "de"))(**data)


def page(kept: Kept, form: AnswerForm | None = None) -> str:
    """The page that keeps a form until it can be sent again; with a `form` to sign in before."""
    return render_template("people/resume.html", kept=kept, form=form, prefix=PREFIX)
