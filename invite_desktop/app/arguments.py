"""The command line: what can be asked of the program."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from invite_desktop import __version__
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.telegram.server_address import host_and_port

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from invite_desktop.domain.messages import Message

_Choice = TypeVar("_Choice", Basis, TaskKind)

PROGRAM = "invite-desktop"
LANGUAGES = ("ru", "en")
_OF_FILES = ("rehearse", "import")
_COMMANDS = (*_OF_FILES, "report", "backups", "restore")


@dataclass(frozen=True, slots=True)
class Arguments:
    """Everything that was asked for, with defaults in place.

    ``command`` is "window", "rehearse", "import", "report", "backups", "restore" or "selftest".
    ``server`` is (host, port) of a server that stands in for Telegram, with the file of its
    public key.
    """

    command: str
    profile: Path | None = None
    language: str | None = None
    server: tuple[str, int] | None = None
    server_key: Path | None = None
    rehearsal: bool = False
    measure_start: bool = False
    files: tuple[Path, ...] = ()
    basis: Basis | None = None
    name: str = ""
    region: str = "RU"
    kind: TaskKind = TaskKind.INVITE
    text: str = ""
    accounts: int = 3
    seed: int = 1
    speed: float | None = None
    scenario: Path | None = None
    reports: tuple[Path, ...] = ()
    task: int | None = None
    make: bool = False
    backup: str = ""
    json: bool = False


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are KnownErrors, shown like every other one."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line; called by argparse."""
        raise _misunderstood(message)


def _misunderstood(problem: str) -> KnownError:
    return KnownError(
        message("The command line cannot be understood: {problem}", problem=problem),
        message("“{program} --help” lists what there is.", program=PROGRAM),
    )


def parse(given: Sequence[str], translate: Callable[[Message], str]) -> Arguments:
    """Read the command line. Raises KnownError when it makes no sense, SystemExit after --help."""
    # A parser with commands takes the name of a file for one.
    named = not {*_COMMANDS, "-h", "--help"}.isdisjoint(given)
    parser = _build(translate, with_commands=named)
    asked, unknown = parser.parse_known_args(list(given))
    if unknown:
        raise _misunderstood(" ".join(unknown))
    values = {key: value for key, value in vars(asked).items() if value is not None}
    if values.pop("selftest", False):
        values["command"] = "selftest"
    values.setdefault("command", "window")
    several = {name: tuple(values.get(name, ())) for name in ("files", "reports")}
    arguments = Arguments(**{**values, **several})
    _check(arguments)
    return arguments


def _check(arguments: Arguments) -> None:
    if (arguments.server is None) != (arguments.server_key is None):
        raise KnownError(
            message("--telegram-server and --telegram-key belong together."),
            message("Give the server's address and the file with its public key."),
        )
    if arguments.command == "window":
        _check_files_to_open(arguments.files)
    if arguments.command in _OF_FILES and not arguments.files:
        raise KnownError(
            message("No file was named."),
            message("Name the files with the people: CSV, XLSX, ODS, JSON or TXT."),
        )
    if arguments.command == "import" and arguments.basis is None:
        raise KnownError(
            message("Say why these people may be contacted: --basis is missing."),
            message("It is one of: {choices}.", choices=", ".join(Basis)),
        )
    if arguments.scenario is not None and arguments.server is not None:
        raise KnownError(
            message("--scenario has no effect on a server of another process."),
            message("Give the scenario to that server when it is started."),
        )
    if arguments.kind is TaskKind.MESSAGE and not arguments.text.strip():
        raise KnownError(
            message("A message needs a text: --text is missing."),
            message('Give it with --text "…".'),
        )


def _check_files_to_open(files: Sequence[Path]) -> None:
    for file in files:
        if not file.exists():
            raise KnownError(
                message("“{file}” is neither a file nor a command.", file=str(file)[:80]),
                message("“{program} --help” lists what there is.", program=PROGRAM),
            )


def _build(translate: Callable[[Message], str], *, with_commands: bool) -> _Parser:
    parser = _Parser(
        prog=PROGRAM,
        description=translate(
            message("Brings your own list of people into your Telegram group or channel.")
        ),
        epilog=translate(message("Files named without a command are shown in the window.")),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.add_argument(
        "--selftest",
        action="store_true",
        default=None,
        help=translate(message("check that this installation works, and exit")),
    )
    parser.add_argument(
        "--rehearsal",
        action="store_true",
        default=None,
        help=translate(message("open the window in rehearsal: nobody is contacted")),
    )
    parser.add_argument(
        "--measure-start", action="store_true", default=None, help=argparse.SUPPRESS
    )
    _add_common(parser, translate)
    _add_world(parser, translate)
    if not with_commands:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        return parser
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)
    _add_rehearse(commands, translate)
    _add_import(commands, translate)
    _add_report(commands, translate)
    _add_backups(commands, translate)
    _add_restore(commands, translate)
    return parser


def _add_common(parser: argparse.ArgumentParser, translate: Callable[[Message], str]) -> None:
    """Add the options that may stand before a command and after it."""
    suppress = argparse.SUPPRESS
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="DIR",
        default=suppress,
        help=translate(message("keep everything in this folder instead of the usual one")),
    )
    parser.add_argument(
        "--language",
        type=_language,
        metavar="{ru,en}",
        default=suppress,
        help=translate(message("language of the program (otherwise the system's)")),
    )
    parser.add_argument(
        "--telegram-server",
        dest="server",
        type=host_and_port,
        metavar="HOST:PORT",
        default=suppress,
        help=translate(message("talk to this MTProto server instead of Telegram's own")),
    )
    parser.add_argument(
        "--telegram-key",
        dest="server_key",
        type=Path,
        metavar="FILE",
        default=suppress,
        help=translate(message("file with the public key of that server")),
    )


def _add_command(
    commands: argparse._SubParsersAction[_Parser],
    name: str,
    about: Message,
    translate: Callable[[Message], str],
) -> _Parser:
    """Add a command with the options that every one has."""
    words = translate(about)
    parser = commands.add_parser(name, help=words, description=words, allow_abbrev=False)
    parser.set_defaults(command=name)
    _add_common(parser, translate)
    return parser


def _add_rehearse(
    commands: argparse._SubParsersAction[_Parser], translate: Callable[[Message], str]
) -> None:
    about = message("run a whole task on the rehearsal server, contacting nobody")
    parser = _add_command(commands, "rehearse", about, translate)
    _add_files(parser, translate)
    parser.add_argument(
        "--kind",
        type=_one_of(TaskKind),
        metavar="{invite,message}",
        help=translate(message("invite the people, or write to them")),
    )
    parser.add_argument("--text", help=translate(message("text of the message")))
    parser.add_argument(
        "--report",
        dest="reports",
        type=Path,
        action="append",
        metavar="FILE",
        help=translate(message("save the report of the task (.xlsx, .html, .pdf or .csv)")),
    )
    _add_world(parser, translate)


def _add_world(parser: argparse.ArgumentParser, translate: Callable[[Message], str]) -> None:
    """Add what decides how a rehearsal goes; it may also stand before the command."""
    parser.add_argument(
        "--accounts",
        type=_whole_number(1, 50),
        default=argparse.SUPPRESS,
        metavar="N",
        help=translate(message("how many accounts take part (3)")),
    )
    parser.add_argument(
        "--seed",
        type=_whole_number(0, 2**31),
        default=argparse.SUPPRESS,
        metavar="N",
        help=translate(message("which of the possible worlds to play (1)")),
    )
    parser.add_argument(
        "--speed",
        type=_speed,
        default=argparse.SUPPRESS,
        metavar="X",
        help=translate(message("how many times faster than real time")),
    )
    parser.add_argument(
        "--scenario",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="FILE",
        help=translate(message("TOML file with the mix of outcomes, the limits and the trouble")),
    )


def _add_import(
    commands: argparse._SubParsersAction[_Parser], translate: Callable[[Message], str]
) -> None:
    about = message("import files of people as an audience")
    parser = _add_command(commands, "import", about, translate)
    _add_files(parser, translate)
    parser.add_argument(
        "--basis",
        type=_one_of(Basis),
        metavar="{" + ",".join(Basis) + "}",
        help=translate(message("why these people may be contacted (required)")),
    )
    parser.add_argument("--name", help=translate(message("name of the audience")))


def _add_report(
    commands: argparse._SubParsersAction[_Parser], translate: Callable[[Message], str]
) -> None:
    about = message("list the tasks, or save reports (.xlsx, .html, .pdf or .csv)")
    parser = _add_command(commands, "report", about, translate)
    parser.add_argument("reports", nargs="*", type=Path, metavar="FILE")
    parser.add_argument(
        "--task",
        type=_whole_number(1, 2**31),
        metavar="N",
        help=translate(message("the number of the task (otherwise all tasks together)")),
    )
    parser.add_argument(
        "--rehearsal",
        action="store_true",
        default=argparse.SUPPRESS,
        help=translate(message("of the rehearsal, not of the real work")),
    )
    _add_json(parser, translate)


def _add_backups(
    commands: argparse._SubParsersAction[_Parser], translate: Callable[[Message], str]
) -> None:
    about = message("list the backups of the database")
    parser = _add_command(commands, "backups", about, translate)
    _add_json(parser, translate)
    parser.add_argument(
        "--make",
        action="store_true",
        default=None,
        help=translate(message("make one first")),
    )


def _add_restore(
    commands: argparse._SubParsersAction[_Parser], translate: Callable[[Message], str]
) -> None:
    about = message("put a backup in the place of the database; sending is off then")
    parser = _add_command(commands, "restore", about, translate)
    parser.add_argument("backup", metavar="BACKUP", help=translate(message("its name, or a file")))


def _add_json(parser: argparse.ArgumentParser, translate: Callable[[Message], str]) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        default=None,
        help=translate(message("print the result as JSON")),
    )


def _add_files(parser: argparse.ArgumentParser, translate: Callable[[Message], str]) -> None:
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument(
        "--region",
        type=str.upper,
        metavar="CC",
        help=translate(message("country of phone numbers without a country code (RU)")),
    )
    _add_json(parser, translate)


def _refused(text: str, wanted: str) -> KnownError:
    return KnownError(
        message("“{text}” was given where {wanted} is needed.", text=text[:80], wanted=wanted),
        message("“{program} --help” lists what there is.", program=PROGRAM),
    )


def _one_of(kinds: type[_Choice]) -> Callable[[str], _Choice]:
    def read(text: str) -> _Choice:
        if text not in list(kinds):
            raise _refused(text, " | ".join(kinds))
        return kinds(text)

    return read


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
            raise _refused(text, f"{least}…{most}")
        return int(text)

    return read


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.001 <= speed <= 1_000_000:
        raise _refused(text, "0.001…1000000")
    return speed


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise _refused(text, " | ".join(LANGUAGES))
    return text
