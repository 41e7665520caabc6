"""A password opens every workstation of the practice, and changes nowhere by a device's word alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from argon2 import PasswordHasher

from app.access import credentials
from app.access.commands import create_staff, set_password
from app.access.sign_in import Gatekeeper, SignInRefused
from app.core.errors import RuleViolation, Unreachable
from app.core.permissions import Role
from app.core.secret import Secret
from sync.client.channel import Channel, ServerClock
from sync.client.passwords import ServerPasswords
from sync.protocol.passwords import Verifier, Verifiers
from sync.protocol.signing import Signer
from tests.sync.proxy import Fault
from tests.sync.served import Chairs

OLD, NEW = "trois chats gris dorment", "huit bateaux sur le fleuve"


@pytest.fixture
def chairs(tmp_path: Path) -> Iterator[Chairs]:
    made = Chairs(tmp_path)
    made.karim = made.run("A", create_staff, "karim", "Karim Haddad", [Role.FRONT_DESK], Secret(OLD))
    yield made
    made.close()


def passwords(chairs: Chairs, name: str) -> ServerPasswords:
    return ServerPasswords(chairs.places[name].runner, chairs.connection(name), chairs.keys[name])


def channel(chairs: Chairs, name: str) -> Channel:
    return Channel(chairs.connection(name), Signer(chairs.places[name].device, chairs.keys[name]), ServerClock())


def hand_on(chairs: Chairs, name: str) -> bool:
    with closing(channel(chairs, name)) as line:
        return passwords(chairs, name).hand_on(line)


def level(chairs: Chairs) -> None:
    for name in ("A", "B", "A"):
        assert chairs.sync(name).done


def gate(chairs: Chairs, name: str) -> Gatekeeper:
    return Gatekeeper(chairs.places[name].runner, passwords(chairs, name))


def test_a_password_of_one_workstation_opens_another(chairs: Chairs) -> None:
    level(chairs)
    with pytest.raises(SignInRefused):
        gate(chairs, "B").sign_in("karim", Secret(OLD))
    assert hand_on(chairs, "A")
    assert gate(chairs, "B").sign_in("karim", Secret(OLD)).staff_id
    with pytest.raises(SignInRefused):
        gate(chairs, "B").sign_in("karim", Secret(NEW))
    chairs.proxies["B"].fault = Fault.CUT
    assert gate(chairs, "B").sign_in("karim", Secret(OLD)).staff_id, "the second time needs no server"


def test_a_new_password_makes_the_old_one_worthless_everywhere(chairs: Chairs) -> None:
    level(chairs)
    hand_on(chairs, "A")
    gate(chairs, "B").sign_in("karim", Secret(OLD))
    chairs.run("A", set_password, chairs.karim, Secret(NEW))
    assert not hand_on(chairs, "A"), "the change has not reached the server yet"
    level(chairs)
    with pytest.raises(SignInRefused):
        gate(chairs, "B").sign_in("karim", Secret(OLD))
    assert hand_on(chairs, "A")
    gate(chairs, "B").sign_in("karim", Secret(NEW))
    chairs.proxies["B"].fault = Fault.CUT
    with pytest.raises(SignInRefused):
        gate(chairs, "B").sign_in("karim", Secret(OLD))


def test_who_never_signed_in_here_needs_the_server(chairs: Chairs) -> None:
    level(chairs)
    hand_on(chairs, "A")
    chairs.proxies["B"].fault = Fault.CUT
    with pytest.raises(Unreachable):
        gate(chairs, "B").sign_in("karim", Secret(OLD))


def test_a_device_alone_changes_nobodys_password(chairs: Chairs) -> None:
    level(chairs)
    hand_on(chairs, "A")
    known = chairs.rows("S", "SELECT id, password_hash, password_set_at FROM credential ORDER BY id")
    forged = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("motdepasse du voleur")
    (boss, set_at), *_others = chairs.rows("S", "SELECT id, credential_changed_at FROM staff WHERE username = 'boss'")
    tries = [
        Verifier(boss, set_at + 1, forged), Verifier(boss, 1 << 50, forged), Verifier(boss, set_at, "no hash"),
        Verifier("nobody", set_at, forged), Verifier(boss, set_at, forged),
    ]  # fmt: skip
    with closing(channel(chairs, "B")) as line:
        body = msgspec.json.encode(Verifiers(tuple(tries)))
        answer = line.ask("PUT", f"/v1/practices/{chairs.practice.id}/passwords", body)
    assert answer.status == 200
    assert forged not in answer.body.decode()
    assert chairs.rows("S", "SELECT id, password_hash, password_set_at FROM credential ORDER BY id") == known


def test_wrong_tries_are_slowed_down_for_the_person_whichever_device(chairs: Chairs) -> None:
    level(chairs)
    hand_on(chairs, "A")
    asking = [passwords(chairs, name) for name in ("A", "B")]
    for number in range(credentials.FREE_FAILURES):
        assert not asking[number % 2].confirms("karim", Secret("faux" * 4))
    with pytest.raises(RuleViolation, match="Too many tries"):
        asking[1].confirms("karim", Secret(OLD))


def test_no_hash_travels_as_an_operation(chairs: Chairs) -> None:
    level(chairs)
    hand_on(chairs, "A")
    for name in ("A", "B", "S"):
        assert chairs.rows(name, "SELECT 1 FROM change WHERE delta LIKE '%argon2%'") == []
    assert chairs.rows("B", "SELECT 1 FROM credential") == []
