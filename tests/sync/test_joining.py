"""A computer joins by a code, over TLS; what it fetches is its own; once revoked, it can read nothing any more."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
import sqlcipher3.dbapi2 as sqlcipher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.access.commands import create_first_administrator, create_staff
from app.access.model import Credential
from app.core.database import connect
from app.core.errors import IntegrityFailure, NotFound, PermissionDenied, RuleViolation, UsageError
from app.core.ids import new_id
from app.core.permissions import Role
from app.core.secret import Secret
from app.devices.codes import Code
from app.devices.commands import invite_device, rename_device, revoke_device, withdraw_invitation
from app.devices.model import WorkstationId
from app.devices.queries import open_invitations, workstations
from app.journal.digest import digest
from app.journal.queries import NOBODY, SYSTEM, Actor
from app.journal.records import REGISTRY, Merge
from app.journal.workplace import Workplace, open_workplace
from app.patients.commands import create_patient
from sync.client.channel import Channel, ServerClock
from sync.client.connection import device_key, read_connection
from sync.client.engine import Engine, Standing
from sync.client.joining import CodeNotTaken, Joined, join_practice
from sync.client.store import ClientStore
from sync.client.wiping import wipe
from sync.protocol.enrolment import Copy, opening_key
from sync.protocol.messages import Hello, HelloReply, Must, Page, Push, PushReply, Reply, Request
from sync.protocol.packing import run_of
from sync.protocol.sealing import SealedStream, unwrap_key
from sync.protocol.signing import Signer
from sync.protocol.snapshot import SnapshotReader
from sync.server.certificates import fingerprint
from sync.server.enrolment import note_whereabouts
from sync.server.http.routes import enrolment
from tests.sync.served import Served, served

BOSS = Actor("boss", "Boss", everything=True)
PASSWORD = "le lilas fleurit en mai"


def quiet(message: str, **values: Any) -> None:
    """Nobody reads along."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    """A server over a practice that has somebody and some patients."""
    with served(tmp_path) as made:
        runner = made.practice.workplace.runner
        note_whereabouts(runner, f"127.0.0.1:{made.serving.port}", fingerprint(made.serving.authority))
        runner.run(NOBODY, create_first_administrator, "claire", "Claire Brunet", Secret(PASSWORD))
        runner.run(BOSS, create_staff, "karim", "Karim Haddad", [Role.FRONT_DESK])
        for given in ("Olivia", "Hugo", "Léa"):
            runner.run(BOSS, create_patient, "Lavoie", given)
        enrolment._tries._buckets.clear()
        yield made


def invitation(server: Served, minutes: int = 10) -> str:
    return server.practice.workplace.runner.run(BOSS, invite_device, "Salle 2", minutes)


def joined(server: Served, folder: Path) -> Joined:
    return join_practice(folder, invitation(server), "", quiet)


def digest_of(workplace: Workplace) -> str:
    with workplace.runner.read(SYSTEM) as read:
        return digest(run_of(read))


def channel_of(folder: Path) -> Channel:
    connection = read_connection(folder)
    assert connection is not None
    return Channel(connection, Signer(connection.device, device_key(folder)), ServerClock())


def reply(channel: Channel, base: str, request: Request) -> Reply:
    if isinstance(request, Hello | Push):
        verb, kind = ("hello", HelloReply) if isinstance(request, Hello) else ("push", PushReply)
        answer = channel.ask("POST", f"{base}/sync/{verb}", msgspec.json.encode(request))
        return msgspec.json.decode(answer.body, type=kind)
    target = f"{base}/sync/pull?cursor={request.cursor}&max={request.maximum}&epoch={request.epoch}"
    return msgspec.json.decode(channel.ask("GET", target).body, type=Page)


def talk(workplace: Workplace, server: Served) -> Engine:
    """Let the workstation say and hear everything."""
    engine, channel = Engine(ClientStore(workplace.runner), Random(1)), channel_of(workplace.folder)
    for now in range(0, 60_000, 1_000):
        said = engine.next(now)
        for request in said:
            engine.received(request, reply(channel, server.base, request), now)
        if not said:
            break
    channel.close()
    return engine


def test_a_computer_joins_and_holds_what_the_server_holds(server: Served, tmp_path: Path) -> None:
    made = joined(server, tmp_path / "C")
    with open_workplace(tmp_path / "C") as workplace:
        talk(workplace, server)
        assert digest_of(workplace) == digest_of(server.practice.workplace)
        assert workplace.device == made.device
        report = workplace.verify()
        assert report.sound, report.problems
        assert [line.name for line in workplace.runner.ask(BOSS, workstations) if line.is_this] == ["Salle 2"]
    assert made.recovery_key
    assert sorted(path.name for path in tmp_path.glob("C*")) == ["C"]


def test_what_it_writes_reaches_the_server_and_comes_back_to_others(server: Served, tmp_path: Path) -> None:
    joined(server, tmp_path / "C")
    joined(server, tmp_path / "D")
    with open_workplace(tmp_path / "C") as one, open_workplace(tmp_path / "D") as other:
        one.runner.run(_claire(one), create_patient, "Gagnon", "Rose")
        assert talk(one, server).standing is Standing.LIVE
        talk(other, server)
        assert digest_of(one) == digest_of(other) == digest_of(server.practice.workplace)
        assert all(place.verify().sound for place in (one, other))


def _claire(workplace: Workplace) -> Actor:
    with workplace.runner.read(SYSTEM) as read:
        staff = read.sql("SELECT id FROM staff WHERE username = 'claire'")[0][0]
    return Actor(staff, "Claire Brunet", everything=True)


def test_a_code_serves_once(server: Served, tmp_path: Path) -> None:
    code = invitation(server)
    join_practice(tmp_path / "C", code, "", quiet)
    with pytest.raises(CodeNotTaken) as refused:
        join_practice(tmp_path / "D", code, "", quiet)
    assert refused.value.exit_code == 4
    assert not (tmp_path / "D").exists()


def test_codes_that_are_withdrawn_or_too_old_are_refused(server: Served, tmp_path: Path) -> None:
    runner = server.practice.workplace.runner
    withdrawn, old = invitation(server), invitation(server, minutes=1)
    first = next(line for line in runner.ask(BOSS, open_invitations) if line.name == "Salle 2")
    longest = max(runner.ask(BOSS, open_invitations), key=lambda line: line.expires_at)
    assert first.expires_at < longest.expires_at
    runner.run(BOSS, withdraw_invitation, longest.invitation_id)
    runner.clock.offset += timedelta(days=1)
    for code in (withdrawn, old):
        with pytest.raises(CodeNotTaken):
            join_practice(tmp_path / "D", code, "", quiet)


def test_guessing_is_slowed_down(server: Served, tmp_path: Path) -> None:
    pin = fingerprint(server.serving.authority)
    guess = Code.new(pin, f"127.0.0.1:{server.serving.port}").text()
    for _try in range(enrolment.TRIES_AT_ONCE):
        with pytest.raises(CodeNotTaken):
            join_practice(tmp_path / "D", guess, "", quiet)
    with pytest.raises(RuleViolation, match="Too many tries"):
        join_practice(tmp_path / "D", invitation(server), "", quiet)


def test_another_server_is_not_believed(server: Served, tmp_path: Path) -> None:
    code = Code.parse(invitation(server))
    other = Code(code.secret, bytes(16), code.address).text()
    with pytest.raises(IntegrityFailure, match="not the one of this code"):
        join_practice(tmp_path / "D", other, "", quiet)
    assert join_practice(tmp_path / "D", code.text(), "", quiet).rows, "the secret was not given away"


def test_only_a_hash_of_the_code_is_kept(server: Served) -> None:
    code = Code.parse(invitation(server))
    with server.practice.workplace.runner.read(SYSTEM) as read:
        kept = str([tuple(row) for row in read.sql("SELECT * FROM workstation_invitation")])
        journal = str([tuple(row) for row in read.sql("SELECT arguments FROM operation")])
        deltas = str([tuple(row) for row in read.sql("SELECT delta FROM change")])
    for text in (kept, journal, deltas):
        assert code.secret.hex() not in text
        assert code.text().split("@")[0] not in text


def test_an_invitation_is_undone_and_a_workstation_renamed(server: Served, tmp_path: Path) -> None:
    runner = server.practice.workplace.runner
    done = runner.submit(BOSS, invite_device, "Salle 2").result()
    assert done.undoable
    runner.undo(BOSS, done.operation_id)
    assert runner.ask(BOSS, open_invitations) == []
    with pytest.raises(CodeNotTaken):
        join_practice(tmp_path / "C", done.result, "", quiet)
    made = joined(server, tmp_path / "D")
    runner.run(BOSS, rename_device, WorkstationId(made.device), "Salle 9")
    assert [line.name for line in runner.ask(BOSS, workstations)] == ["Salle 9"]
    with pytest.raises(RuleViolation):
        runner.run(BOSS, rename_device, WorkstationId(made.device), " ")
    used = runner.run(BOSS, invite_device, "Salle 3")
    assert used != done.result


def test_a_used_code_is_not_withdrawn_and_nobody_is_revoked_twice(server: Served, tmp_path: Path) -> None:
    runner = server.practice.workplace.runner
    code = invitation(server)
    (line,) = runner.ask(BOSS, open_invitations)
    made = join_practice(tmp_path / "C", code, "", quiet)
    with pytest.raises(RuleViolation, match="used already"):
        runner.run(BOSS, withdraw_invitation, line.invitation_id)
    runner.run(BOSS, revoke_device, WorkstationId(made.device))
    with pytest.raises(RuleViolation, match="revoked already"):
        runner.run(BOSS, revoke_device, WorkstationId(made.device))
    assert [line.revoked_at is not None for line in runner.ask(BOSS, workstations)] == [True]


def test_who_may_not_manage_workstations_invites_nobody(server: Served) -> None:
    runner = server.practice.workplace.runner
    with pytest.raises(PermissionDenied):
        runner.run(runner.actor("karim"), invite_device, "Salle 3")


def test_a_folder_that_holds_something_is_left_alone(server: Served, tmp_path: Path) -> None:
    (tmp_path / "C").mkdir()
    (tmp_path / "C" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError):
        join_practice(tmp_path / "C", invitation(server), "", quiet)


# -- the copy -------------------------------------------------------------------------------------------------------


def copy_of(server: Served, folder: Path) -> tuple[Copy, bytes]:
    channel = channel_of(folder)
    said = msgspec.json.decode(channel.ask("POST", f"{server.base}/copies").body, type=Copy)
    while not said.is_whole:
        said = msgspec.json.decode(channel.ask("GET", f"{server.base}/copies/{said.id}").body, type=Copy)
    parts, place = [], 0
    while place < said.size:
        asked = {"Range": f"bytes={place}-{place + 999}"}
        answer = channel.ask("GET", f"{server.base}/copies/{said.id}/content", headers=asked)
        assert answer.status == 206
        parts.append(answer.body)
        place += len(answer.body)
    channel.close()
    return said, b"".join(parts)


def test_the_download_opens_for_its_device_alone_and_holds_no_secret(server: Served, tmp_path: Path) -> None:
    joined(server, tmp_path / "C")
    copy, sealed = copy_of(server, tmp_path / "C")
    (tmp_path / "sealed.db").write_bytes(sealed)
    with pytest.raises(sqlcipher.DatabaseError):
        sqlcipher.connect(str(tmp_path / "sealed.db")).execute("SELECT * FROM sqlite_master")
    with pytest.raises(IntegrityFailure):
        connect(tmp_path / "sealed.db", server.practice.workplace.database.key)
    with pytest.raises(IntegrityFailure):
        io.BufferedReader(SealedStream(io.BytesIO(sealed), server.practice.workplace.database.key.key)).read()
    device = read_connection(tmp_path / "C")
    assert device is not None
    wrapped = base64.b64decode(copy.key)
    with pytest.raises(IntegrityFailure):
        unwrap_key(wrapped, device.device, opening_key(Ed25519PrivateKey.generate()))
    key = unwrap_key(wrapped, device.device, opening_key(device_key(tmp_path / "C")))
    reader = SnapshotReader(io.BufferedReader(SealedStream(io.BytesIO(sealed), key)))
    names = {table.name for table in reader.head.tables}
    assert not names & {row.table for row in REGISTRY if row.merge is Merge.LOCAL}
    assert not names & {"access_log", "journal_state"}
    assert Credential.__tablename__ not in names
    text = str(list(reader.rows()))
    assert "Olivia" in text
    with server.practice.workplace.runner.read(SYSTEM) as read:
        secrets = [row[0] for row in read.sql("SELECT password_hash FROM credential")]
        secrets += [row[0] for row in read.sql("SELECT public_key FROM server_device")]
    assert len(secrets) == 2
    assert not [secret for secret in secrets if secret in text]


def test_a_copy_is_for_its_device_alone(server: Served, tmp_path: Path) -> None:
    joined(server, tmp_path / "C")
    joined(server, tmp_path / "D")
    copy, _sealed = copy_of(server, tmp_path / "C")
    other = channel_of(tmp_path / "D")
    for tail in ("", "/content"):
        assert other.ask("GET", f"{server.base}/copies/{copy.id}{tail}").status == 404
    other.close()


def test_a_cut_download_goes_on(server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sync.client import fetching

    monkeypatch.setattr(fetching, "RANGE", 2_000)
    asked: list[str] = []
    whole = Channel.ask

    def shaky(channel: Channel, method: str, target: str, body: bytes = b"", headers: Any = None) -> Any:
        if target.endswith("/content"):
            asked.append((headers or {})["Range"])
            if len(asked) % 3 == 0:
                channel.close()
                raise fetching.Unanswered("cut")
        return whole(channel, method, target, body, headers)

    monkeypatch.setattr(Channel, "ask", shaky)
    joined(server, tmp_path / "C")
    starts = [int(text.split("=")[1].split("-")[0]) for text in asked]
    assert starts == sorted(starts), "it went on where it was cut, never from the beginning"
    assert len(asked) > len(set(asked)) > 3
    with open_workplace(tmp_path / "C") as workplace:
        assert workplace.verify().sound


def test_a_stop_half_way_goes_on_without_a_new_code(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.client import joining

    def stop(*given: Any) -> None:
        raise KeyboardInterrupt

    code = invitation(server)
    with monkeypatch.context() as patched:
        patched.setattr(joining, "adopt_snapshot", stop)
        with pytest.raises(KeyboardInterrupt):
            join_practice(tmp_path / "C", code, "", quiet)
    assert not (tmp_path / "C").exists()
    join_practice(tmp_path / "C", code, "", quiet)
    with open_workplace(tmp_path / "C") as workplace:
        assert workplace.verify().sound
    assert sorted(path.name for path in tmp_path.glob("C*")) == ["C"]


# -- being shut out -------------------------------------------------------------------------------------------------


def test_a_revoked_workstation_hands_over_hears_nothing_and_cannot_be_read(server: Served, tmp_path: Path) -> None:
    made = joined(server, tmp_path / "C")
    runner = server.practice.workplace.runner
    runner.run(BOSS, revoke_device, WorkstationId(made.device), "volé")
    runner.run(BOSS, create_patient, "Roy", "Secret")
    with open_workplace(tmp_path / "C") as workplace:
        late = workplace.runner.run(_claire(workplace), create_patient, "Tremblay", "Tard")
        engine = talk(workplace, server)
        assert (engine.standing, engine.must) == (Standing.STOPPED, Must.REVOKED)
        with workplace.runner.read(SYSTEM) as read:
            assert not read.sql("SELECT 1 FROM patient WHERE family_name = 'Roy'")
    with runner.read(SYSTEM) as read:
        assert not read.sql("SELECT 1 FROM patient WHERE id = :it", it=late)
        (why, content), *more = read.sql("SELECT why, content FROM server_receipt WHERE result = 'rejected'")
        assert why == "revoked_device"
        assert "Tremblay" in content
        assert not more
    channel = channel_of(tmp_path / "C")
    assert channel.ask("POST", f"{server.base}/copies").status == 403
    channel.close()
    wipe(tmp_path / "C")
    with pytest.raises(NotFound):
        open_workplace(tmp_path / "C")
    assert not [path for path in (tmp_path / "C").iterdir() if "key" in path.name or path.suffix == ".json"]


def test_a_device_cannot_take_the_place_of_another(server: Served, tmp_path: Path) -> None:
    made = joined(server, tmp_path / "C")
    code = Code.parse(invitation(server))
    connection = read_connection(tmp_path / "C")
    assert connection is not None
    stranger = Ed25519PrivateKey.generate()
    asked = {
        "secret": code.secret.hex(), "device": made.device,
        "public_key": base64.b64encode(stranger.public_key().public_bytes_raw()).decode(),
        "opening_key": base64.b64encode(opening_key(stranger).public_key().public_bytes_raw()).decode(),
    }  # fmt: skip
    channel = Channel(connection, None, ServerClock())
    answer = channel.ask("POST", "/v1/enrolment", msgspec.json.encode(asked))
    assert (answer.status, answer.code) == (409, "known_device")
    asked["device"] = new_id()
    assert channel.ask("POST", "/v1/enrolment", msgspec.json.encode(asked)).status == 200, "the code was not used up"
    channel.close()
