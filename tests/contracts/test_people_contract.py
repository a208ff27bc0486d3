"""What every Messenger promises of its own account and of people it looks up."""

from __future__ import annotations

import pytest

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.telegram import FoundUser, UserPeer
from tests.contracts.clubs import CLUB, Club
from tests.contracts.stages import messenger_of, seen


async def test_an_account_knows_itself(club: Club):
    me = await club.messenger.who_am_i()
    assert not isinstance(me, Outcome)
    assert (me.telegram_id, me.first_name) == (club.anna.user_id, "Anna")
    assert (me.username, me.phone) == ("anna_owner", "+79990000001")


async def test_an_account_can_write_to_itself(club: Club):
    myself = await club.messenger.own_peer()
    assert isinstance(myself, UserPeer)
    assert myself.user_id == club.anna.user_id
    assert (await club.messenger.send_message(myself, "a note", 7)).code is OutcomeCode.SENT
    own = await club.messenger.own_messages(myself, 1)
    assert not isinstance(own, Outcome)
    assert [message.text for message in own] == ["a note"]


async def test_a_frozen_account_is_told_so_when_it_asks_about_itself(club: Club):
    club.stage.freeze(club.anna)
    answer = await club.messenger.who_am_i()
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.FROZEN


async def test_an_account_gets_its_own_photo_as_a_picture(club: Club):
    photo = await club.messenger.own_photo()
    assert isinstance(photo, bytes)
    assert photo.startswith(b"\x89PNG")


@pytest.mark.parametrize("written", ["bobby_tables", "Bobby_Tables"])
async def test_a_person_is_found_by_username_in_any_case(club: Club, written: str):
    bobby = club.stage.person("bobby_tables")
    answer = await club.messenger.look_up(PersonKeys(written))
    assert isinstance(answer, FoundUser)
    assert answer.peer.user_id == bobby.user_id
    assert (answer.is_bot, answer.is_deleted, answer.is_self) == (False, False, False)


async def test_an_unused_username_is_not_found(club: Club):
    answer = await club.messenger.look_up(PersonKeys("nobody_here"))
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_FOUND


async def test_a_chat_is_not_a_person(club: Club):
    answer = await club.messenger.look_up(PersonKeys("football_club"))
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_FOUND


async def test_one_finds_oneself_as_oneself(club: Club):
    answer = await club.messenger.look_up(PersonKeys("anna_owner"))
    assert isinstance(answer, FoundUser)
    assert answer.is_self


@pytest.mark.parametrize("code", [OutcomeCode.BOT, OutcomeCode.DELETED_ACCOUNT])
async def test_who_cannot_be_invited_is_recognised(club: Club, code: OutcomeCode):
    club.stage.person("bobby_tables", on_invite=code)
    answer = await club.messenger.look_up(PersonKeys("bobby_tables"))
    assert isinstance(answer, FoundUser)
    assert answer.is_bot is (code is OutcomeCode.BOT)
    assert answer.is_deleted is (code is OutcomeCode.DELETED_ACCOUNT)


async def test_a_person_is_found_by_phone(club: Club):
    carol = club.stage.person(phone="+79001112233")
    answer = await club.messenger.look_up(PersonKeys(phone="+79001112233"))
    assert isinstance(answer, FoundUser)
    assert answer.peer.user_id == carol.user_id


async def test_who_hides_her_phone_stays_unknown(club: Club):
    club.stage.person(phone="+79001112233", findable_by_phone=False)
    answer = await club.messenger.look_up(PersonKeys(phone="+79001112233"))
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.UNKNOWN_BY_PHONE


async def test_a_username_is_preferred_to_a_phone(club: Club):
    bobby = club.stage.person("bobby_tables")
    club.stage.person(phone="+79001112233")
    answer = await club.messenger.look_up(PersonKeys("bobby_tables", "+79001112233"))
    assert isinstance(answer, FoundUser)
    assert answer.peer.user_id == bobby.user_id


@pytest.mark.parametrize("keys", [PersonKeys(), PersonKeys(telegram_id=77)])
async def test_a_bare_id_cannot_be_looked_up(club: Club, keys: PersonKeys):
    answer = await club.messenger.look_up(keys)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_ADDRESSABLE


async def test_an_address_of_one_account_is_of_no_use_to_another(club: Club):
    dora = club.stage.account(2, "dora_admin")
    club.stage.seat(club.chat, dora, may_invite=True)
    bobby, peer_of_anna = await club.person()
    other = await messenger_of(club.stage, 2)
    outcome = await other.invite(await seen(other, CLUB), peer_of_anna)
    assert outcome.code is OutcomeCode.NOT_ADDRESSABLE
    assert club.stage.times_contacted(bobby) == 0
