"""The scenery of the stand-alone server and of the program's own rehearsal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.rehearsal.chats import INVITE
from invite_desktop.rehearsal.demo_accounts import (
    CLUB_USERNAME,
    NEWCOMERS,
    NEWCOMERS_PASSWORD,
    demo_phone,
)
from invite_desktop.rehearsal.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.population import Mix

CLOSED_CLUB_LINK = "RehearsalClosedClub0"
"""The hash of the private supergroup's invite link, t.me/+…"""

MAX_ACCOUNTS = 999

_NAMES = ("Анна Волкова", "Борис Климов", "Вера Соколова", "Глеб Орлов", "Дина Лебедева")


def demo_world(
    accounts: int = 3,
    *,
    seed: int = 1,
    mix: Mix | None = None,
    births: bool = True,
    clock: Callable[[], datetime] | None = None,
    speed: Callable[[], float] | None = None,
) -> World:
    """Return a world with test accounts and chats in every relation to them.

    The first account created everything. In the club the others are admins who may invite, in the
    closed club and the basic group plain members, in the channel admins; in "Старый чат" they are
    admins without the right to invite.
    """
    if not 1 <= accounts <= MAX_ACCOUNTS:
        raise ValueError(f"between 1 and {MAX_ACCOUNTS} accounts, not {accounts}")
    world = World(seed, mix=mix, births=births, clock=clock, speed=speed)
    first, *others = [_account(world, number) for number in range(1, accounts + 1)]
    club = world.supergroup("Клуб репетиции", first, username=CLUB_USERNAME)
    closed = world.supergroup("Закрытый клуб", first, link=CLOSED_CLUB_LINK)
    group = world.basic_group("Малая группа", first)
    channel = world.channel("Канал репетиции", first, username="rehearsal_channel")
    old = world.supergroup("Старый чат", first, username="rehearsal_old_chat")
    for account in others:
        world.seat(club, account, INVITE)
        world.seat(closed, account)
        world.seat(group, account)
        world.seat(channel, account, INVITE)
        world.seat(old, account, frozenset({"delete_messages", "ban_users"}))
    return world


_NEWCOMERS_HINT = "что это всё"


def add_newcomers(world: World) -> None:
    """Add accounts to a demo world that are not logged in; they administer the club too."""
    club = next(chat for chat in world.chats.values() if chat.username == CLUB_USERNAME)
    names = ("Елена", "Зимина", None), ("Жанна", "Ильина", NEWCOMERS_PASSWORD)
    for phone, (first_name, last_name, password) in zip(NEWCOMERS, names, strict=True):
        newcomer = world.account(phone, first_name, last_name=last_name, password=password)
        newcomer.hint = _NEWCOMERS_HINT if password else ""
        world.seat(club, newcomer, INVITE)


def _account(world: World, number: int) -> Account:
    """Add a test account; the digit after 99966 is the data centre and makes up the code."""
    first_name, _, last_name = _NAMES[(number - 1) % len(_NAMES)].partition(" ")
    return world.account(
        demo_phone(number),
        first_name,
        last_name=last_name,
        username=f"rehearsal_admin{number}",
    )
