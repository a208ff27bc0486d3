"""What is done with saved audiences, with the real store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.people import KeyKind, PersonKeys
from invite_desktop.domain.tasks import NewTask, TaskKind
from invite_desktop.engine.events import AudiencesChanged
from invite_desktop.engine.ports.audiences import PeopleQuery, PeopleSort
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.engine.views import PersonEdit
from invite_desktop.store import audience_moves
from tests.fakes.house import settle

if TYPE_CHECKING:
    from tests.fakes.house import House


def row(number: int, username: str | None = None, **fields: object) -> PersonRow:
    phone = fields.pop("phone", None)
    telegram_id = fields.pop("telegram_id", None)
    return PersonRow(number, PersonKeys(username, phone, telegram_id), **fields)  # type: ignore[arg-type]


async def names(house: House, audience_id: int, **query: object) -> list[str]:
    ids = await house.engine.audiences.person_ids(audience_id, PeopleQuery(**query))  # type: ignore[arg-type]
    people = await house.engine.audiences.people_by_id(ids)
    return [person.keys.username or person.keys.phone or "" for person in people]


async def of(house: House, *usernames: str, basis: Basis = Basis.CUSTOMERS) -> int:
    return await house.audience([row(n, name) for n, name in enumerate(usernames, 1)], basis)


@pytest.fixture
async def guests(house: House) -> int:
    return await house.audience(
        [
            row(1, "zoya_z", full_name="Ёлкина Зоя", extra={"город": "Тверь"}),
            row(2, "anna_k", first_name="Анна", last_name="Волкова", phone="+79001234567"),
            row(3, "boris_b", full_name="борис Петров", telegram_id=512345678),
            row(4, phone="+79007654321"),
        ]
    )


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["zoya_z", "anna_k", "boris_b", "+79007654321"]),
        ("ТВЕРЬ", ["zoya_z"]),
        ("ёлк", ["zoya_z"]),
        ("Петров", ["boris_b"]),
        ("волкова анна", ["anna_k"]),
        ("ан", ["anna_k"]),
        ("@Anna", ["anna_k"]),
        ("+7 (900) 765", ["+79007654321"]),
        ("900", ["anna_k", "+79007654321"]),
        ("an вол", ["anna_k"]),
        ("5123", ["boris_b"]),
        ("512345678", ["boris_b"]),
        ("Петров 5123", ["boris_b"]),
        ("Волкова 5123", []),
        ("51234567890123456", []),
        ('"', []),
        ("nobody", []),
    ],
)
async def test_people_are_found_by_anything_that_is_known_of_them(
    house: House, guests: int, text: str, found: list[str], *, indexed: bool
):
    if indexed:
        for _ in range(3):
            await house.store.audiences.idle()
    else:
        await house.store.database.write(
            lambda db: db.execute_sql("UPDATE people_search_state SET last_person = 0")
        )
    assert await names(house, guests, text=text) == found


async def test_a_telegram_id_that_a_look_up_taught_is_found_by_its_beginning(
    house: House, guests: int
):
    account = await house.add_account()
    for _ in range(3):
        await house.store.audiences.idle()
    (anna,) = await house.engine.audiences.person_ids(guests, PeopleQuery("anna_k"))
    await house.store.ledger.keep_peer(account.id, anna, UserPeer(987654321, 1))
    assert await names(house, guests, text="98765") == ["anna_k"]
    await house.engine.audiences.edit_person(anna, PersonEdit("hanna_k", full_name="Ханна"))
    assert await names(house, guests, text="волкова") == []
    # SQLite compares the index with the people.
    await house.store.database.write(
        lambda db: db.execute_sql(
            "INSERT INTO people_search (people_search, rank) VALUES ('integrity-check', 1)"
        )
    )


async def test_the_index_follows_changes(house: House, guests: int):
    await house.store.audiences.idle()
    (anna,) = await house.engine.audiences.person_ids(guests, PeopleQuery("anna_k"))
    await house.engine.audiences.edit_person(anna, PersonEdit("hanna_k", full_name="Ханна"))
    assert await names(house, guests, text="волкова") == []
    assert await names(house, guests, text="ханна") == ["hanna_k"]


@pytest.mark.parametrize(
    ("sort", "descending", "order"),
    [
        (PeopleSort.POSITION, True, ["+79007654321", "boris_b", "anna_k", "zoya_z"]),
        (PeopleSort.NAME, False, ["anna_k", "boris_b", "zoya_z", "+79007654321"]),
        (PeopleSort.USERNAME, False, ["anna_k", "boris_b", "zoya_z", "+79007654321"]),
        (PeopleSort.USERNAME, True, ["zoya_z", "boris_b", "anna_k", "+79007654321"]),
        (PeopleSort.PHONE, False, ["anna_k", "+79007654321", "zoya_z", "boris_b"]),
    ],
)
async def test_people_are_sorted_and_who_has_no_such_key_is_last(
    house: House, guests: int, sort: PeopleSort, descending: bool, order: list[str]
):
    assert await names(house, guests, sort=sort, descending=descending) == order


async def test_an_export_brings_everybody_in_order(house: House, guests: int):
    found = [p.keys.username async for p in house.engine.audiences.export(guests)]
    assert found == ["zoya_z", "anna_k", "boris_b", None]


async def test_names_tags_and_basis_can_be_changed(house: House, guests: int):
    audiences = house.engine.audiences
    await audiences.rename(guests, " Webinar ")
    await audiences.set_tags(guests, ["vip", " ", "vip", "2026"])
    changed = await audiences.change_basis(guests, Basis.TEAM)
    assert (changed.name, changed.tags, changed.basis) == ("Webinar", ("vip", "2026"), Basis.TEAM)
    assert AudiencesChanged() in house.events
    with pytest.raises(KnownError, match="needs a name"):
        await audiences.rename(guests, "  ")


async def test_whose_basis_was_taken_back_nobody_is_contacted_any_more(house: House):
    account = await house.add_account()
    people = house.people(2)
    task = await house.invite_task(house.add_chat(account), people)
    await house.engine.audiences.change_basis(task.audience_id, Basis.UNKNOWN)
    with pytest.raises(KnownError, match="not known why"):
        await house.engine.tasks.start(task.id)
    await house.engine.audiences.change_basis(task.audience_id, Basis.CUSTOMERS)
    held = house.messenger(account).hold("invite")
    await house.engine.tasks.start(task.id)
    await held.reached()
    with pytest.raises(KnownError, match="is contacting these people now"):
        await house.engine.audiences.change_basis(task.audience_id, Basis.UNKNOWN)
    await house.engine.tasks.pause(task.id)
    held.release()
    await house.engine.audiences.change_basis(task.audience_id, Basis.UNKNOWN)
    with pytest.raises(KnownError, match="not known why"):
        await house.engine.tasks.resume(task.id)
    assert house.telegram.times_invited(people[1]) == 0


async def test_a_deleted_audience_can_be_brought_back(house: House, guests: int):
    await house.engine.audiences.delete(guests)
    assert await house.engine.audiences.all() == []
    restored = await house.engine.audiences.restore(guests)
    assert restored.people == 4
    assert [a.id for a in await house.engine.audiences.all()] == [guests]


async def test_an_audience_in_use_is_not_deleted(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(2))
    with pytest.raises(KnownError, match="uses this audience"):
        await house.engine.audiences.delete(task.audience_id)
    with pytest.raises(KnownError, match="uses this audience"):
        await house.engine.imports.undo(1)
    await house.engine.tasks.cancel(task.id)
    await house.engine.audiences.delete(task.audience_id)


async def test_an_import_is_undone_once(house: House, guests: int):
    report = await house.engine.imports.undo(1)
    assert report.undone_at == house.clock.now()
    assert await house.engine.audiences.all() == []
    with pytest.raises(KnownError, match="already undone"):
        await house.engine.imports.undo(1)


async def test_united_audiences_have_everybody_once(house: House):
    one, two = await of(house, "anna_k", "boris_b"), await of(house, "boris_b", "clara_c")
    made = await house.engine.audiences.unite([one, two], "All")
    assert await names(house, made.id) == ["anna_k", "boris_b", "clara_c"]
    assert (made.people, made.origin, made.basis) == (3, Origin.AUDIENCE, Basis.CUSTOMERS)
    assert len(await house.engine.imports.history()) == 2


async def test_an_unknown_basis_stays_unknown(house: House):
    one, two = await of(house, "anna_k"), await of(house, "boris_b", basis=Basis.UNKNOWN)
    assert (await house.engine.audiences.unite([one, two], "All")).basis is Basis.UNKNOWN


@pytest.mark.parametrize("turned", [False, True])
async def test_of_different_bases_the_weakest_counts_for_everybody(house: House, turned: bool):
    customers = await of(house, "anna_k")
    members = await of(house, "boris_b", basis=Basis.CHAT_MEMBERS)
    chosen = [members, customers] if turned else [customers, members]
    made = await house.engine.audiences.unite(chosen, "All")
    assert made.basis is Basis.CHAT_MEMBERS
    nobody_asked = await of(house, "clara_c", basis=Basis.UNKNOWN)
    more = await house.engine.audiences.unite([made.id, nobody_asked], "More")
    assert more.basis is Basis.UNKNOWN


async def test_subtracting_leaves_who_is_in_no_other(house: House):
    one, two = await of(house, "anna_k", "boris_b"), await of(house, "boris_b", "clara_c")
    made = await house.engine.audiences.subtract(one, [two], "Rest")
    assert await names(house, made.id) == ["anna_k"]
    with pytest.raises(KnownError, match="Nobody is left"):
        await house.engine.audiences.subtract(one, [one], "Nobody")
    assert len(await house.engine.audiences.all()) == 3


async def test_splitting_moves_people(house: House, guests: int):
    ids = await house.engine.audiences.person_ids(guests)
    split = await house.engine.audiences.split(guests, ids[1:3], "Half")
    assert await names(house, split.audience.id) == ["anna_k", "boris_b"]
    assert await names(house, guests) == ["zoya_z", "+79007654321"]


async def test_a_split_is_taken_back_exactly(house: House, guests: int):
    audiences, before = house.engine.audiences, await names(house, guests)
    split = await audiences.split(guests, (await audiences.person_ids(guests))[1:3], "Half")
    await audiences.unsplit(split)
    assert await names(house, guests) == before
    assert [audience.id for audience in await audiences.all()] == [guests]


async def test_a_split_that_fails_at_its_end_moves_nobody(
    house: House, guests: int, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_args: object) -> None:
        raise RuntimeError("the power went off")

    audiences, before = house.engine.audiences, await names(house, guests)
    monkeypatch.setattr(audience_moves, "make_hold", broken)
    with pytest.raises(RuntimeError, match="power"):
        await audiences.split(guests, (await audiences.person_ids(guests))[1:3], "Half")
    assert await names(house, guests) == before
    assert [audience.id for audience in await audiences.all()] == [guests]


async def test_an_audience_that_a_task_uses_is_not_taken_back(house: House, guests: int):
    audiences = house.engine.audiences
    split = await audiences.split(guests, (await audiences.person_ids(guests))[1:3], "Half")
    await house.engine.tasks.create(NewTask(TaskKind.MESSAGE, split.audience.id, text="Hello"))
    with pytest.raises(KnownError):
        await audiences.unsplit(split)
    assert await names(house, split.audience.id) == ["anna_k", "boris_b"]


async def test_removed_people_can_be_put_back_where_they_were(house: House, guests: int):
    ids = await house.engine.audiences.person_ids(guests)
    removed = await house.engine.audiences.remove_people(guests, ids[:2])
    assert removed.count == 2
    assert await names(house, guests) == ["boris_b", "+79007654321"]
    await house.engine.audiences.put_back(removed)
    assert await names(house, guests) == ["zoya_z", "anna_k", "boris_b", "+79007654321"]


async def test_the_people_of_a_task_by_outcome(house: House):
    account = await house.add_account()
    people = [
        *house.people(2),
        *house.people(1, "refuser", on_invite=OutcomeCode.PRIVACY),
    ]
    task = await house.invite_task(house.add_chat(account), people)
    await house.run(task)
    made = await house.engine.audiences.from_task(
        task.id, [TargetState.SKIPPED], [OutcomeCode.PRIVACY], "Refused"
    )
    assert await names(house, made.id) == ["refuser_0000"]
    assert (made.origin, made.basis) == (Origin.TASK, Basis.CUSTOMERS)
    everybody = await house.engine.audiences.from_task(task.id, [], [], "All")
    assert everybody.people == 3


async def test_a_person_tells_her_sources_tasks_and_history(house: House):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(1))
    await house.run(task)
    await house.audience([row(7, "GUEST_0000", full_name="Guest")])
    (person_id,) = await house.engine.audiences.person_ids(task.audience_id)
    detail = await house.engine.audiences.detail(person_id)
    assert [(s.number, s.file, s.kind.value) for s in detail.sources] == [
        (7, "test.csv", "updated"),
        (1, "test.csv", "new"),
    ]
    (place,) = detail.tasks
    assert (place.task_id, place.state) == (task.id, TargetState.JOINED)
    rows = await house.engine.audiences.history(person_id)
    assert [r.attempt.outcome for r in rows] == [OutcomeCode.INVITED, OutcomeCode.FOUND]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (PersonEdit(), "needs a username"),
        (PersonEdit("1anna"), "not a Telegram username"),
        (PersonEdit(phone="call me"), "not a phone number"),
        (PersonEdit(telegram_id="-100123"), "not the Telegram ID"),
    ],
)
async def test_a_key_that_is_none_is_refused_in_words(
    house: House, guests: int, edit: PersonEdit, words: str
):
    (person_id, *_) = await house.engine.audiences.person_ids(guests)
    with pytest.raises(KnownError, match=words):
        await house.engine.audiences.edit_person(person_id, edit)


async def test_an_edit_that_meets_somebody_makes_one_person(house: House, guests: int):
    zoya, anna, *_ = await house.engine.audiences.person_ids(guests)
    edit = PersonEdit("@zoya_z", phone="+79001234567", full_name="Zoya", extra={"a": "b", "c": ""})
    assert [p.id for p in await house.engine.audiences.meets(zoya, edit)] == [anna]
    edited = await house.engine.audiences.edit_person(zoya, edit)
    assert edited.keys == PersonKeys("zoya_z", "+79001234567")
    assert (edited.full_name, edited.extra) == ("Zoya", {"a": "b"})
    assert await names(house, guests) == ["zoya_z", "boris_b", "+79007654321"]
    detail = await house.engine.audiences.detail(anna)
    assert detail.person.id == zoya
    assert [value for _, value in detail.other_keys] == ["anna_k"]


async def test_an_edit_does_not_take_anybody_off_the_list(house: House, guests: int):
    zoya, *_ = await house.engine.audiences.person_ids(guests)
    await house.engine.do_not_contact.add_person(zoya, "stop")
    await house.engine.audiences.edit_person(zoya, PersonEdit("zoya_new"))
    assert (await house.engine.audiences.use_of(guests, None)).opted_out == 1


async def test_who_was_met_under_a_wrong_name_is_not_contacted_under_the_right_one(house: House):
    account = await house.add_account()
    (stranger,), (meant,) = house.people(1, "wrong"), house.people(1, "right")
    task = await house.invite_task(house.add_chat(account), [stranger])
    held = house.messenger(account).hold("membership")
    await house.engine.tasks.start(task.id)
    await held.reached()
    (target,) = await house.targets(task)
    edit = PersonEdit(meant.username, telegram_id=str(stranger.user_id))
    with pytest.raises(KnownError, match="is contacting this person"):
        await house.engine.audiences.edit_person(target.person.id, edit)
    await house.engine.tasks.pause(task.id)
    held.release()
    await settle(50)
    await house.engine.audiences.edit_person(target.person.id, edit)
    await house.engine.tasks.resume(task.id)
    await house.idle(task)
    assert house.telegram.times_invited(stranger) == 0
    assert house.telegram.times_invited(meant) == 1


async def test_who_was_contacted_stays_the_same_human(house: House):
    account = await house.add_account()
    (guest,) = house.people(1)
    task = await house.invite_task(house.add_chat(account), [guest])
    await house.run(task)
    (target,) = await house.targets(task)
    for telegram_id in ("", "777"):
        edit = PersonEdit("somebody_else", telegram_id=telegram_id)
        with pytest.raises(KnownError, match="was contacted already"):
            await house.engine.audiences.edit_person(target.person.id, edit)
    renamed = PersonEdit("guest_renamed", telegram_id=str(guest.user_id))
    await house.engine.audiences.edit_person(target.person.id, renamed)
    letters = await house.message_task([PersonRow(1, PersonKeys("guest_renamed"))], "Hello")
    await house.run(letters)
    assert house.telegram.times_written_to(guest) == 1


@pytest.mark.parametrize(
    ("kind", "text", "fits"),
    [
        (KeyKind.USERNAME, "", True),
        (KeyKind.USERNAME, "https://t.me/anna_k", True),
        (KeyKind.USERNAME, "@a", False),
        (KeyKind.PHONE, "+79001234567", True),
        (KeyKind.PHONE, "12", False),
        (KeyKind.TELEGRAM_ID, "77", True),
        (KeyKind.TELEGRAM_ID, "-100123", False),
    ],
)
async def test_a_key_is_judged_while_it_is_typed(
    house: House, kind: KeyKind, text: str, fits: bool
):
    problem = house.engine.audiences.problem_with(kind, text)
    assert (problem is None) is fits


async def test_a_person_who_is_gone_is_spoken_of_in_words(house: House):
    with pytest.raises(KnownError, match="no longer here"):
        await house.engine.audiences.detail(12345)


async def test_many_removed_people_are_put_back_where_they_were(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(audience_moves, "PEOPLE_AT_ONCE", 2)
    guests = await of(house, "zoya_z", "anna_k", "boris_b", "vera_v", "gleb_g")
    everybody = await house.engine.audiences.person_ids(guests)
    removed = await house.engine.audiences.remove_people(guests, everybody)
    assert await names(house, guests) == []
    await house.engine.audiences.put_back(removed)
    assert await names(house, guests) == ["zoya_z", "anna_k", "boris_b", "vera_v", "gleb_g"]
