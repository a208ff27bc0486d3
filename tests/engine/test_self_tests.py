"""A message to oneself before anybody else gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.formatted_text import EntityKind, TextEntity
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import Person, PersonKeys
from invite_desktop.engine.self_tests import TrialMessage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.house import House

LADA = Person(1, PersonKeys("lada_d"), first_name="Lada")
HELLO = TrialMessage("**Hello**, {{ first_name }}!\n\nSay stop.", LADA)


async def test_it_arrives_at_oneself_as_the_person_would_get_it(house: House):
    account = await house.add_account()
    await house.engine.self_tests.send(account.id, HELLO)
    (item,) = house.telegram.messages
    assert item.user_id == item.sender_id == house.me(account).user_id
    assert item.text == "Hello, Lada!\n\nSay stop."
    assert item.entities == (TextEntity(EntityKind.BOLD, 0, 5),)


async def test_it_stands_in_no_ledger_and_costs_no_budget(house: House):
    account = await house.add_account()
    for _ in range(3):
        await house.engine.self_tests.send(account.id, HELLO)
    assert len(house.telegram.messages) == 3
    assert await house.attempts() == []


async def test_a_file_goes_along(house: House, tmp_path: Path):
    account = await house.add_account()
    path = tmp_path / "prices.txt"
    path.write_bytes(b"prices")
    await house.engine.self_tests.send(account.id, TrialMessage("Hi", LADA, attachment=str(path)))
    assert [item.form.file for item in house.telegram.messages] == [b"prices"]


async def test_an_account_that_is_not_ready_is_refused(house: House):
    account = await house.add_account()
    await house.engine.accounts.switch_off(account.id)
    with pytest.raises(KnownError, match="not ready"):
        await house.engine.self_tests.send(account.id, HELLO)
    assert house.telegram.messages == []


async def test_what_telegram_says_against_it_is_told(house: House):
    account = await house.add_account()
    house.messenger(account).script("send_message", Outcome(OutcomeCode.FLOOD_WAIT, 60))
    with pytest.raises(KnownError, match="was not sent"):
        await house.engine.self_tests.send(account.id, HELLO)
    found = await house.engine.accounts.view(account.id)
    assert not found.account.is_ready(house.clock.now())
