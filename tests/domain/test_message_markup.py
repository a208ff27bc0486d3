"""Formatting that a user writes into a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.formatted_text import (
    EntityKind,
    FormattedText,
    Stretch,
    TextEntity,
    formatted,
)
from invite_desktop.domain.message_markup import layout_of
from invite_desktop.domain.people import Person, PersonKeys
from invite_desktop.domain.templates import MAX_ENTITIES, personal_message, with_stop_line

K = EntityKind
LADA = Person(1, PersonKeys("lada_d"), first_name="Лада", extra={"Code": "a b/&", "none": ""})
anything = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
MARKED = st.text(st.sampled_from("*_~|`[]()\\ aя😀\n"), max_size=40)


def made(text: str, person: Person = LADA) -> tuple[str, list[tuple[EntityKind, str]]]:
    """Return the text, and what Telegram would format in it."""
    letter = personal_message(text, person)
    return letter.text, [(e.kind, shown(letter, e)) for e in letter.entities]


def shown(letter: FormattedText, entity: TextEntity) -> str:
    units = letter.text.encode("utf-16-le")
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        ("**Hi**, you", "Hi, you", [(K.BOLD, "Hi")]),
        ("__Hi__ ~~old~~ ||secret||", "Hi old secret",
         [(K.ITALIC, "Hi"), (K.STRIKE, "old"), (K.SPOILER, "secret")]),
        ("`2 ** 3`", "2 ** 3", [(K.CODE, "2 ** 3")]),
        ("[our **site**](https://example.com)", "our site",
         [(K.LINK, "our site"), (K.BOLD, "site")]),
        ("**a __b__ c**", "a b c", [(K.BOLD, "a b c"), (K.ITALIC, "b")]),
        ("😀 **{{ first_name }}** 😀", "😀 Лада 😀", [(K.BOLD, "Лада")]),
        ("**two\nlines**", "two\nlines", [(K.BOLD, "two\nlines")]),
        ("un**believ**able", "unbelievable", [(K.BOLD, "believ")]),
    ],
)  # fmt: skip
def test_marks_become_entities(text: str, plain: str, entities: list[tuple[EntityKind, str]]):
    assert made(text) == (plain, entities)


@pytest.mark.parametrize(
    "text",
    ["2 ** 3 ** 4", "**", "****", "a || b || c", "snake__case__name", "@some__user", "[note] (x)",
     "**open", "close**", "https://example.com/a__b__c?x=__y__", "`", "[a] [b]", "(see) ](x)"],
)  # fmt: skip
def test_marks_that_enclose_nothing_stay_as_they_are(text: str):
    assert made(text) == (text, [])


def test_a_mark_left_open_inside_another_stays_plain():
    assert made("**a __b** c__") == ("a __b c__", [(K.BOLD, "a __b")])


def test_a_backslash_keeps_a_mark_as_it_is():
    assert made(r"\**no\** \[a](b) \\ C:\dir") == (r"**no** [a](b) \ C:\dir", [])


def test_an_address_in_bold_ends_where_the_mark_begins():
    assert made("**https://example.com**") == (
        "https://example.com", [(K.BOLD, "https://example.com")]
    )  # fmt: skip


def test_a_value_in_the_address_of_a_link_is_one_part_of_it():
    (link,) = personal_message("[open](https://example.com/?q={{ Code }})", LADA).entities
    assert link.url == "https://example.com/?q=a%20b%2F%26"


@pytest.mark.parametrize("url", ["example.com", "javascript:void", "{{ Code }}", "https://"])
def test_a_link_that_leads_nowhere_is_refused(url: str):
    with pytest.raises(KnownError, match="link"):
        with_stop_line(f"[here]({url})", "stop")


def test_offsets_are_counted_in_utf16_units():
    (bold,) = personal_message("😀😀 **Лада**", LADA).entities
    assert (bold.offset, bold.length) == (5, 4)


def test_blanks_around_text_and_formatting_are_cut_as_telegram_cuts_them():
    made_text = formatted("\n ab c ", [Stretch(K.BOLD, 0, 5), Stretch(K.ITALIC, 6, 7)])
    assert made_text == FormattedText("ab c", (TextEntity(K.BOLD, 0, 2),))


def test_an_empty_value_leaves_no_empty_entity():
    assert made('**{{ none | default("") }}**x') == ("x", [])


def test_more_formatting_than_telegram_shows_is_refused():
    with pytest.raises(KnownError, match=str(MAX_ENTITIES)):
        with_stop_line("**a** " * (MAX_ENTITIES + 1), "stop")


@pytest.mark.parametrize("line", ['{{ note | default("") }}', "{{ first_name }}", " "])
def test_a_stop_line_that_may_turn_out_empty_is_refused(line: str):
    with pytest.raises(KnownError, match="how to stop"):
        with_stop_line("Hi", line)


@given(anything)
def test_a_value_is_never_read_as_formatting(value: str):
    person = Person(1, PersonKeys("somebody"), extra={"note": value})
    letter = personal_message('a **b {{ note | default("-") }}** c', person)
    assert letter.text == f"a b {value.strip() or '-'} c"
    assert len(letter.entities) == 1


@given(MARKED)
def test_whatever_is_written_the_entities_lie_inside_the_text_and_in_each_other(text: str):
    layout_of.cache_clear()
    try:
        letter = personal_message(text, LADA)
    except KnownError:
        return
    ends: list[int] = []
    for entity in letter.entities:
        assert 0 <= entity.offset < entity.offset + entity.length <= letter.units
        part = shown(letter, entity)
        assert part == part.strip()
        ends = [end for end in ends if end > entity.offset]
        assert all(entity.offset + entity.length <= end for end in ends)
        ends.append(entity.offset + entity.length)


@given(st.text(st.characters(exclude_characters="*_~|`[]\\{}", exclude_categories=("Cs",))))
def test_a_text_without_marks_stays_as_it_is(text: str):
    assert made(text) == (text.strip(), [])
