"""What every TelegramGateway promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.chats import ChatKind, parse_chat_address
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.telegram import ChatPeer
from tests.contracts.stages import messenger_of, seen

if TYPE_CHECKING:
    from tests.contracts.stages import Stage


async def test_an_account_is_opened_once(stage: Stage):
    stage.account(1, "anna_owner")
    assert await stage.gateway.open(1) is await stage.gateway.open(1)


async def test_every_account_has_a_messenger_of_its_own(stage: Stage):
    anna, boris = stage.account(1, "anna_owner"), stage.account(2, "boris_owner")
    for account_id, account in ((1, anna), (2, boris)):
        me = await (await messenger_of(stage, account_id)).who_am_i()
        assert not isinstance(me, Outcome)
        assert me.telegram_id == account.user_id


async def test_without_a_session_an_account_is_logged_out(stage: Stage):
    answer = await stage.gateway.open(1)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.LOGGED_OUT


async def test_without_network_nothing_opens(stage: Stage):
    stage.account(1, "anna_owner")
    await stage.go_offline()
    answer = await stage.gateway.open(1)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_CONNECTED


async def test_a_session_ended_from_elsewhere_is_logged_out(stage: Stage):
    anna = stage.account(1, "anna_owner")
    messenger = await messenger_of(stage)
    stage.end_sessions(1, anna)
    answer = await messenger.who_am_i()
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.LOGGED_OUT
    again = await stage.gateway.open(1)
    assert isinstance(again, Outcome)
    assert again.code is OutcomeCode.LOGGED_OUT


class RecordingLookUps:
    """Implements ChatLookUps: gives so many look-ups, and shows what became of them."""

    def __init__(self, given: int = 10) -> None:
        self.given = given
        self.ends: list[OutcomeCode] = []
        self.kept: dict[tuple[int, str], ChatPeer | None] = {}

    async def known(self, account_id: int, username: str) -> ChatPeer | None:
        return self.kept.get((account_id, username.lower()))

    async def begin(self, account_id: int) -> int | Outcome:
        del account_id
        self.given -= 1
        return self.given if self.given >= 0 else Outcome(OutcomeCode.LOOK_UPS_SPENT)

    async def end(self, call_id: int, outcome: Outcome) -> None:
        assert call_id == self.given
        self.ends.append(outcome.code)

    async def keep(self, account_id: int, username: str, peer: ChatPeer | None) -> None:
        self.kept[account_id, username.lower()] = peer


async def test_the_name_of_a_chat_is_asked_for_once_and_remembered(stage: Stage):
    look_ups = RecordingLookUps()
    stage.gateway.ration(look_ups)
    stage.chat("Football", stage.account(1, "anna_owner"), username="football_club")
    messenger = await messenger_of(stage)
    peers = [
        await seen(messenger, parse_chat_address(n)) for n in ("@football_club", "@Football_Club")
    ]
    assert look_ups.kept == {(1, "football_club"): peers[0]}
    assert peers[0] == peers[1]
    assert look_ups.ends == [OutcomeCode.FOUND]


async def test_a_name_that_leads_nowhere_costs_a_look_up_too(stage: Stage):
    look_ups = RecordingLookUps()
    stage.gateway.ration(look_ups)
    stage.account(1, "anna_owner")
    answer = await (await messenger_of(stage)).see_chat(parse_chat_address("@nobody_here"))
    assert isinstance(answer, Outcome)
    assert (answer.code, look_ups.ends) == (OutcomeCode.NOT_FOUND, [OutcomeCode.NOT_FOUND])
    assert not any(look_ups.kept.values())


async def test_without_a_look_up_left_a_known_name_is_seen_and_a_new_one_not(stage: Stage):
    look_ups = RecordingLookUps(given=1)
    stage.gateway.ration(look_ups)
    anna = stage.account(1, "anna_owner")
    for name in ("football", "chess"):
        stage.chat(name, anna, username=f"{name}_club")
    messenger = await messenger_of(stage)
    for _ in range(2):
        await seen(messenger, parse_chat_address("@football_club"))
    answer = await messenger.see_chat(parse_chat_address("@chess_club"))
    assert answer == Outcome(OutcomeCode.LOOK_UPS_SPENT)


async def test_what_another_run_has_kept_costs_no_look_up(stage: Stage):
    look_ups = RecordingLookUps(given=1)
    stage.gateway.ration(look_ups)
    stage.chat("Football", stage.account(1, "anna_owner"), username="football_club")
    await seen(await messenger_of(stage), parse_chat_address("@football_club"))
    await stage.gateway.close()
    await seen(await messenger_of(stage), parse_chat_address("@football_club"))
    assert look_ups.ends == [OutcomeCode.FOUND]


async def test_a_stale_memory_of_a_name_is_looked_up_anew(stage: Stage):
    look_ups = RecordingLookUps()
    stage.gateway.ration(look_ups)
    stage.chat("Football", stage.account(1, "anna_owner"), username="football_club")
    look_ups.kept[1, "football_club"] = ChatPeer(1234567, 99, ChatKind.SUPERGROUP)
    peer = await seen(await messenger_of(stage), parse_chat_address("@football_club"))
    assert look_ups.kept == {(1, "football_club"): peer}
    assert look_ups.ends == [OutcomeCode.FOUND]


async def test_logging_out_forgets_the_session(stage: Stage):
    stage.account(1, "anna_owner")
    await messenger_of(stage)
    await stage.gateway.log_out(1)
    assert await stage.vault.session(1) is None
    answer = await stage.gateway.open(1)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.LOGGED_OUT


async def test_logging_out_twice_is_no_error(stage: Stage):
    stage.account(1, "anna_owner")
    await stage.gateway.log_out(1)
    await stage.gateway.log_out(1)
