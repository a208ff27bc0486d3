"""What every Messenger promises of messages and their files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attachments import Attachment, AttachmentKind
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.telegram import Requirement, UploadedFile
from tests.contracts.stages import MESSAGE_REFUSALS, When, messenger_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contracts.clubs import Club


async def test_a_message_is_sent_and_found_in_the_dialogue(club: Club):
    bobby, user = await club.person()
    for number, text in enumerate(("first", "second", "third"), start=1):
        assert (await club.messenger.send_message(user, text, number)).code is OutcomeCode.SENT
    own = await club.messenger.own_messages(user, 2)
    assert not isinstance(own, Outcome)
    assert [message.text for message in own] == ["third", "second"]
    assert abs(own[0].sent_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert club.stage.times_contacted(bobby) == 3


async def test_the_same_random_id_is_delivered_once(club: Club):
    bobby, user = await club.person()
    outcomes = [await club.messenger.send_message(user, "hello", 42) for _ in range(2)]
    assert [outcome.code for outcome in outcomes] == [OutcomeCode.SENT, OutcomeCode.SENT]
    assert club.stage.times_contacted(bobby) == 1


@pytest.mark.parametrize("code", MESSAGE_REFUSALS)
async def test_a_refusal_of_a_message_has_no_effect(club: Club, code: OutcomeCode):
    bobby, user = await club.person(on_message=code)
    outcome = await club.messenger.send_message(user, "hello", 42)
    assert outcome.code is code
    assert club.stage.times_contacted(bobby) == 0


async def test_a_stranger_has_no_dialogue(club: Club):
    _, user = await club.person()
    assert await club.messenger.own_messages(user, 5) == []


async def test_what_it_takes_to_write_to_people_is_told_in_one_call(club: Club):
    wants = {
        "free_reader": None,
        "premium_reader": OutcomeCode.PREMIUM_NEEDED,
        "paid_reader": OutcomeCode.PAID_MESSAGES,
    }
    people = [await club.person(name, on_message=code) for name, code in wants.items()]
    answer = await club.messenger.requirements([user for _, user in people])
    assert answer == [Requirement.NONE, Requirement.PREMIUM, Requirement.PAYMENT]
    assert [club.stage.times_contacted(someone) for someone, _ in people] == [0, 0, 0]


async def test_requirements_are_not_told_of_people_of_another_account(club: Club):
    club.stage.account(2, "dora_admin")
    _, user = await club.person()
    answer = await (await messenger_of(club.stage, 2)).requirements([user])
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_ADDRESSABLE


async def uploaded(club: Club, path: Path, kind: AttachmentKind) -> UploadedFile:
    attachment = Attachment(path, kind, size_of(path), 1)
    answer = await club.messenger.upload(attachment)
    assert not isinstance(answer, Outcome), answer
    return answer


def size_of(path: Path) -> int:
    return path.stat().st_size


async def test_one_upload_serves_many_messages_and_contacts_nobody(club: Club, poster: Path):
    bobby, user = await club.person()
    file = await uploaded(club, poster, AttachmentKind.PICTURE)
    assert club.stage.times_contacted(bobby) == 0
    for number in (1, 2):
        outcome = await club.messenger.send_message(user, f"caption {number}", number, file=file)
        assert outcome.code is OutcomeCode.SENT
    own = await club.messenger.own_messages(user, 2)
    assert not isinstance(own, Outcome)
    assert [message.text for message in own] == ["caption 2", "caption 1"]
    assert club.stage.times_contacted(bobby) == 2


@pytest.mark.parametrize("kind", list(AttachmentKind))
async def test_the_same_random_id_delivers_a_file_once(
    club: Club, poster: Path, kind: AttachmentKind
):
    bobby, user = await club.person()
    for _ in range(2):
        file = await uploaded(club, poster, kind)
        outcome = await club.messenger.send_message(user, "caption", 42, file=file)
        assert outcome.code is OutcomeCode.SENT
    assert club.stage.times_contacted(bobby) == 1


async def test_a_file_that_telegram_does_not_know_has_no_effect(club: Club):
    bobby, user = await club.person()
    nothing = UploadedFile(AttachmentKind.PICTURE, 5, 6, b"old")
    outcome = await club.messenger.send_message(user, "caption", 42, file=nothing)
    assert outcome.code is OutcomeCode.INTERRUPTED
    assert club.stage.times_contacted(bobby) == 0


async def test_a_file_that_cannot_be_read_is_refused_in_words(club: Club, tmp_path: Path):
    gone = Attachment(tmp_path / "gone.png", AttachmentKind.FILE, 10, 1)
    with pytest.raises(KnownError, match=r"gone\.png"):
        await club.messenger.upload(gone)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_upload_cut_off_contacts_nobody_and_may_be_repeated(
    club: Club, poster: Path, when: When
):
    bobby, user = await club.person()
    club.stage.drop(1, "upload", when)
    attachment = Attachment(poster, AttachmentKind.FILE, size_of(poster), 1)
    answer = await club.messenger.upload(attachment)
    assert isinstance(answer, Outcome)
    assert answer.code is OutcomeCode.NOT_CONNECTED
    file = await uploaded(club, poster, AttachmentKind.FILE)
    assert club.stage.times_contacted(bobby) == 0
    assert (await club.messenger.send_message(user, "", 1, file=file)).code is OutcomeCode.SENT
