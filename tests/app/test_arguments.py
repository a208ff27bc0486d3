"""The command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from invite_desktop.app.arguments import parse
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.tasks import TaskKind

OTHER_SERVER = ("--telegram-server", "127.0.0.1:1", "--telegram-key", "k.pem")


@pytest.mark.parametrize(
    ("given", "command"),
    [
        ([], "window"),
        (["--rehearsal"], "window"),
        (["--selftest"], "selftest"),
        (["rehearse", "a.csv"], "rehearse"),
        (["import", "a.csv", "--basis", "team"], "import"),
        ([__file__], "window"),
        (["--rehearsal", __file__, __file__, "--language", "ru"], "window"),
    ],
)
def test_the_command_is_recognised(given, command):
    assert parse(given, str).command == command


@pytest.mark.parametrize(
    "given",
    [["--profile", "p", "rehearse", "a.csv"], ["rehearse", "a.csv", "--profile", "p"]],
)
def test_common_options_stand_before_a_command_or_after_it(given):
    assert parse(given, str).profile == Path("p")


def test_rehearse_takes_everything_at_once():
    arguments = parse(
        [
            "rehearse",
            "a.csv",
            "b.xlsx",
            "--kind",
            "message",
            "--text",
            "hi",
            "--accounts",
            "2",
            "--seed",
            "9",
            "--speed",
            "100",
            "--json",
            "--telegram-server",
            "127.0.0.1:443",
            "--telegram-key",
            "k.pem",
        ],
        str,
    )
    assert arguments.files == (Path("a.csv"), Path("b.xlsx"))
    assert (arguments.kind, arguments.text) == (TaskKind.MESSAGE, "hi")
    assert (arguments.accounts, arguments.seed, arguments.speed) == (2, 9, 100.0)
    assert (arguments.json, arguments.server) == (True, ("127.0.0.1", 443))


def test_files_without_a_command_are_for_the_window():
    arguments = parse(["--rehearsal", __file__, "--language", "ru"], str)
    assert (arguments.files, arguments.rehearsal) == ((Path(__file__),), True)


def test_import_keeps_the_basis():
    assert parse(["import", "a", "--basis", "customers"], str).basis is Basis.CUSTOMERS


@pytest.mark.parametrize(
    "given",
    [
        ["--nonsense"],
        ["nonsense"],
        ["rehearse"],
        ["import", "a.csv"],
        ["import", "a.csv", "--basis", "because"],
        ["rehearse", "a.csv", "--kind", "call"],
        ["rehearse", "a.csv", "--kind", "message"],
        ["rehearse", "a.csv", "--accounts", "0"],
        ["rehearse", "a.csv", "--accounts", "²"],
        ["rehearse", "a.csv", "--seed", "-1"],
        ["rehearse", "a.csv", "--speed", "nan"],
        ["rehearse", "a.csv", "--speed", "fast"],
        ["--telegram-server", "127.0.0.1:443"],
        ["--telegram-key", "k.pem"],
        ["--telegram-server", "127.0.0.1", "--telegram-key", "k.pem"],
        ["--telegram-server", ":0", "--telegram-key", "k.pem"],
        ["--telegram-server", "telegram.example:443", "--telegram-key", "k.pem"],
        ["--language", "de"],
        ["rehearse", "a", "--scenario", "s", *OTHER_SERVER],
    ],
)
def test_a_command_line_without_sense_is_refused_in_words(given):
    with pytest.raises(KnownError):
        parse(given, str)
