"""Pages in plain language, the hints for whoever writes them, and reports of barriers."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask

from funding_app.demo.runner import Story
from funding_app.services.operations.accessibility_reports import MOST
from tests.fixtures.pages import SignIn
from tests.support.pages import as_read, form_on


def test_an_office_writes_plain_texts_at_any_time_and_hints_do_not_block(
    app: Flask, sign_in: SignIn
) -> None:
    office, place = sign_in("office"), "/admin/calls/cc-mikro-2026/plain-language"
    sent = form_on(office.get(place).text, place)
    assert sent["title_plain"] == ["Schnelle Hilfe für kleine Vorhaben"]
    sent["summary_plain"] = ["Der Antrag wird geprüft. Die Förderrichtlinie des Bundes gilt."]
    sent["description_plain"] = ["Wer kann mitmachen?\r\nAlle Vereine.\r\n\r\nDas <b>geht</b>."]
    saved = office.post(place, data=sent, follow_redirects=True).text
    assert "Hinweise: 4." in saved
    for words in ("Wohl ein Passiv", "Ein langes Wort", "Wohl ein Genitiv", "Ein Sonderzeichen"):
        assert words in saved
    too_long = office.post(place, data=sent | {"title_plain": ["x" * 81]})
    assert too_long.status_code == 422 and "Das &lt;b&gt;geht" in too_long.text
    page = as_read(app.test_client().get("/calls/cc-mikro-2026/leichte-sprache").text)
    assert "<h2>Wer kann mitmachen?</h2><p>Alle Vereine.</p>" in page
    assert "<p>Das &lt;b&gt;geht&lt;/b&gt;.</p>" in page
    office.post(place, data=sent | {"title_plain": [""]})
    assert app.test_client().get("/calls/cc-mikro-2026/leichte-sprache").status_code == 404
    assert "leichte-sprache" not in main(app, "/calls/cc-mikro-2026")
    assert "cc-mikro-2026" not in app.test_client().get("/leichte-sprache").text
    assert sign_in("applicant1").get(place).status_code == 404


def main(app: Flask, path: str) -> str:
    page = app.test_client().get(path).text
    return page[page.index("<main") : page.index("</main>")]


def test_plain_language_is_german_for_everyone(app: Flask) -> None:
    client = app.test_client()
    english = client.get("/?lang=en").text
    assert '<html lang="en">' in english and 'href="/leichte-sprache"' in english
    start = client.get("/leichte-sprache").text
    assert '<html lang="de">' in start and "Zum Inhalt springen" in start
    listed = re.findall(r'href="/calls/([\w-]+)/leichte-sprache"', start)
    assert len(listed) == len(set(listed)) == 7  # every open call of the demo
    for ref in listed:
        page = client.get(f"/calls/{ref}/leichte-sprache").text
        assert '<html lang="de">' in page and f'href="/calls/{ref}"' in page
    assert "31. März 2027, 23:59 Uhr" in page or "Sie haben immer Zeit." in page
    assert '<html lang="en">' in client.get("/calls").text


def test_a_barrier_is_reported_without_an_account_and_seen_to(
    app: Flask, sign_in: SignIn, story: Story
) -> None:
    client, office = app.test_client(), sign_in("office")
    assert "noch hat niemand" in office.get("/admin/barriers").text.lower()
    page = client.get("/accessibility").text
    assert 'lang="de" class="easy"' in page and "Schlichtungsstelle" in page
    empty = client.post("/accessibility", data={"barrier": "", "reply_to": "nirgendwo"})
    assert empty.status_code == 422 and 'value="nirgendwo"' in empty.text
    report = {"barrier": "Der Knopf <hier> ist zu klein.", "barrier_place": "/calls"}
    for _each in range(MOST):
        assert client.post("/accessibility", data=report).status_code == 302
    flood = client.post("/accessibility", data=report)
    assert flood.status_code == 429 and "in einer Stunde" in flood.text
    assert "Der Knopf &lt;hier&gt;" in flood.text
    story.now += timedelta(hours=1)
    assert client.post("/accessibility", data=report).status_code == 302
    listed = office.get("/admin/barriers").text
    assert listed.count("Der Knopf &lt;hier&gt; ist zu klein.") == MOST + 1
    found = re.search(r"/admin/barriers/[0-9a-f-]{36}", listed)
    assert found
    office.post(found[0])
    assert office.get("/admin/barriers").text.count("Als erledigt vermerken") == MOST
    assert client.get("/admin/barriers").status_code == 302
    assert sign_in("applicant1").get("/admin/barriers").status_code == 404
