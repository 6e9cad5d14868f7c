"""What is written at a meeting: what is wrong stands at its field, and nothing typed is lost."""

from __future__ import annotations

import lxml.html
import pytest
from lxml.html import HtmlElement

from funding_app.demo.runner import Story
from tests.fixtures.pages import SignIn
from tests.panels.meeting_room import Room, held_room

UNREADABLE = "Lange \u202eberaten."
LINK = "//*[@id='error-summary']//a"


@pytest.fixture
def room(sign_in: SignIn, story: Story) -> Room:
    return held_room(sign_in, story)


def refused(room: Room, who: str, path: str, **data: object) -> HtmlElement:
    status, page = room.send(who, path, **data)
    assert status == 422
    return lxml.html.document_fromstring(page)


def wrong(page: HtmlElement) -> dict[str, str]:
    """By field: the label that the summary gives; each link leads to a control with an error."""
    assert page.xpath("//title/text()")[0].startswith("Fehler:")
    found = {}
    for link in page.xpath(LINK):
        control = page.get_element_by_id(link.get("href")[1:])
        error = page.get_element_by_id(f"{control.get('id')}-error")
        assert control.get("aria-invalid") == "true" and error.text_content().strip()
        found[control.get("name")] = link.text_content().partition(":")[0]
    return found


def test_an_exclusion_without_a_ground_and_a_member_is_told_at_both(room: Room) -> None:
    page = refused(room, "office", f"{room.at(0)}/recusal", ground="")
    assert wrong(page) == {"member": "Mitglied", "ground": "Grund"}
    assert page.xpath("//details[@open]//textarea/@name") == ["ground"]
    page = refused(room, "office", f"{room.at(0)}/recusal", member=room.user("member"))
    assert wrong(page) == {"ground": "Grund"}
    assert page.xpath("//select/option[@selected]/@value") == [room.user("member")]


def test_the_reason_for_lifting_is_asked_at_its_own_member(room: Room) -> None:
    for who in ("member", "mentor"):
        data = {"member": room.user(who), "ground": "Sitzt im Beirat."}
        assert room.send("office", f"{room.at(0)}/recusal", **data)[0] == 200
    path, member = f"{room.at(0)}/recusal/lifted", room.user("mentor")
    page = refused(room, "office", path, member=member, reason="")
    assert page.xpath(f"{LINK}/@href") == [f"#reason-{member}"]
    assert wrong(page) == {"reason": "Warum war das ein Irrtum? Bitte füllen Sie dieses Feld aus."}
    assert page.xpath("//details[@open]//input[@name='member']/@value") == [member]


def test_places_are_whole_numbers_and_one_left_empty_stays(room: Room) -> None:
    names = [f"place-{each.id}" for each in room.items()]
    page = refused(room, "office", f"{room.place}/agenda", **{names[0]: "oben", names[1]: "1"})
    assert list(wrong(page)) == [names[0]]
    assert page.xpath(f"//input[@name='{names[0]}']/@value") == ["oben"]
    moved = {names[0]: "", names[1]: "0", names[2]: "3"}
    assert room.send("office", f"{room.place}/agenda", **moved)[0] == 200
    assert [f"place-{each.id}" for each in room.items()] == [names[1], names[0], names[2]]


def test_a_result_names_what_is_wrong_with_amount_and_reasoning(room: Room) -> None:
    room.open()
    room.vote(0, panel="yes", member="yes", mentor="yes", certifier="yes")
    shown = lxml.html.document_fromstring(room.get("panel", room.at(0))[1])
    assert shown.xpath("//input[@name='amount']/@value") == ["90.000,00"]
    page = refused(room, "panel", f"{room.at(0)}/result", amount="viel", reasoning=" ")
    assert wrong(page) == {"amount": "Empfohlener Betrag", "reasoning": "Begründung"}
    assert page.xpath("//input[@name='amount']/@value") == ["viel"]
    assert room.items()[0].outcome is None
    assert room.conclude(0)[0] == 200


@pytest.mark.parametrize(("path", "name"), [("close", "minutes"), ("items", "notes")])
def test_what_can_not_be_read_is_shown_again(room: Room, path: str, name: str) -> None:
    room.open()
    place = f"{room.place}/close" if path == "close" else f"{room.at(0)}/notes"
    page = refused(room, "panel", place, **{name: UNREADABLE})
    assert list(wrong(page)) == [name]
    assert page.xpath(f"//textarea[@name='{name}']")[0].text_content().strip() == UNREADABLE
    page = refused(room, "panel", place, **{name: "x" * 10_001})
    assert list(wrong(page)) == [name]
