"""Facts become signals, bursts folded together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QSignalSpy

from invite_desktop.domain.messages import message
from invite_desktop.engine.event_bus import EventBus
from invite_desktop.engine.events import (
    AccountChanged,
    AttentionNeeded,
    AudiencesChanged,
    ImportAdvanced,
    TargetChanged,
    TaskChanged,
)
from invite_desktop.ui.engine_bridge import EngineBridge

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def bus(errors: list[BaseException]) -> EventBus:
    return EventBus(errors.append)


@pytest.fixture
def bridge(qapp: QApplication, bus: EventBus) -> EngineBridge:
    return EngineBridge(bus)


def test_a_thousand_targets_are_told_once(qtbot: QtBot, bus: EventBus, bridge: EngineBridge):
    spy = QSignalSpy(bridge.targets_changed)
    with qtbot.waitSignal(bridge.targets_changed):
        for number in range(1_000):
            bus.publish(TargetChanged(number % 2, number))
    assert spy.count() == 1
    (changed,) = spy.at(0)
    assert {task: len(ids) for task, ids in changed.items()} == {0: 500, 1: 500}


def test_a_changed_target_changes_its_task(qtbot: QtBot, bus: EventBus, bridge: EngineBridge):
    with qtbot.waitSignal(bridge.tasks_changed) as told:
        bus.publish(TargetChanged(7, 1))
        bus.publish(TaskChanged(8))
    assert told.args == [frozenset({7, 8})]


def test_accounts_and_audiences_are_told(qtbot: QtBot, bus: EventBus, bridge: EngineBridge):
    with qtbot.waitSignals([bridge.accounts_changed, bridge.audiences_changed]):
        bus.publish(AccountChanged(3))
        bus.publish(AudiencesChanged())


def test_an_import_tells_its_latest_count(qtbot: QtBot, bus: EventBus, bridge: EngineBridge):
    with qtbot.waitSignal(bridge.import_advanced) as told:
        for rows in (10, 20, 30):
            bus.publish(ImportAdvanced(rows))
    assert told.args == [30]


def test_what_needs_attention_is_told_at_once(bus: EventBus, bridge: EngineBridge):
    told: list[object] = []
    bridge.attention_needed.connect(told.append)
    bus.publish(AttentionNeeded(message("Help!")))
    assert told == [message("Help!")]


def test_a_closed_bridge_hears_nothing(bus: EventBus, bridge: EngineBridge):
    bridge.close()
    bridge.close()
    told: list[object] = []
    bridge.attention_needed.connect(told.append)
    bus.publish(AttentionNeeded(message("Help!")))
    assert told == []
