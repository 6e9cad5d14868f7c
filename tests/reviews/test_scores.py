"""The spread of a call's reviews: drawn and as a table, marked, and one more can be asked for."""

from __future__ import annotations

import re
import uuid

import pytest

from funding_app.demo.runner import Story
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import RuleValue
from tests.fixtures.pages import SignIn
from tests.reviews.test_assignment import PLACE, planned, reviews, under_review
from tests.support.pages import as_read

SCORES = "/calls/cc-gemeinsam-2026/scores"


def reviewed(story: Story, *pairs: tuple[int, int]) -> list[uuid.UUID]:
    """Applications with a review by each of two persons, with these points."""
    cases = under_review(story, len(pairs))
    for case, (first, second) in zip(cases, pairs, strict=True):
        story.case_id = case
        story.review("reviewer1", first)
        story.review("reviewer2", second)
    return cases


def rows_of(page: str) -> list[str]:
    """The table's rows, without marks and with single blanks."""
    table = page.split("<h2>Je Vorhaben</h2>")[1].split("</table>", maxsplit=1)[0]
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_spread_is_drawn_and_told_and_wide_ones_come_first(sign_in: SignIn, story: Story) -> None:
    reviewed(story, (4, 4), (5, 3), (3, 4))
    page = as_read(sign_in("office").get(SCORES).text)
    rows = rows_of(page)
    assert [re.search(r"Vorhaben \d", row)[0] for row in rows] == [  # type: ignore[index]
        "Vorhaben 1",
        "Vorhaben 2",
        "Vorhaben 0",
    ]
    # every score of a column has two places, and the drawing for narrow screens says the same
    assert "Dr. Ralf Dornkamp: 3,00 Dr. Rita Eschenried: 5,00 4,00 2,00" in rows[0]
    assert "Dr. Ralf Dornkamp: 4,00 Dr. Rita Eschenried: 3,00 3,50 1,00" in rows[1]
    narrow = page.split('<svg class="chart narrow"')[1].split("</svg>")[0]
    assert narrow.count("<circle") == 6 and narrow.count("▲") == 1 and ">2,00 ▲<" in narrow
    assert "weit" in rows[0] and "weit" not in rows[1] + rows[2]
    drawing = page.split("<svg class=")[1].split("</svg>")[0]
    assert drawing.count("<circle") == 6 and drawing.count("▲") == 1
    assert "style=" not in drawing


def test_the_limit_is_a_parameter(sign_in: SignIn, story: Story) -> None:
    reviewed(story, (5, 4))
    office = sign_in("office")
    assert "weit" not in rows_of(office.get(SCORES).text)[0]
    with story.database.write() as session:
        day = story.now.date()
        value = RuleValue(
            key="review_spread", valid_from=day, value="0.50", source="Probe", entered_at=story.now
        )
        session.add(value)
    assert "weit" in rows_of(office.get(SCORES).text)[0]


def test_one_more_review_is_asked_for_from_there(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    [case] = reviewed(story, (5, 2))
    assert story.state(case) == "review_complete"
    office = sign_in("office")
    place = f"{PLACE}/{case}?more=1"
    assert place in office.get(SCORES).text
    page = office.get(place).text
    third = str(story.world.people["reviewer3"])
    assert f'value="{third}" selected' in page
    assert str(story.world.people["reviewer1"]) not in page, "asked already"
    office.post(f"{PLACE}/{case}", data={"reviewer": third})
    assert planned(story) == {case: {"reviewer3"}}
    office.post(f"{PLACE}/confirm")
    drain(workplace, now=lambda: story.now)
    assert story.state(case) == "under_review"
    assert len(reviews(story)) == 3


def test_where_it_is_too_late_there_is_no_button(sign_in: SignIn, story: Story) -> None:
    [case] = reviewed(story, (5, 2))
    panel = sign_in("panel").get(SCORES).text
    assert "Weiteres Gutachten einholen" not in panel, "the chair may not assign"
    story.act("office", "to_panel", on=case)
    row = rows_of(sign_in("office").get(SCORES).text)[0]
    assert "in diesem Stand nicht mehr möglich" in row
    assert "Weiteres Gutachten einholen" not in row


def test_who_scores_differently_is_marked_with_the_number_of_common_ones(
    sign_in: SignIn, story: Story
) -> None:
    reviewed(story, (4, 2), (5, 4), (3, 2))
    page = sign_in("office").get(SCORES).text
    table = page.split("<h2>Wer anders bewertet</h2>")[1]
    text = " ".join(re.sub(r"<[^>]+>", " ", table).split())
    assert "Dr. Rita Eschenried 3 bewertet höher etwa 1,3 Punkte" in text
    assert "Dr. Ralf Dornkamp 3 bewertet niedriger etwa 1,3 Punkte" in text


def test_too_few_say_so_and_none_says_so(sign_in: SignIn, story: Story) -> None:
    office = sign_in("office")
    assert "Noch ist kein Gutachten gültig." in office.get(SCORES).text
    reviewed(story, (5, 1))
    assert office.get(SCORES).text.count("zu wenige für einen Vergleich") == 2


@pytest.mark.parametrize("who", ["applicant1", "reviewer1", "expert1"])
def test_others_do_not_find_the_scores(sign_in: SignIn, story: Story, who: str) -> None:
    reviewed(story, (5, 1))
    assert sign_in(who).get(SCORES).status_code == 404
