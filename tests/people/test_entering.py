"""Signing in, a new account and a new password: what is wrong stands at its field."""

from __future__ import annotations

import lxml.html
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml.html import HtmlElement

from funding_app.demo.runner import Story
from tests.fixtures.pages import PASSWORD, SignIn

NEW = {
    "organisation": "Nähcafé e. V.",
    "city": "Leipzig",
    "name": "Nora Neu",
    "email": "nora@verein.example",
    "password": "ganz geheim",
}


def refused(client: FlaskClient, path: str, data: dict[str, str]) -> HtmlElement:
    """The page that comes back."""
    answer = client.post(path, data=data)
    assert answer.status_code == 422
    return lxml.html.document_fromstring(answer.text)


def errors_of(page: HtmlElement) -> dict[str, str]:
    """By field: the error, which the control names and the summary leads to."""
    found = {}
    for control in page.xpath("//*[@aria-invalid='true']"):
        (error,) = [
            page.get_element_by_id(each)
            for each in control.get("aria-describedby").split()
            if each.endswith("-error")
        ]
        text = error.text_content().strip()
        (link,) = page.xpath(f"//*[@id='error-summary']//a[@href='#{control.get('id')}']")
        assert text[1:] in link.text_content()
        found[control.get("name")] = text
    assert page.xpath("//title/text()")[0].startswith("Fehler:") is bool(found)
    return found


def shown(page: HtmlElement, name: str) -> str:
    (control,) = page.xpath(f"//main//input[@name='{name}']")
    return str(control.get("value"))


def test_who_signs_in_wrongly_reads_it_at_the_field(app: Flask, story: Story) -> None:
    page = refused(app.test_client(), "/account/sign-in", {"email": "office", "password": ""})
    assert errors_of(page) == {
        "email": "Bitte geben Sie eine E-Mail-Adresse an, zum Beispiel name@verein.example.",
        "password": "Bitte füllen Sie dieses Feld aus.",
    }
    typed = {"email": "office@demo.example", "password": "falsch geraten", "next": "/cases?q=1"}
    page = refused(app.test_client(), "/account/sign-in", typed)
    assert errors_of(page) == {"password": "E-Mail-Adresse oder Passwort stimmen nicht."}
    assert shown(page, "email") == "office@demo.example"
    assert shown(page, "next") == "/cases?q=1"
    assert shown(page, "password") == "", "a password is never sent back"


@pytest.mark.parametrize("missing", sorted(NEW))
def test_an_account_lacks_nothing(app: Flask, story: Story, missing: str) -> None:
    page = refused(app.test_client(), "/account/register", NEW | {missing: " "})
    assert set(errors_of(page)) == {missing}
    assert shown(page, "password") == ""
    others = set(NEW) - {missing, "password"}
    assert {name: shown(page, name) for name in others} == {name: NEW[name] for name in others}


def test_an_address_has_one_account(app: Flask, story: Story) -> None:
    page = refused(app.test_client(), "/account/register", NEW | {"email": "office@demo.example"})
    assert errors_of(page) == {"email": "Mit dieser Adresse gibt es schon ein Konto."}


def test_blanks_of_a_password_count_where_it_is_chosen_and_where_it_is_typed(
    app: Flask, story: Story
) -> None:
    chosen = " ganz geheim "
    client = app.test_client()
    assert client.post("/account/register", data=NEW | {"password": chosen}).status_code == 302
    stripped = {"email": NEW["email"], "password": chosen.strip()}
    assert set(errors_of(refused(client, "/account/sign-in", stripped))) == {"password"}
    exact = {"email": NEW["email"], "password": chosen}
    assert client.post("/account/sign-in", data=exact).status_code == 302


def test_a_new_password_is_long_enough_and_the_old_one_is_right(
    sign_in: SignIn, story: Story
) -> None:
    client, path = sign_in("office"), "/account/password"
    page = refused(client, path, {"old_password": PASSWORD, "new_password": "zu kurz"})
    assert set(errors_of(page)) == {"new_password"}
    page = refused(client, path, {"old_password": "falsch", "new_password": "lang genug, das"})
    assert errors_of(page) == {"old_password": "Das ist nicht Ihr jetziges Passwort."}
