"""The comparison of two versions of answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forms import schema
from forms.comparing import LONGEST, Part, differences, word_by_word

FORM = schema.get("micro_grant_application")
texts = st.text(alphabet=st.sampled_from("ab \n\tä"), max_size=60)


@given(texts, texts)
def test_the_parts_are_both_texts(before: str, after: str) -> None:
    parts = list(word_by_word(before, after))
    assert "".join(part.text for part in parts if part.kind != "new") == before
    assert "".join(part.text for part in parts if part.kind != "gone") == after
    assert all(part.text for part in parts)


def test_a_changed_word_stands_alone() -> None:
    parts = list(word_by_word("Wir nähen am Montag.", "Wir flicken am Montag."))
    assert parts == [
        Part("same", "Wir "), Part("gone", "nähen"), Part("new", "flicken"),
        Part("same", " am Montag."),
    ]  # fmt: skip


def test_only_what_differs_is_told_in_the_form_s_order() -> None:
    before = {"title": "Alt", "summary": "Gleich", "requested_amount": "900.00", "website": ""}
    after = {"title": "Neu", "summary": "Gleich", "requested_amount": "950.00"}
    found = differences(FORM, before, after)
    assert [each.field.id for each in found] == ["title", "requested_amount"]
    assert found[0].parts == (Part("gone", "Alt"), Part("new", "Neu"))
    assert (found[1].parts, found[1].after) == ((), "950.00")


def test_a_very_long_text_is_not_compared_word_by_word() -> None:
    before = "a " * LONGEST
    assert [part.kind for part in word_by_word(before, before + "b")] == ["gone", "new"]
