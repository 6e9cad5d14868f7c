"""One event for many cases of a call: what is possible, the confirmation, the order."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from funding_app.access import OFFICE_ROLES
from funding_app.models import Call
from funding_app.queries.calls.calls import any_call
from funding_app.queries.operations.batches import Offer, offered, under_way
from funding_app.services.operations.batches import Order, key_of, order_batch
from funding_app.web.operations.blueprint import blueprint
from funding_app.web.request import language, needs_person, portal, signed_in

REASON = schema.get("reason")


def _call(session: Session, ref: str) -> Call:
    found = any_call(session, ref)
    if found is None or not signed_in().roles & OFFICE_ROLES:
        abort(404)
    return found


def _offers(session: Session, call: Call) -> list[Offer]:
    definitions = portal().machinery.definitions
    return offered(session, definitions, call.id, signed_in().roles, portal().now())


@blueprint.get("/calls/<ref>/many")
@needs_person
def many(ref: str) -> str:
    with portal().database.read() as session:
        call = _call(session, ref)
        return render_template(
            "operations/batch.html",
            call=call,
            offers=_offers(session, call),
            waiting=under_way(session, key_of(call.id)),
        )


def _offer(session: Session, call: Call, state: str, event: str) -> Offer:
    for offer in _offers(session, call):
        if (offer.state.id, offer.arrow.event) == (state, event):
            return offer
    abort(404)


def _form(offer: Offer) -> AnswerForm:
    """Asks for a reason where the event wants one."""
    wanted = offer.arrow.reason == "required"
    return form_class(REASON.fields if wanted else (), language())()


def _confirmation(call: Call, offer: Offer, form: AnswerForm) -> str:
    definitions = portal().machinery.definitions
    return render_template(
        "operations/batch_confirm.html",
        call=call,
        offer=offer,
        definitions=definitions,
        form=form,
    )


@blueprint.get("/calls/<ref>/many/<state>/<event>")
@needs_person
def confirm_many(ref: str, state: str, event: str) -> str:
    with portal().database.read() as session:
        call = _call(session, ref)
        offer = _offer(session, call, state, event)
        return _confirmation(call, offer, _form(offer))


@blueprint.post("/calls/<ref>/many/<state>/<event>")
@needs_person
def order_many(ref: str, state: str, event: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        call = _call(session, ref)
        offer = _offer(session, call, state, event)
        form = _form(offer)
        if not form.validate():
            return _confirmation(call, offer, form), 422
        reason = answers_of(form).get("reason", "")
        order = Order(call.id, offer.definition_key, state, event, signed_in().id, reason)
        count = order_batch(session, order, portal().now())
    flash(_("In Auftrag gegeben. Betroffene Fälle: %(count)s", count=count), "success")
    return redirect(url_for("operations.many", ref=ref))
