"""What the methods of the server work with, and one call of a method."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from invite_desktop.rehearsal.authorizations import AuthKey, Authorizations
from invite_desktop.rehearsal.codes import LoginCodes
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.limits import Limits
from invite_desktop.rehearsal.refusals import Refusals
from invite_desktop.rehearsal.scripts import Scripts
from invite_desktop.rehearsal.srp import PasswordGuard
from invite_desktop.rehearsal.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import Callable

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.journal import Journal
    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.world import World


Push: TypeAlias = "Callable[[int, Callable[[], TLObject], AuthKey | None], None]"


class Backend:
    """The world with everything around it that is no network.

    ``push`` sends updates to every session of an account but those of one key; the server sets it.
    """

    def __init__(self, world: World, journal: Journal) -> None:
        self.world = world
        self.journal = journal
        self.port = 0
        self.authorizations = Authorizations(world.changes)
        self.codes = LoginCodes(world.changes)
        self.limits = Limits(world)
        self.refusals = Refusals(world.changes)
        self.scripts = Scripts()
        self.troubles = Troubles(world.people.population.seed)
        self.push: Push = lambda *_: None
        self._guards: dict[int, PasswordGuard] = {}

    def guard_of(self, account: Account) -> PasswordGuard | None:
        """Return what checks an account's two-step password, None when it has none."""
        if account.password is None:
            return None
        if account.id not in self._guards:
            self._guards[account.id] = PasswordGuard(account.password)
        return self._guards[account.id]


@dataclass(slots=True)
class Call:
    """One request of one client. ``after`` runs when the answer has been written.

    ``silent``: whom the call adds does not become a member, and nobody says so.
    """

    backend: Backend
    key: AuthKey
    after: list[Callable[[], None]] = field(default_factory=list)
    silent: bool = False

    @property
    def world(self) -> World:
        """Return the world."""
        return self.backend.world

    @property
    def me(self) -> Account:
        """Return the account that calls. Raises MethodError when nobody is logged in."""
        account = self.world.accounts.get(self.key.account_id or 0)
        if account is not None:
            return account
        raise MethodError(
            "SESSION_PASSWORD_NEEDED" if self.key.halfway_id else "AUTH_KEY_UNREGISTERED"
        )

    def check_login(self) -> None:
        """Raise MethodError when nobody is logged in."""
        _ = self.me

    def log(self, method: str, **details: Any) -> None:  # noqa: ANN401 - JSON values
        """Write an executed request into the journal."""
        account = self.world.accounts.get(self.key.account_id or 0)
        self.backend.journal.write(self.world.now(), method, account, **details)
        if "chat" in details and "users" in details:
            chat_id, users, now = details["chat"]["id"], details["users"], self.world.now()
            self.backend.refusals.note_results(self.key.account_id, chat_id, users, now)

    def note_refusal(self, request: TLObject, fault: MethodError) -> None:
        """Keep a refusal that is about a person."""
        now = self.world.now()
        self.backend.refusals.note_fault(self.key.account_id, request, fault, now)
