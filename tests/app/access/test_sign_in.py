"""Signing in, locking, unlocking, confirming, on a real folder."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.access import credentials
from app.access.commands import (
    deactivate_staff,
    lift_sign_in_delay,
    remove_pin,
    set_password,
    set_pin,
)
from app.access.confirmation import ConfirmationNeeded, require_confirmation, require_signature
from app.access.queries import sign_in_screen
from app.access.sessions import PIN_TRIES, PinState, SessionState
from app.access.sign_in import (
    Gatekeeper,
    OfflineTooLong,
    PinRefused,
    SessionClosed,
    SignedIn,
    SignInRefused,
    TooManyTries,
)
from app.core.clock import to_millis
from app.core.errors import NotFound, PermissionDenied, RuleViolation, Unreachable
from app.core.secret import Secret
from app.journal.commands import Command
from app.journal.operations import SERVER_CONTACT
from app.journal.queries import NOBODY, Actor
from app.journal.runner import Runner
from app.journal.settings_store import change_setting
from tests.app.access.conftest import CLAIRE, JULIE, MARIE, PIN, Team

Log = Callable[[], list[tuple[str | None, str, str | None]]]
Later = Callable[[timedelta], None]
CONFIRM = Command(require_confirmation, None, "")
SIGN = Command(require_signature, None, "")


def kinds(log: Log) -> list[str]:
    return [kind for _actor, kind, _detail in log()]


@pytest.fixture
def signed_in(gate: Gatekeeper, runner: Runner, team: Team) -> SignedIn:
    """Claire, with a PIN."""
    opened = gate.sign_in("claire", Secret(CLAIRE))
    runner.run(opened.actor, set_pin, credentials.prepared(Secret(PIN)))
    return opened


def test_sign_in_gives_an_actor_with_rights_and_session(gate: Gatekeeper, team: Team, log: Log) -> None:
    opened = gate.sign_in("  CLAIRE ", Secret(CLAIRE))
    assert opened.actor.id == team.claire
    assert opened.actor.session == opened.session_id
    assert "manage_staff" in opened.actor.permissions
    assert not opened.must_change_password
    assert log()[-1] == (team.claire, "sign_in", None)


def test_unknown_name_and_wrong_password_are_answered_alike(gate: Gatekeeper, team: Team, log: Log) -> None:
    answers = []
    for name in ("claire", "nobody here"):
        for _ in range(3):
            with pytest.raises(SignInRefused) as refused:
                gate.sign_in(name, Secret("not the password"))
            answers.append((str(refused.value), refused.value.field))
        with pytest.raises(TooManyTries) as throttled:
            gate.sign_in(name, Secret("not the password"))
        answers.append((str(throttled.value), str(throttled.value.wait)))
    assert answers[:4] == answers[4:]
    failed = [entry for entry in log() if entry[1] in {"sign_in_failed", "refused"}]
    assert failed == [
        *[(team.claire, "sign_in_failed", None)] * 3, (team.claire, "refused", "too_many_tries"),
        *[(None, "sign_in_failed", None)] * 3, (None, "refused", "too_many_tries"),
    ]  # fmt: skip


def test_an_unknown_name_costs_a_hash_too(gate: Gatekeeper, team: Team) -> None:
    verified: list[str] = []

    class Counting(credentials.Argon2Hasher):
        def verify(self, phc: str, secret: str) -> bool:
            verified.append(phc)
            return super().verify(phc, secret)

    credentials.use_hasher(Counting())
    for name in ("claire", "nobody here", "karim"):
        with pytest.raises(SignInRefused):
            gate.sign_in(name, Secret("not the password"))
    assert len(verified) == 3
    assert verified[1] == verified[2] == credentials.DECOY


def test_the_decoy_never_opens(gate: Gatekeeper, team: Team) -> None:
    class Gullible(credentials.Argon2Hasher):
        def verify(self, phc: str, secret: str) -> bool:
            return True

    credentials.use_hasher(Gullible())
    for name in ("nobody here", "karim"):
        with pytest.raises(SignInRefused):
            gate.sign_in(name, Secret("whatever it may be"))


def test_waiting_then_the_right_password_forgets_the_failures(gate: Gatekeeper, team: Team, later: Later) -> None:
    for _ in range(3):
        with pytest.raises(SignInRefused):
            gate.sign_in("claire", Secret("wrong"))
    with pytest.raises(TooManyTries):
        gate.sign_in("claire", Secret(CLAIRE))
    later(timedelta(seconds=5))
    gate.sign_in("claire", Secret(CLAIRE))
    with pytest.raises(SignInRefused):
        gate.sign_in("claire", Secret("wrong"))
    gate.sign_in("claire", Secret(CLAIRE))


def test_the_wait_doubles(gate: Gatekeeper, team: Team, later: Later) -> None:
    waits = []
    for _ in range(2):
        with pytest.raises(SignInRefused):
            gate.sign_in("claire", Secret("wrong"))
    for _ in range(5):
        with pytest.raises(SignInRefused):
            gate.sign_in("claire", Secret("wrong"))
        with pytest.raises(TooManyTries) as throttled:
            gate.sign_in("claire", Secret("wrong"))
        waits.append(throttled.value.wait.seconds)
        later(throttled.value.wait)
    assert waits == [5, 10, 20, 40, 80]


def test_many_tries_at_once_gain_nothing(gate: Gatekeeper, team: Team) -> None:
    checked: list[str] = []

    class Counting(credentials.Argon2Hasher):
        def verify(self, phc: str, secret: str) -> bool:
            checked.append(secret)
            return False

    credentials.use_hasher(Counting())

    def attempt() -> None:
        with pytest.raises((SignInRefused, TooManyTries)):
            gate.sign_in("claire", Secret("wrong"))

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(checked) == credentials.FREE_FAILURES


def test_a_manager_lifts_the_delay(gate: Gatekeeper, runner: Runner, team: Team, claire: Actor, log: Log) -> None:
    for _ in range(3):
        with pytest.raises(SignInRefused):
            gate.sign_in("julie", Secret("wrong"))
    runner.run(claire, lift_sign_in_delay, team.julie)
    assert gate.sign_in("julie", Secret(JULIE)).must_change_password
    assert (team.claire, "delay_lifted", team.julie) in log()


def test_somebody_who_left_learns_so_only_with_the_right_password(
    gate: Gatekeeper, runner: Runner, team: Team, claire: Actor, log: Log
) -> None:
    runner.run(claire, deactivate_staff, team.julie)
    with pytest.raises(SignInRefused):
        gate.sign_in("julie", Secret("wrong"))
    with pytest.raises(RuleViolation, match="This account is closed"):
        gate.sign_in("julie", Secret(JULIE))
    assert (team.julie, "refused", "inactive") in log()


def test_an_old_password_hash_is_made_anew(gate: Gatekeeper, runner: Runner, team: Team) -> None:
    before = stored(runner, team.claire)
    credentials.use_hasher()
    gate.sign_in("claire", Secret(CLAIRE))
    after = stored(runner, team.claire)
    assert before != after
    assert after.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    gate.sign_in("claire", Secret(CLAIRE))
    assert stored(runner, team.claire) == after


def stored(runner: Runner, staff_id: str) -> str:
    with runner.read(NOBODY) as read:
        return str(read.sql("SELECT password_hash FROM credential WHERE id = :id", id=staff_id)[0][0])


def test_lock_and_pin(gate: Gatekeeper, signed_in: SignedIn, log: Log) -> None:
    gate.lock(signed_in.session_id)
    assert gate.state(signed_in.session_id) is SessionState.LOCKED
    with pytest.raises(SessionClosed):
        gate.signed_in(signed_in.session_id)
    back = gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    assert back.session_id == signed_in.session_id
    assert back.has_pin
    assert gate.state(signed_in.session_id) is SessionState.OPEN
    assert kinds(log)[-4:] == ["sign_in", "pin_set", "lock", "unlock"]


def test_the_screen_locks_by_itself_and_a_touch_keeps_it_open(
    gate: Gatekeeper, signed_in: SignedIn, later: Later
) -> None:
    for _ in range(3):
        later(timedelta(minutes=3))
        gate.seen(signed_in.session_id)
    assert gate.state(signed_in.session_id) is SessionState.OPEN
    later(timedelta(minutes=4))
    assert gate.state(signed_in.session_id) is SessionState.LOCKED
    gate.seen(signed_in.session_id)
    assert gate.state(signed_in.session_id) is SessionState.LOCKED, "a touch does not unlock"


def test_the_auto_lock_follows_the_setting(gate: Gatekeeper, runner: Runner, signed_in: SignedIn, later: Later) -> None:
    runner.run(signed_in.actor, change_setting, "auto_lock_minutes", "60")
    later(timedelta(minutes=59))
    assert gate.state(signed_in.session_id) is SessionState.OPEN
    for wrong in ("0", "61"):
        with pytest.raises(RuleViolation):
            runner.run(signed_in.actor, change_setting, "auto_lock_minutes", wrong)


def test_five_wrong_pins_then_the_password(gate: Gatekeeper, signed_in: SignedIn, log: Log) -> None:
    gate.lock(signed_in.session_id)
    states = []
    for _ in range(PIN_TRIES + 1):
        with pytest.raises(PinRefused) as refused:
            gate.unlock_with_pin(signed_in.session_id, Secret("846193"))
        states.append(refused.value.state)
    assert states == [PinState.READY] * 4 + [PinState.TOO_MANY_TRIES] * 2
    with pytest.raises(PinRefused, match="Five wrong PINs"):
        gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    gate.unlock_with_password(signed_in.session_id, Secret(CLAIRE))
    gate.lock(signed_in.session_id)
    gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    failed = [detail for _actor, kind, detail in log() if kind == "pin_failed"]
    assert failed == ["1/5", "2/5", "3/5", "4/5", "5/5", "too_many_tries", "too_many_tries"]


def test_a_right_pin_starts_the_count_afresh(gate: Gatekeeper, signed_in: SignedIn) -> None:
    for _ in range(3):
        for _ in range(PIN_TRIES - 1):
            with pytest.raises(PinRefused):
                gate.unlock_with_pin(signed_in.session_id, Secret("846193"))
        gate.unlock_with_pin(signed_in.session_id, Secret(PIN))


def test_a_pin_serves_only_within_12_hours_of_the_password(
    gate: Gatekeeper, runner: Runner, signed_in: SignedIn, claire: Actor, later: Later
) -> None:
    runner.run(claire, change_setting, "session_hours", "24")
    later(timedelta(hours=12))
    gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    later(timedelta(minutes=1))
    with pytest.raises(PinRefused) as refused:
        gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    assert refused.value.state is PinState.PASSWORD_NEEDED
    gate.unlock_with_password(signed_in.session_id, Secret(CLAIRE))
    gate.unlock_with_pin(signed_in.session_id, Secret(PIN))


def test_a_session_ends_after_its_hours(gate: Gatekeeper, signed_in: SignedIn, later: Later) -> None:
    later(timedelta(hours=12, minutes=1))
    assert gate.state(signed_in.session_id) is SessionState.EXPIRED
    for unlock, secret in ((gate.unlock_with_pin, PIN), (gate.unlock_with_password, CLAIRE)):
        with pytest.raises(SessionClosed):
            unlock(signed_in.session_id, Secret(secret))


def test_a_pin_opens_no_session_after_sign_out(gate: Gatekeeper, signed_in: SignedIn, log: Log) -> None:
    gate.sign_out(signed_in.session_id)
    with pytest.raises(SessionClosed):
        gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    assert kinds(log)[-1] == "sign_out"
    with pytest.raises(NotFound):
        gate.unlock_with_pin("no such session", Secret(PIN))


def test_a_second_sign_in_ends_the_first(gate: Gatekeeper, signed_in: SignedIn) -> None:
    second = gate.sign_in("claire", Secret(CLAIRE))
    assert gate.state(signed_in.session_id) is SessionState.ENDED
    assert gate.state(second.session_id) is SessionState.OPEN


def test_sessions_left_open_are_locked_at_start(gate: Gatekeeper, runner: Runner, signed_in: SignedIn) -> None:
    Gatekeeper(runner).lock_all()
    assert gate.state(signed_in.session_id) is SessionState.LOCKED


def test_two_people_share_a_workstation(gate: Gatekeeper, runner: Runner, team: Team, signed_in: SignedIn) -> None:
    gate.lock(signed_in.session_id)
    marie = gate.sign_in("m.gagnon", Secret(MARIE))
    here = runner.ask(NOBODY, sign_in_screen).people
    assert [(person.display_name, bool(person.session_id), person.pin) for person in here] == [
        ("Claire Brunet", True, PinState.READY),
        ("Julie Roy", False, PinState.NOT_SET),
        ("Karim Benali", False, PinState.NOT_SET),
        ("Marie Gagnon", True, PinState.NOT_SET),
    ], "by name: who has a session does not move the tiles"
    gate.lock(marie.session_id)
    assert gate.unlock_with_pin(here[0].session_id, Secret(PIN)).actor.id == team.claire
    with pytest.raises(PinRefused):
        gate.unlock_with_pin(marie.session_id, Secret(PIN))


def test_the_sign_in_screen_is_told(gate: Gatekeeper, runner: Runner, team: Team) -> None:
    _answer, tables = runner.ask_with_tables(NOBODY, sign_in_screen)
    told: list[bool] = []
    runner.subscribe(lambda changes: told.append(changes.touches(tables)))
    opened = gate.sign_in("claire", Secret(CLAIRE))
    runner.run(opened.actor, set_pin, Secret(PIN))
    gate.lock(opened.session_id)
    gate.unlock_with_pin(opened.session_id, Secret(PIN))
    gate.sign_out(opened.session_id)
    assert told == [True] * 6, "in, PIN set, lock, PIN tried, unlock, out"


def test_pins_can_be_switched_off(gate: Gatekeeper, runner: Runner, signed_in: SignedIn) -> None:
    runner.run(signed_in.actor, change_setting, "pin_allowed", "false")
    with pytest.raises(PinRefused) as refused:
        gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    assert refused.value.state is PinState.NOT_ALLOWED
    with pytest.raises(RuleViolation):
        runner.run(signed_in.actor, set_pin, Secret("908172"))


def test_a_pin_needs_a_fresh_password_and_is_checked(
    gate: Gatekeeper, runner: Runner, signed_in: SignedIn, later: Later
) -> None:
    with pytest.raises(RuleViolation):
        runner.run(signed_in.actor, set_pin, Secret("123456"))
    later(timedelta(minutes=3))
    with pytest.raises(ConfirmationNeeded):
        runner.run(signed_in.actor, set_pin, Secret("908172"))
    runner.run(signed_in.actor, remove_pin)
    with pytest.raises(PinRefused) as refused:
        gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    assert refused.value.state is PinState.NOT_SET


def test_confirming_identity_opens_two_minutes(
    gate: Gatekeeper, runner: Runner, signed_in: SignedIn, later: Later, log: Log
) -> None:
    later(timedelta(minutes=3))
    with pytest.raises(ConfirmationNeeded):
        runner.run(signed_in.actor, CONFIRM)
    with pytest.raises(SignInRefused):
        gate.confirm_identity(signed_in.session_id, Secret("wrong"))
    until = gate.confirm_identity(signed_in.session_id, Secret(CLAIRE))
    assert until - runner.clock.now() == timedelta(minutes=2)
    runner.run(signed_in.actor, CONFIRM)
    later(timedelta(minutes=2, seconds=1))
    with pytest.raises(ConfirmationNeeded):
        runner.run(signed_in.actor, CONFIRM)
    assert kinds(log)[-2:] == ["confirm_failed", "confirm"]


def test_a_pin_confirms_while_it_opens_the_screen(
    gate: Gatekeeper, runner: Runner, signed_in: SignedIn, later: Later, log: Log
) -> None:
    later(timedelta(minutes=3))
    with pytest.raises(PinRefused) as refused:
        gate.confirm_with_pin(signed_in.session_id, Secret("908173"))
    assert refused.value.state is PinState.READY
    until = gate.confirm_with_pin(signed_in.session_id, Secret(PIN))
    assert until - runner.clock.now() == timedelta(minutes=2)
    runner.run(signed_in.actor, CONFIRM)
    assert kinds(log)[-2:] == ["pin_failed", "confirm"]
    gate.lock(signed_in.session_id)
    with pytest.raises(SessionClosed):
        gate.confirm_with_pin(signed_in.session_id, Secret(PIN))
    gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    later(timedelta(hours=13))
    with pytest.raises((PinRefused, SessionClosed)):
        gate.confirm_with_pin(signed_in.session_id, Secret(PIN))


def test_unlocking_by_pin_confirms_nothing_and_a_lock_forgets(
    gate: Gatekeeper, runner: Runner, signed_in: SignedIn
) -> None:
    runner.run(signed_in.actor, CONFIRM)
    gate.lock(signed_in.session_id)
    gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    with pytest.raises(ConfirmationNeeded):
        runner.run(signed_in.actor, CONFIRM)


def test_a_confirmation_serves_nobody_else(
    gate: Gatekeeper, runner: Runner, team: Team, signed_in: SignedIn, claire: Actor
) -> None:
    marie = runner.actor("m.gagnon")
    with pytest.raises(ConfirmationNeeded):
        runner.run(Actor(marie.id, marie.name, marie.permissions, signed_in.session_id), CONFIRM)
    with pytest.raises(ConfirmationNeeded):
        runner.run(claire, CONFIRM)


def test_a_temporary_password_signs_nothing(gate: Gatekeeper, runner: Runner, team: Team) -> None:
    marie = gate.sign_in("m.gagnon", Secret(MARIE))
    assert marie.must_change_password
    with pytest.raises(RuleViolation, match="password of your own"):
        runner.run(marie.actor, SIGN)
    gate.change_password(marie.session_id, Secret(MARIE), Secret("neuf goélands sur le quai"))
    runner.run(marie.actor, SIGN)
    assert not gate.sign_in("m.gagnon", Secret("neuf goélands sur le quai")).must_change_password


def test_changing_the_password_needs_the_present_one(gate: Gatekeeper, runner: Runner, signed_in: SignedIn) -> None:
    with pytest.raises(SignInRefused):
        gate.change_password(signed_in.session_id, Secret("wrong"), Secret("neuf goélands sur le quai"))
    with pytest.raises(RuleViolation) as weak:
        gate.change_password(signed_in.session_id, Secret(CLAIRE), Secret("clairebrunet"))
    assert weak.value.field == "password"
    gate.change_password(signed_in.session_id, Secret(CLAIRE), Secret("neuf goélands sur le quai"))
    gate.sign_out(signed_in.session_id)
    with pytest.raises(SignInRefused):
        gate.sign_in("claire", Secret(CLAIRE))
    gate.sign_in("claire", Secret("neuf goélands sur le quai"))


def test_own_password_without_confirmation_is_refused(runner: Runner, team: Team, claire: Actor) -> None:
    with pytest.raises(ConfirmationNeeded):
        runner.run(claire, set_password, team.claire, Secret("neuf goélands sur le quai"))


def test_a_colleagues_password_needs_the_right_and_ends_their_sessions(
    gate: Gatekeeper, runner: Runner, team: Team, claire: Actor
) -> None:
    julie = gate.sign_in("julie", Secret(JULIE))
    with pytest.raises(PermissionDenied):
        runner.run(julie.actor, set_password, team.karim, Secret("neuf goélands sur le quai"))
    with pytest.raises(PermissionDenied):
        runner.run(NOBODY, set_password, team.karim, Secret("neuf goélands sur le quai"))
    runner.run(claire, set_password, team.julie, Secret("neuf goélands sur le quai"))
    assert gate.state(julie.session_id) is SessionState.ENDED
    assert gate.sign_in("julie", Secret("neuf goélands sur le quai")).must_change_password


def test_a_colleagues_new_password_drops_their_pin(
    gate: Gatekeeper, runner: Runner, team: Team, signed_in: SignedIn, later: Later
) -> None:
    gate.change_password(signed_in.session_id, Secret(CLAIRE), Secret("neuf goélands sur le quai"))
    gate.unlock_with_pin(signed_in.session_id, Secret(PIN))
    runner.run(runner.actor("m.gagnon"), set_password, team.claire, Secret("sept renards roux courent"))
    assert not gate.sign_in("claire", Secret("sept renards roux courent")).has_pin


def test_who_may_not_manage_roles_sets_no_password_of_someone_with_more_rights(
    runner: Runner, team: Team, claire: Actor
) -> None:
    from app.access.commands import set_role_permission
    from app.core.permissions import Role

    runner.run(claire, set_role_permission, Role.FRONT_DESK, "manage_staff", True)
    julie = runner.actor("julie")
    with pytest.raises(PermissionDenied) as refused:
        runner.run(julie, set_password, team.marie, Secret("neuf goélands sur le quai"))
    assert refused.value.permission == "manage_roles"


def test_deactivation_ends_the_sessions_here(gate: Gatekeeper, runner: Runner, team: Team, claire: Actor) -> None:
    julie = gate.sign_in("julie", Secret(JULIE))
    runner.run(claire, deactivate_staff, team.julie)
    assert gate.state(julie.session_id) is SessionState.ENDED
    with pytest.raises(SessionClosed):
        gate.signed_in(julie.session_id)


def test_rights_taken_away_are_gone_at_the_next_look(
    gate: Gatekeeper, runner: Runner, team: Team, claire: Actor
) -> None:
    from app.access.commands import set_role_permission
    from app.core.permissions import Role

    julie = gate.sign_in("julie", Secret(JULIE))
    assert "see_staff" in julie.actor.permissions
    runner.run(claire, set_role_permission, Role.FRONT_DESK, "see_staff", False)
    again = gate.signed_in(julie.session_id)
    assert "see_staff" not in again.actor.permissions
    assert again.actor.session == julie.session_id


class Server:
    """Another machine that knows one password."""

    def __init__(self, password: str) -> None:
        self.password = password
        self.reachable = True
        self.asked = 0

    def confirms(self, username: str, password: Secret) -> bool:
        self.asked += 1
        if not self.reachable:
            raise Unreachable("The server does not answer.")
        return password.reveal() == self.password


def test_a_password_set_elsewhere_is_confirmed_by_the_server_once(runner: Runner, team: Team) -> None:
    server = Server("neuf goélands sur le quai")
    gate = Gatekeeper(runner, server)
    with pytest.raises(SignInRefused):
        gate.sign_in("karim", Secret("wrong"))
    server.reachable = False
    with pytest.raises(Unreachable):
        gate.sign_in("karim", Secret(server.password))
    server.reachable = True
    gate.sign_in("karim", Secret(server.password))
    asked = server.asked
    server.reachable = False
    gate.sign_in("karim", Secret(server.password))
    assert server.asked == asked, "the second time needs no server"


def test_without_the_server_a_password_counts_for_some_days_only(runner: Runner, team: Team, later: Later) -> None:
    server = Server(CLAIRE)
    gate = Gatekeeper(runner, server)
    heard = str(to_millis(runner.clock.now()))
    runner.database.raw().execute("INSERT INTO journal_state VALUES(?, ?)", (SERVER_CONTACT, heard))
    server.reachable = False
    later(timedelta(days=7))
    gate.sign_in("claire", Secret(CLAIRE))
    later(timedelta(minutes=1))
    with pytest.raises(OfflineTooLong):
        gate.sign_in("claire", Secret(CLAIRE))
    server.reachable = True
    gate.sign_in("claire", Secret(CLAIRE))
    server.password = "un autre mot depuis hier"
    with pytest.raises(SignInRefused):
        gate.sign_in("claire", Secret(CLAIRE))
    later(timedelta(days=-30))
    server.reachable = False
    with pytest.raises(OfflineTooLong):
        gate.sign_in("claire", Secret(CLAIRE))


def test_a_password_changed_elsewhere_makes_the_one_here_worthless(runner: Runner, team: Team, later: Later) -> None:
    later(timedelta(hours=1))
    runner.database.raw().execute(
        "UPDATE staff SET credential_changed_at = ? WHERE id = ?",
        (int(runner.clock.now().timestamp() * 1000), team.claire),
    )
    with pytest.raises(SignInRefused):
        Gatekeeper(runner).sign_in("claire", Secret(CLAIRE))
    server = Server("neuf goélands sur le quai")
    Gatekeeper(runner, server).sign_in("claire", Secret(server.password))
    Gatekeeper(runner).sign_in("claire", Secret(server.password))
