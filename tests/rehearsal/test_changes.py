"""What happened survives: the same state after reading the lines again, however the end came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.rehearsal.authorizations import Authorizations
from invite_desktop.rehearsal.backend import Backend
from invite_desktop.rehearsal.changes import Changes
from invite_desktop.rehearsal.demo import CLUB_USERNAME, demo_world
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import Journal
from invite_desktop.rehearsal.population import CALM, Behaviour, Conduct

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 1, 1, tzinfo=UTC)


class Disk:
    """One state file, and the worlds that were read from it, the last one alive."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.worlds = []

    def open(self):
        """A fresh demo world that takes up the file; the one before is dead, unasked."""
        self.close()
        world = demo_world(mix=CALM)
        backend = Backend(world, Journal(None))
        world.changes.open(self.path)
        self.worlds.append(world)
        return world, backend

    def close(self):
        for world in self.worlds:
            world.changes.close()


@pytest.fixture
def disk(tmp_path: Path):
    found = Disk(tmp_path / "state.jsonl")
    yield found
    found.close()


def test_members_survive_with_date_and_inviter(disk: Disk):
    world, _ = disk.open()
    club, person = world.chat_by_username(CLUB_USERNAME), world.people.by_username("some_person")
    world.story.join(club, person.id, inviter_id=1_000_001)
    before = world.members(CLUB_USERNAME)
    world, _ = disk.open()
    assert world.members(CLUB_USERNAME) == before
    assert len(before) == 4


def test_the_scenery_is_as_old_after_a_restart_as_before(tmp_path: Path):
    seen = []
    for now in (START, START + timedelta(hours=1)):
        world = demo_world(mix=CALM, clock=lambda now=now: now)
        world.changes.open(tmp_path / "state.jsonl")
        seen.append([(chat.made_at, world.members(chat)) for chat in world.chats.values()])
        world.changes.close()
    assert seen[0] == seen[1]


def test_people_met_once_are_known_again_by_id_and_hash(disk: Disk):
    world, _ = disk.open()
    person = world.people.by_username("Some_Person")
    access_hash = world.access_hash(1_000_001, person.id)
    world, _ = disk.open()
    again = world.people.someone(person.id)
    assert (again.username, again.first_name) == ("Some_Person", person.first_name)
    assert world.access_hash(1_000_001, person.id) == access_hash


def test_letters_and_random_ids_survive(disk: Disk):
    world, _ = disk.open()
    one, two = list(world.accounts.values())[:2]
    world.story.send(one, two, "привет", random_id=42)
    world.story.mark_read(two, one.id, 1)
    world, _ = disk.open()
    one, two = list(world.accounts.values())[:2]
    assert one.mailbox.was_sent(42)
    assert [letter.text for letter in two.mailbox.dialogue(one.id)] == ["привет"]
    assert two.mailbox.read_up_to(one.id) == 1


def test_contacts_links_and_leaving_survive(disk: Disk):
    world, _ = disk.open()
    club, me = world.chat_by_username(CLUB_USERNAME), world.accounts[1_000_001]
    regular = world.person("regular", behaviour=Behaviour.ALREADY_MEMBER)
    other = world.people.by_username("other_one")
    world.story.save_contact(me, other.id, "Ася", "")
    link = world.story.make_link(club, me.id, "Осень", 0, 5)
    world.story.join(club, other.id, link=link.hash)
    world.story.leave(club, regular.id)
    world, _ = disk.open()
    world.person("regular", behaviour=Behaviour.ALREADY_MEMBER)
    club = world.chat_by_username(CLUB_USERNAME)
    assert world.accounts[1_000_001].contacts[other.id].first_name == "Ася"
    assert (club.links[link.hash].title, club.links[link.hash].usage) == ("Осень", 1)
    assert {m.username for m in world.members(club)} & {"regular", "other_one"} == {"other_one"}
    assert world.member_count(club) == len(world.members(club))


def test_logins_survive(disk: Disk):
    world, backend = disk.open()
    key_id = _key_of(backend, backend.authorizations.issue(world.accounts[1_000_002]))
    halfway = backend.authorizations.add(bytes(256))
    backend.authorizations.ask_password(halfway, 1_000_003)
    _, backend = disk.open()
    assert backend.authorizations.find(key_id).account_id == 1_000_002
    assert backend.authorizations.find(halfway.id).halfway_id == 1_000_003


def _key_of(backend: Backend, data: bytes) -> int:
    return next(k.id for k in backend.authorizations.keys_of(1_000_002) if k.data == data)


def test_flood_waits_and_sent_codes_survive(disk: Disk):
    world, backend = disk.open()
    person = world.person("costly", behaviour=Conduct(flood_seconds=60))
    me = world.accounts[1_000_001]
    code_hash = backend.codes.send(me.phone)
    with pytest.raises(MethodError):
        backend.limits.contact(me, "channels.inviteToChannel", person)
    world, backend = disk.open()
    backend.codes.check(me.phone, code_hash, "22222", me)
    backend.limits.contact(me, "channels.inviteToChannel", person)
    with pytest.raises(MethodError, match="FLOOD_WAIT_"):
        backend.limits.check(me, "channels.inviteToChannel")


def test_the_clock_goes_on_where_it_was(disk: Disk):
    world, _ = disk.open()
    world.set_clock(world.now() + 86_400, 60.0)
    before = world.clock()
    world, _ = disk.open()
    assert world.clock() >= before
    assert world.clock.speed == 60.0


def test_reading_twice_changes_nothing(disk: Disk):
    world, _ = disk.open()
    club = world.chat_by_username(CLUB_USERNAME)
    for number in range(20):
        person = world.people.by_username(f"person_{number}")
        world.story.join(club, person.id, inviter_id=1_000_001)
    world, _ = disk.open()
    first = sorted(disk.path.read_text().splitlines())
    world, _ = disk.open()
    assert sorted(disk.path.read_text().splitlines()) == first


@given(cut=st.integers(1, 40))
def test_a_torn_last_line_loses_only_itself(tmp_path_factory: pytest.TempPathFactory, cut: int):
    disk = Disk(tmp_path_factory.mktemp("state") / "state.jsonl")
    world, _ = disk.open()
    person = world.people.by_username("some_person")
    whole = disk.path.read_bytes()
    world.story.save_contact(world.accounts[1_000_001], 77, "", "")
    longer = disk.path.read_bytes()
    disk.path.write_bytes(longer[: max(len(longer) - cut, len(whole))])
    world, _ = disk.open()
    assert 77 not in world.accounts[1_000_001].contacts
    assert world.people.someone(person.id).username == "some_person"
    disk.close()


@pytest.fixture(scope="module")
def story_of_three(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, int]:
    """A state file in which three people were added, and where the first of them begins."""
    disk = Disk(tmp_path_factory.mktemp("state") / "state.jsonl")
    world, _ = disk.open()
    begin = len(disk.path.read_bytes())
    club = world.chat_by_username(CLUB_USERNAME)
    for number in range(3):
        person = world.people.by_username(f"person_{number}")
        world.story.join(club, person.id, inviter_id=1_000_001)
    disk.close()
    return disk.path.read_bytes(), begin


@given(where=st.floats(0, 1))
def test_an_invitation_is_whole_or_absent_wherever_the_file_ends(
    tmp_path_factory: pytest.TempPathFactory, story_of_three: tuple[bytes, int], where: float
):
    data, begin = story_of_three
    disk = Disk(tmp_path_factory.mktemp("state") / "state.jsonl")
    disk.path.write_bytes(data[: begin + int((len(data) - begin) * where)])
    world, _ = disk.open()
    club = world.chat_by_username(CLUB_USERNAME)
    added = [i for i, member in club.members.items() if member.inviter_id]
    assert [post.action.subject for post in club.history.posts()[1:]] == added
    assert [entry.subject_id for entry in club.log] == added
    assert world.member_count(club) == 3 + len(added)
    disk.close()


def test_changes_that_belong_together_are_told_of_when_they_are_written(disk: Disk):
    world, _ = disk.open()
    told = []
    with world.changes:
        world.story.save_contact(world.accounts[1_000_001], 77, "", "")
        with world.changes:
            world.story.save_contact(world.accounts[1_000_001], 78, "", "")
        world.changes.afterwards(lambda: told.append(disk.path.read_text()[-70:]))
        assert told == []
    assert told[0].endswith('["contact",1000001,77,"",""],["contact",1000001,78,"",""]]\n')


def test_an_error_keeps_what_was_changed_before_it(disk: Disk):
    world, _ = disk.open()

    def fail():
        with world.changes:
            world.story.save_contact(world.accounts[1_000_001], 77, "", "")
            raise MethodError("FLOOD_WAIT_5")

    with pytest.raises(MethodError):
        fail()
    world, _ = disk.open()
    assert 77 in world.accounts[1_000_001].contacts


def test_without_a_file_nothing_is_written(tmp_path: Path):
    changes = Changes()
    authorizations = Authorizations(changes, lambda: 0)
    assert authorizations.add(bytes(256)).account_id is None
    changes.close()
    assert list(tmp_path.iterdir()) == []
