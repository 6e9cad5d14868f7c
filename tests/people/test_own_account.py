"""The own account: what is chosen there holds, and what has to be heard of can not be ended."""

from __future__ import annotations

import re

from flask import Flask

from funding_app.demo.runner import Story
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.queries.mails.preferences import ways_of
from funding_app.services.mails.preferences import unsubscribe_token
from tests.fixtures.pages import PASSWORD, SignIn
from tests.mails.test_preferences import ANSWERS, hear

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "ein-neues-passwort"


def ways(story: Story, who: str) -> dict[str, str]:
    with story.database.read() as session:
        return ways_of(session, story.world.people[who])


def test_name_language_and_topics_are_kept(story: Story, sign_in: SignIn) -> None:
    applicant = sign_in("applicant1")
    page = applicant.get("/account").text
    for topic in ("messages", "status", "tasks", "reminders", "comments"):
        assert f'name="{topic}"' in page
    assert 'name="status"' not in sign_in("expert1").get("/account").text
    wrong = applicant.post("/account/person", data={"name": " ", "own_language": "fr"})
    assert wrong.status_code == 422
    data = {"name": "Antonia Neu", "own_language": "en"}
    assert applicant.post("/account/person", data=data).status_code == 302
    assert 'html lang="en"' in applicant.get("/account").text
    assert "Antonia Neu" in applicant.get("/account").text
    assert 'html lang="en"' in sign_in("applicant1").get("/account").text  # another browser too
    chosen = {"messages": "daily", "status": "none", "tasks": "at_once", "reminders": "daily"}
    assert applicant.post("/account/notifications", data=chosen).status_code == 422
    assert applicant.post("/account/notifications", data=chosen | {"comments": "none"}).status_code
    assert ways(story, "applicant1") == chosen | {"comments": "none"}
    foreign = chosen | {"comments": "none", "decision": "none", "status": "sometimes"}
    assert applicant.post("/account/notifications", data=foreign).status_code == 422
    assert ways(story, "officer")["status"] == "at_once"


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(
    app: Flask, story: Story, sign_in: SignIn, workplace: Workplace
) -> None:
    elsewhere, here = sign_in("applicant1"), sign_in("applicant1")
    for old, new, status in (("falsch", NEW, 422), (PASSWORD, "kurz", 422), (PASSWORD, NEW, 302)):
        data = {"old_password": old, "new_password": new}
        assert here.post("/account/password", data=data).status_code == status
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    for password, status in ((PASSWORD, 422), (NEW, 302)):
        data = {"email": "applicant1@demo.example", "password": password}
        assert app.test_client().post("/account/sign-in", data=data).status_code == status
    drain(workplace)
    [mail] = [each for each in workplace.mailer.sent if "Passwort" in str(each["Subject"])]  # type: ignore[attr-defined]
    assert NEW not in mail.get_content()
    data = {"old_password": "falsch", "new_password": NEW}
    assert [here.post("/account/password", data=data).status_code for _ in range(5)][-1] == 429


def test_sessions_are_listed_and_ended(app: Flask, story: Story, sign_in: SignIn) -> None:
    here, foreign = sign_in("applicant1"), sign_in("officer")
    other = app.test_client()
    entry = {"email": "applicant1@demo.example", "password": PASSWORD}
    other.post("/account/sign-in", data=entry, headers={"User-Agent": AGENT})
    page = here.get("/account").text
    assert "Firefox, Linux" in page
    [handle] = re.findall(r'name="end" value="([0-9a-f]{64})"', page)
    foreign.post("/account/sessions", data={"end": handle})
    assert other.get("/account").status_code == 200
    here.post("/account/sessions", data={"end": handle})
    assert other.get("/account").status_code == 302
    third = sign_in("applicant1")
    here.post("/account/sessions", data={"end": "others"})
    assert third.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    assert foreign.get("/account").status_code == 200


def test_a_mail_is_ended_by_its_link_without_signing_in(
    app: Flask, story: Story, workplace: Workplace
) -> None:
    story.apply("micro_grant", ANSWERS)
    [mail] = hear(story, workplace)
    link = str(mail["List-Unsubscribe"]).strip("<>")
    assert link in mail.get_content()
    path = "/account" + link.partition("/account")[2]
    app.config["WTF_CSRF_ENABLED"] = True  # a mail program brings no token of a form
    anyone = app.test_client()
    assert "Neue Aufgaben" in anyone.get(path).text
    assert ways(story, "applicant1")["tasks"] == "at_once"
    done = anyone.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (done.status_code, ways(story, "applicant1")["tasks"]) == (200, "none")
    assert "Neue Aufgaben" in done.text
    assert anyone.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    anyone.post(path, data={"again": "tasks,decision"})
    assert ways(story, "applicant1")["tasks"] == "at_once"
    assert anyone.get(path + "x").status_code == 404
    assert anyone.post("/account/unsubscribe/nothing").status_code == 404
    secret = workplace.secret
    digest = unsubscribe_token(secret, story.world.people["applicant1"], "digest")
    anyone.post(f"/account/unsubscribe/{digest}")
    assert ways(story, "applicant1")["comments"] == "none"
