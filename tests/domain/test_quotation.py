"""Quotation marks inside others."""

from __future__ import annotations

import pytest

from invite_desktop.domain.messages import message
from invite_desktop.domain.quotation import nested


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Задача «Приглашения в «Клуб»» ждёт", "Задача «Приглашения в „Клуб“» ждёт"),
        ("«Один» и «другой»", "«Один» и «другой»"),
        ("«О «клубе «Заря»» вкратце»", "«О „клубе „Заря““ вкратце»"),
        ("Task “Invitations to “Club”” waits", "Task “Invitations to ‘Club’” waits"),
        ("“Приглашения в «Клуб»” and “Чат”", "“Приглашения в «Клуб»” and “Чат”"),
        ("«Приглашения в „Клуб“» и «Чат»", "«Приглашения в „Клуб“» и «Чат»"),
    ],
)
def test_inner_marks_are_others_than_outer_ones(text: str, written: str):
    assert nested(text) == written


@pytest.mark.parametrize("text", ["«Клуб «Заря»", "5» и «6»» «", "»«»«", "”“”“"])
def test_marks_without_a_partner_stay(text: str):
    assert nested(text) == text


def test_a_quoted_name_brings_its_own_marks_into_a_message():
    name = message("Invitations to “{chat}”", chat="Club")
    assert str(message("Delete “{name}”?", name=name)) == "Delete “Invitations to ‘Club’”?"
