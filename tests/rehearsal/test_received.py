"""Ids and numbers of messages: a client that keeps the rules is never told that it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.received import ReceivedMessages, fault_of_time
from invite_desktop.rehearsal.sequencing import Sequencing


def numbered(contents: list[bool]) -> list[tuple[int, int, bool]]:
    """Id, number and kind of messages as a client counts them."""
    messages, count = [], 0
    for position, content in enumerate(contents, start=1):
        messages.append((position * 4, count * 2 + content, content))
        count += content
    return messages


@given(
    st.lists(st.booleans(), min_size=1, max_size=200).flatmap(
        lambda contents: st.permutations(numbered(contents))
    )
)
def test_messages_counted_by_the_rules_may_come_in_any_order(messages: list[tuple[int, int, bool]]):
    received = ReceivedMessages()
    for message_id, seqno, content in messages:
        assert received.fault_of(message_id, seqno, needs_answer=content) == 0
        received.note(message_id, seqno)
    assert all(message_id in received for message_id, _, _ in messages)


@given(st.lists(st.booleans(), min_size=2, max_size=50), st.data())
def test_a_number_given_twice_is_noticed(contents: list[bool], data: st.DataObject):
    messages = numbered([*contents, True])
    received = ReceivedMessages()
    for message_id, seqno, _ in messages:
        received.note(message_id, seqno)
    taken = data.draw(st.sampled_from([seqno for _, seqno, content in messages if content]))
    later = messages[-1][0] + 4
    assert received.fault_of(later, taken, needs_answer=True) == 32


def test_after_a_correction_of_the_clock_lower_ids_are_taken():
    received = ReceivedMessages()
    received.note(4000, 7)
    received.start_over()
    assert received.fault_of(400, 9, needs_answer=True) == 0


@pytest.mark.parametrize(("age", "code"), [(0, 0), (299, 0), (301, 16), (-29, 0), (-31, 17)])
def test_ids_tell_their_time(age: int, code: int):
    now = 1_800_000_000
    assert fault_of_time((now - age) << 32, now) == code


@given(st.permutations(range(5)), st.sets(st.integers(0, 4)))
def test_a_request_runs_after_those_that_ended_well_and_after_no_failure(
    order: list[int], failing: set[int]
):
    sequencing = Sequencing()
    ended: list[object] = []
    for number in order:
        sequencing.note_end(number, well=number not in failing)
    sequencing.take(9, (0, 1, 2, 3, 4), lambda: ended.append("ran"), ended.append)
    (result,) = ended
    assert isinstance(result, MethodError) if failing else result == "ran"
