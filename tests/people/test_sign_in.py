"""Signing in: wrong words slow down whoever types them, and lock nobody else out."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from funding_app.adapters.clock import system_clock
from funding_app.demo.runner import Story
from funding_app.models import FailedSignIn
from tests.fixtures.pages import PASSWORD


def attempt(app: Flask, who: str, password: str, address: str = "192.0.2.1") -> int:
    data = {"email": f"{who}@demo.example", "password": password}
    client = app.test_client()
    sent = client.post("/account/sign-in", data=data, environ_overrides={"REMOTE_ADDR": address})
    return sent.status_code


def test_five_wrong_words_make_the_sixth_wait_even_if_it_is_right(app: Flask, story: Story) -> None:
    assert [attempt(app, "officer", "wrong") for _ in range(5)] == [422] * 5
    assert attempt(app, "officer", PASSWORD) == 429
    assert attempt(app, " OFFICER", PASSWORD) == 429
    # its owner at another address, and others at this one, are not concerned
    assert attempt(app, "officer", PASSWORD, "192.0.2.2") == 302
    assert attempt(app, "approver", PASSWORD) == 302
    with story.database.write() as session:
        earlier = system_clock() - timedelta(minutes=16)
        session.execute(update(FailedSignIn).values(at=earlier))
    assert attempt(app, "officer", PASSWORD) == 302


def test_fifty_wrong_words_of_an_address_make_it_wait(app: Flask, story: Story) -> None:
    address = _of(app, story)
    with story.database.write() as session:
        for number in range(50):
            row = FailedSignIn(account=str(number), address=address, at=system_clock())
            session.add(row)
    assert attempt(app, "approver", PASSWORD) == 429
    assert attempt(app, "approver", PASSWORD, "192.0.2.9") == 302


def _of(app: Flask, story: Story) -> str:
    """The address as it is kept; no word that was typed is."""
    attempt(app, "nobody", "secret words")
    with story.database.read() as session:
        kept = session.scalars(select(FailedSignIn)).first()
    assert kept is not None
    assert "nobody" not in kept.account
    assert "192" not in kept.address
    return kept.address
