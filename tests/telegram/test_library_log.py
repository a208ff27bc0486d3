from __future__ import annotations

import logging

import pytest

from invite_desktop.telegram.library_log import LibraryLog

PHONE = "+79001234567"


@pytest.fixture
def log() -> LibraryLog:
    return LibraryLog(logging.getLogger("invite_desktop.test"))


@pytest.fixture(autouse=True)
def everything_is_written(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def test_values_in_a_warning_are_dropped(log: LibraryLog, caplog: pytest.LogCaptureFixture):
    log.getChild("network").warning("Request caused %s", PHONE)
    assert caplog.messages == ["Request caused %s"]


def test_an_error_is_named_by_its_class_only(log: LibraryLog, caplog: pytest.LogCaptureFixture):
    try:
        raise ValueError(PHONE)
    except ValueError:
        log.exception("Unhandled error")
    assert PHONE not in caplog.text
    assert caplog.messages == ["Unhandled error [ValueError]"]


def test_what_the_library_takes_for_an_alarm_is_information(
    log: LibraryLog, caplog: pytest.LogCaptureFixture
):
    log.error("Automatic reconnection failed %d time(s)", 0)
    assert [record.levelno for record in caplog.records] == [logging.INFO]


def test_debug_and_info_are_not_written(log: LibraryLog, caplog: pytest.LogCaptureFixture):
    log.getChild("users").info("Phone migrated")
    log.debug("Handling update")
    assert not caplog.messages
