"""What the methods of the server work with, and one call of a method."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from invite_desktop.rehearsal import announcing, data_centres, views
from invite_desktop.rehearsal.authorizations import AuthKey, Authorizations, key_id_of
from invite_desktop.rehearsal.codes import LoginCodes
from invite_desktop.rehearsal.data_centres import DataCentres
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.intentions import IntentionKind
from invite_desktop.rehearsal.journal import describe_chat, describe_person
from invite_desktop.rehearsal.limits import Limits
from invite_desktop.rehearsal.login_tokens import LoginTokens
from invite_desktop.rehearsal.passwords import Passwords
from invite_desktop.rehearsal.programs import Programs
from invite_desktop.rehearsal.refusals import Refusals
from invite_desktop.rehearsal.scripts import Scripts
from invite_desktop.rehearsal.sign_in_limits import SignInLimits
from invite_desktop.rehearsal.temporary_keys import Carrier, TemporaryKeys
from invite_desktop.rehearsal.troubles import Troubles
from invite_desktop.rehearsal.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from telethon.tl import types
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.intentions import Intention
    from invite_desktop.rehearsal.journal import Journal
    from invite_desktop.rehearsal.news import News
    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.world import World


Push: TypeAlias = "Callable[[int, Callable[[], TLObject], AuthKey | None], None]"
Notify: TypeAlias = "Callable[[AuthKey, TLObject], None]"


class Backend:
    """The world with everything around it that is no network.

    ``push`` sends updates to every session of an account but those of one key, ``notify`` to those
    of one key, whoever is logged in with it, ``online`` returns the ids of the accounts that want
    updates in sessions of other keys than one; the server sets them. ``caller``: whose request is
    being answered.
    """

    def __init__(self, world: World, journal: Journal) -> None:
        self.world = world
        self.journal = journal
        self.port = 0
        self.authorizations = Authorizations(world.changes, world.now)
        self.temporary_keys = TemporaryKeys(self.authorizations)
        self.data_centres = DataCentres(self.authorizations)
        self.programs = Programs(world.changes)
        self.passwords = Passwords(world.changes)
        self.login_tokens = LoginTokens()
        self.sign_in_limits = SignInLimits(world.changes, world.now)
        self.codes = LoginCodes(world.changes)
        self.limits = Limits(world)
        self.refusals = Refusals(world.changes)
        self.scripts = Scripts()
        self.troubles = Troubles(world.people.population.seed)
        self.push: Push = lambda *_: None
        self.notify: Notify = lambda *_: None
        self.online: Callable[[AuthKey | None], set[int]] = lambda _: set()
        self.uploads = Uploads()
        self.caller: Call | None = None
        world.listen(self._announce)
        world.intentions.on_done = self._note_own_doing

    def find_key(self, key_id: int) -> AuthKey | None:
        """Return the permanent or temporary key with this id."""
        return self.authorizations.find(key_id) or self.temporary_keys.find(key_id)

    def has_key_like(self, data: bytes) -> bool:
        """Return whether another key has the id that this one would have."""
        return self.find_key(key_id_of(data)) is not None

    def destroy_key(self, key: AuthKey) -> None:
        """Forget a key: whoever uses it is told -404."""
        if not self.temporary_keys.forget(key.id):
            self.authorizations.forget(key.id)

    def _note_own_doing(self, done: Intention) -> None:
        """Write into the journal what somebody did of herself; ``account``: whom she wrote to."""
        person = self.world.people.someone(done.person_id)
        if person is None:
            return
        details: dict[str, Any] = {"person": describe_person(person)}
        if done.kind == IntentionKind.LEAVE:
            details["chat"] = describe_chat(self.world.chats[done.place_id])
        elif done.text:
            details["text"] = done.text
        account = self.world.accounts.get(done.place_id)
        self.journal.write(self.world.now(), f"people.{done.kind}", account, **details)

    def _announce(self, news: News) -> None:
        """Tell whom it concerns; what a call has caused goes out after its answer."""
        call = self.caller
        if call is None:
            self.world.changes.afterwards(lambda: self._send([news], None))
            return
        if not call.news:
            call.after.append(lambda: self._send(call.news, call.key))
        call.news.append(news)

    def _send(self, told: Iterable[News], but: AuthKey | None) -> None:
        accounts = [self.world.accounts[account_id] for account_id in self.online(but)]
        for news in told if accounts else ():
            for account in accounts:
                if news.concerns(account):
                    made = partial(announcing.updates, self.world, [news], account)
                    self.push(account.id, made, but)


class Call:
    """One request of one client. ``after`` runs when the answer has been written.

    ``news``: what it has caused so far. ``silent``: whom the call adds does not become a member,
    and nobody says so. ``carrier``: the message in which a request came that binds its key.
    """

    __slots__ = ("after", "backend", "carrier", "key", "news", "silent", "world")

    def __init__(self, backend: Backend, key: AuthKey, *, silent: bool = False) -> None:
        self.backend = backend
        self.world = backend.world
        self.key = key
        self.silent = silent
        self.carrier: Carrier | None = None
        self.after: list[Callable[[], None]] = []
        self.news: list[News] = []

    @property
    def me(self) -> Account:
        """Return the account that calls. Raises MethodError when nobody is logged in."""
        account = self.world.accounts.get(self.key.account_id or 0)
        if account is not None:
            return account
        raise MethodError(_missing_login(self.key))

    @property
    def halfway_or_me(self) -> Account:
        """Return whose password is asked for: who has just given a code, else who calls."""
        return self.world.accounts.get(self.key.halfway_id or 0) or self.me

    def updates(self) -> types.Updates:
        """Return what the call has caused, as its own account is told of it."""
        return announcing.updates(self.world, self.news, self.me)

    def updates_of(self, chat: Chat) -> types.Updates:
        """Return the same with the chat in it, even if nothing is to be told of it."""
        answer = self.updates()
        if all(shown.id != chat.id for shown in answer.chats):
            answer.updates.append(announcing.chat_changed(chat))
            answer.chats.append(views.chat(self.world, chat, self.me, counted=False))
        return answer

    def check_login(self) -> None:
        """Raise MethodError when nobody is logged in, or somebody who is banned or has moved."""
        me = self.me
        if self.world.standings.is_banned(me.id):
            raise MethodError("USER_DEACTIVATED_BAN")
        data_centres.check_home(self.key, me)
        self.key.used_at = self.world.now()

    def log(self, method: str, **details: Any) -> None:  # noqa: ANN401 - JSON values
        """Write an executed request into the journal."""
        now = self.world.now()
        account = self.world.accounts.get(self.key.account_id or 0)
        self.backend.journal.write(now, method, account, **details)
        if "chat" in details and "users" in details:
            chat_id, users = details["chat"]["id"], details["users"]
            self.backend.refusals.note_results(self.key.account_id, chat_id, users, now)

    def note_refusal(self, request: TLObject, fault: MethodError) -> None:
        """Keep a refusal that is about a person."""
        now = self.world.now()
        self.backend.refusals.note_fault(self.key.account_id, request, fault, now)


def _missing_login(key: AuthKey) -> str:
    """Return the error for a key that nobody is logged in with."""
    if key.expires_at:
        return "AUTH_KEY_PERM_EMPTY"
    if key.halfway_id is not None:
        return "SESSION_PASSWORD_NEEDED"
    return "SESSION_REVOKED" if key.revoked else "AUTH_KEY_UNREGISTERED"
