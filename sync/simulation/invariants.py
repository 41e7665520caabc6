"""What must hold after every step, and what must hold once everything has been delivered (I1–I19 of the design)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from app.core.clock import HLC_COUNTER_BITS
from app.journal import verify
from app.journal.digest import digest, dump
from app.journal.operations import state
from app.journal.projections import PROJECTIONS
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from sync.client.engine import Standing
from sync.server.intake import AHEAD_MILLIS
from sync.simulation.files import FileWorld
from sync.simulation.people import Edit, Node
from sync.simulation.world import World

OVERLAPPING = (
    "SELECT a.id, b.id FROM sim_slot a JOIN sim_slot b ON b.chair = a.chair AND a.id < b.id"
    " AND b.start < a.start + a.minutes AND a.start < b.start + b.minutes"
)


class Broken(AssertionError):
    """An invariant does not hold; the text says which and where."""


def after_every_step(world: World) -> None:
    """Of what was written since: cursors go forward (I1), operations are whole everywhere (I16), events stay (I5), own
    edits stand until they are answered (I6), and go after the value that they replaced (I12).
    """
    for node in world.nodes.values():
        if world.seen.get(node.name) == (id(node.image), node.image.total_changes):
            continue
        epoch, cursor = state(node.image, "sync_epoch") or "", int(state(node.image, "sync_cursor") or 0)
        if node.last_cursor[0] == epoch and cursor < node.last_cursor[1]:
            raise Broken(f"I1 {node.name}: the cursor went from {node.last_cursor[1]} to {cursor}")
        node.last_cursor = (epoch, cursor)
        _own_words_stand(world, node)
    for name, image in _images(world):
        mark = (id(image), image.total_changes)
        if world.seen.get(name) == mark:
            continue
        world.seen[name] = mark
        for pair, count, least, most in image.execute(
            "SELECT pair, count(*), min(amount), max(amount) FROM sim_entry GROUP BY pair"
        ):
            if count != 2:
                raise Broken(f"I16 {name}: half of {pair}")
            if not least == most == world.pairs[pair]:
                raise Broken(f"I5 {name}: the entries of {pair} are not those that were written")
        if name == "server":
            _money(world)
            _never_deleted(world)
            _judged_by_what_they_saw(world)


def _own_words_stand(world: World, node: Node) -> None:
    """I6: what somebody wrote here is what they read, until a server, of this epoch or an earlier, has answered it."""
    answered = max(int(state(node.image, name) or 0) for name in ("acknowledged", "sync_again_until"))
    echoed = node.image.execute("SELECT max(number) FROM operation WHERE device = ? AND sequence > 0", (node.name,))
    answered = max(answered, echoed.fetchone()[0] or 0)
    last: dict[tuple[str, str, str], Edit] = {}
    for edit in world.edits:
        if edit.node == node.name and edit.column != "phone" and world.written[edit.operation].number > answered:
            if edit.made:
                last = {place: it for place, it in last.items() if place[:2] != (edit.table, edit.key)}
            last[edit.table, edit.key, edit.column] = edit
    for (table, key, column), edit in last.items():
        row = node.image.execute(f"SELECT {column} FROM {table} WHERE id = ?", (key,)).fetchone()
        if row is not None and row[0] != edit.value:
            raise Broken(f"I6 {node.name}: {table}.{column} of {key} is {row[0]}, its author wrote {edit.value}")


def at_rest(world: World) -> None:
    """Everything else, once the network has been mended and all is delivered."""
    for check in (
        _drained, _captured, _converged, _projected, _nothing_lost, _money, _nothing_purged, _causality,
        _latest_stands, _decided_once, _overlaps_are_open, _sensitive_edits_are_open, _refusals_are_told, _authorised,
        _clocks_go_on, _numbered, _chained,
    ):  # fmt: skip
        check(world)


def _images(world: World) -> Iterator[tuple[str, Any]]:
    yield "server", world.server_image
    for node in world.nodes.values():
        yield node.name, node.image


def _living(world: World) -> list[Node]:
    return [node for node in world.nodes.values() if node.engine.standing is not Standing.STOPPED]


def _drained(world: World) -> None:
    for node in _living(world):
        if node.engine.store.waiting():
            raise Broken(f"I18 {node.name}: {node.engine.store.waiting()} operations still wait")


def _converged(world: World) -> None:
    wanted = digest(world.server_image)
    for node in _living(world):
        if digest(node.image) != wanted:
            raise Broken(f"I10 {node.name} differs from the server: {_difference(node.image, world.server_image)}")


def _difference(mine: Any, theirs: Any) -> str:
    here = {(line["table"], line["row"]["id"]): line["row"] for line in dump(mine)}
    there = {(line["table"], line["row"]["id"]): line["row"] for line in dump(theirs)}
    place = min(key for key in {*here, *there} if here.get(key) != there.get(key))
    return f"{place}: here {here.get(place)}, there {there.get(place)}"


def _projected(world: World) -> None:
    runners: list[tuple[str, Runner]] = [("server", world.server_runner)]
    for name, runner in [*runners, *((node.name, node.runner) for node in _living(world))]:
        with runner.read(SYSTEM) as read:
            wrong = PROJECTIONS["sim_balance"].differences(read)
        if wrong:
            raise Broken(f"projection on {name}: {wrong[:3]}")


def _receipts(world: World) -> dict[tuple[str, int], str]:
    rows = world.server_image.execute("SELECT id, result FROM server_receipt").fetchall()
    return {(key.split("/")[0], int(key.split("/")[1])): result for key, result in rows}


def _nothing_lost(world: World) -> None:
    """I3, I11: every operation that was committed has one verdict, and the numbers of a device have no gap."""
    receipts = _receipts(world)
    stopped = {node.name for node in world.nodes.values() if node.engine.standing is Standing.STOPPED}
    for item in world.written.values():
        if item.node not in stopped and (item.node, item.number) not in receipts:
            raise Broken(f"I11 {item.node}: operation {item.number} is unknown to the server")
    numbers: dict[str, list[int]] = defaultdict(list)
    for device, number in receipts:
        numbers[device].append(number)
    for device, found in numbers.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            raise Broken(f"I3 {device}: the numbers have a gap")


def _money(world: World) -> None:
    """I4: the amounts on the server are those of the operations that it has taken in, once each.

    Of its journal, not of its receipts: an operation may be there of which its author has not had an answer yet,
    because somebody else brought it back after a restore.
    """
    taken = {row[0] for row in world.server_image.execute("SELECT id FROM operation WHERE hash IS NOT NULL")}
    expected = sum(item.cents for item in world.written.values() if item.operation in taken)
    (found,) = world.server_image.execute("SELECT coalesce(sum(amount), 0) FROM sim_entry").fetchone()
    if found != expected:
        raise Broken(f"I4 the server holds {found} cents and not {expected}")


def _never_deleted(world: World) -> None:
    """I15: nothing that the server has taken in is deleted there, whoever asks for it."""
    gone = world.server_image.execute("SELECT tbl, pk FROM change WHERE kind = 'del' LIMIT 1").fetchone()
    if gone:
        raise Broken(f"I15 server: {gone} was deleted")


def _nothing_purged(world: World) -> None:
    """I15: every row whose making was accepted is there, at the server and everywhere."""
    receipts = _receipts(world)
    for (table, key), operation in world.made.items():
        item = world.written[operation]
        if receipts.get((item.node, item.number)) in (None, "rejected"):
            continue
        for name, image in _images(world):
            stopped = name in world.nodes and world.nodes[name].engine.standing is Standing.STOPPED
            if not stopped and image.execute(f"SELECT 1 FROM {table} WHERE id = ?", (key,)).fetchone() is None:
                raise Broken(f"I15 {name}: {table} {key} was made and accepted, but is not there")


def _cells(world: World) -> dict[tuple[str, str, str], list[Edit]]:
    receipts, cells = _receipts(world), defaultdict(list)
    for edit in world.edits:
        item = world.written.get(edit.operation)
        if item is not None and receipts.get((item.node, item.number)) not in (None, "rejected"):
            cells[edit.table, edit.key, edit.column].append(edit)
    return cells


def _causality(world: World) -> None:
    """I12: an edit never loses to the value that its author saw."""
    for (table, key, column), edits in _cells(world).items():
        row = world.server_image.execute(f"SELECT {column} FROM {table} WHERE id = ?", (key,)).fetchone()
        for edit in edits:
            _goes_after_what_it_saw(edit, row)


def _judged_by_what_they_saw(world: World) -> None:
    """I12 of the edits that the server has judged since; one that was restored may lack some until all are at rest."""
    waiting = []
    for edit in [] if world.restored else world.unjudged:
        key = "{}/{}".format(*_place(world, edit))
        verdict = world.server_image.execute("SELECT result FROM server_receipt WHERE id = ?", (key,)).fetchone()
        if verdict is None:
            waiting.append(edit)
        elif verdict[0] != "rejected":
            query = f"SELECT {edit.column} FROM {edit.table} WHERE id = ?"
            _goes_after_what_it_saw(edit, world.server_image.execute(query, (edit.key,)).fetchone())
    world.unjudged = waiting


def _goes_after_what_it_saw(edit: Edit, row: tuple[Any, ...] | None) -> None:
    if row and row[0] is not None and edit.seen == row[0] and edit.value != row[0]:
        place = f"{edit.table}.{edit.column} of {edit.key}"
        raise Broken(f"I12 {place}: {edit.value} lost to {row[0]}, which its author saw")


def _clocks(world: World) -> dict[tuple[str, int], int]:
    """The clock that each accepted operation was given."""
    rows = world.server_image.execute("SELECT id, hlc FROM server_receipt WHERE result <> 'rejected'").fetchall()
    corrected = {(key.split("/")[0], int(key.split("/")[1])): hlc for key, hlc in rows}
    for device, number, hlc in world.server_image.execute("SELECT device, number, hlc FROM operation"):
        if (device, number) in corrected:
            corrected[device, number] = hlc
    return {
        (it.node, it.number): corrected[it.node, it.number] or it.hlc
        for it in world.written.values()
        if (it.node, it.number) in corrected
    }


def _latest_stands(world: World) -> None:
    """Of all edits of a field that were accepted, the one with the latest clock stands; and its row is there."""
    clocks = _clocks(world)
    for (table, key, column), edits in _cells(world).items():
        if table not in ("sim_card", "sim_late"):
            continue
        row = world.server_image.execute(f"SELECT {column} FROM {table} WHERE id = ?", (key,)).fetchone()
        if row is None:
            raise Broken(f"I11 {table} {key} was edited and accepted, but is not there")
        stamped = {edit.value: (clocks[_place(world, edit)], edit.node) for edit in edits}
        if row[0] in stamped and max(stamped.values()) > stamped[row[0]]:
            raise Broken(f"{table}.{column} of {key}: {row[0]} stands, which is not the latest")


def _place(world: World, edit: Edit) -> tuple[str, int]:
    item = world.written[edit.operation]
    return item.node, item.number


def _decided_once(world: World) -> None:
    """Of two decisions of the clinic that replace one value, only the first is accepted (after a restore, by clock)."""
    for (table, key, _column), edits in _cells(world).items():
        seen = [edit.seen for edit in edits]
        if table == "sim_rule" and not world.restored and len(seen) != len(set(seen)):
            raise Broken(f"two decisions on {key} were taken in that do not know of each other")


def _authorised(world: World) -> None:
    """I17: nothing was accepted of somebody who had no right any more when it was written.

    A clock that runs ahead less than is corrected may stamp an operation of before with a moment after.
    """
    tolerance = AHEAD_MILLIS << HLC_COUNTER_BITS
    clocks = _clocks(world)
    for item in world.written.values():
        clock = clocks.get((item.node, item.number))
        if clock is not None and world.may_not(item.actor, clock, tolerance):
            raise Broken(f"I17 operation {item.number} of {item.node} was accepted, {item.actor} had no right")


def _overlaps_are_open(world: World) -> None:
    """I13: every two slots that overlap and were booked apart are in a conflict."""
    known = {
        frozenset(pair)
        for pair in world.server_image.execute(
            "SELECT row_id, json_extract(details, '$.other') FROM conflict WHERE kind = 'sim_double_booking'"
        )
    }
    for pair in world.server_image.execute(OVERLAPPING):
        if frozenset(pair) not in known:
            raise Broken(f"I13 {pair} overlap and nobody is told")


def _sensitive_edits_are_open(world: World) -> None:
    """Two people who changed one name, neither knowing of the other, are told."""
    told = {row[0] for row in world.server_image.execute("SELECT row_id FROM conflict WHERE kind = 'concurrent_edit'")}
    for (_table, key, column), edits in _cells(world).items():
        if column != "name":
            continue
        by_seen: dict[Any, dict[str, Edit]] = defaultdict(dict)
        for edit in edits:
            if edit.seen is not None:
                by_seen[edit.seen][edit.node] = edit
        apart = next((found for found in by_seen.values() if len(found) > 1), None)
        if apart and key not in told:
            raise Broken(f"two people changed {column} of {key} apart and nobody is told: {list(apart.values())}")


def _refusals_are_told(world: World) -> None:
    """I14: what was refused is in its author's inbox."""
    receipts = _receipts(world)
    for node in _living(world):
        inbox = {row[0] for row in node.image.execute("SELECT operation FROM inbox_item")}
        for item in world.written.values():
            refused = receipts.get((item.node, item.number)) == "rejected"
            if item.node == node.name and refused and item.operation not in inbox:
                raise Broken(f"I14 {node.name}: operation {item.number} was refused in silence")


def _clocks_go_on(world: World) -> None:
    """I8: the clock of a device never stands nor goes back over what was done here, whatever its computer's does."""
    for node in world.nodes.values():
        last = 0
        for number, hlc in node.image.execute(
            "SELECT number, hlc FROM operation WHERE device = ? AND origin = 'here' ORDER BY number", (node.name,)
        ):
            if hlc <= last:
                raise Broken(f"I8 {node.name}: the clock of operation {number} is not later than the one before")
            last = hlc


def _numbered(world: World) -> None:
    """I2: the sequences that the server gave are those of its own order, each once."""
    wrong = world.server_image.execute(
        "SELECT n FROM operation WHERE sequence IS NOT NULL AND sequence <> n AND device NOT LIKE 'fix:%'"
    ).fetchone()
    if wrong:
        raise Broken(f"I2 the server's operation {wrong[0]} has another number")
    for node in _living(world):
        beyond = node.image.execute("SELECT max(sequence) FROM operation WHERE device <> ?", (node.name,)).fetchone()[0]
        if (beyond or 0) > int(state(node.image, "sync_cursor") or 0):
            raise Broken(f"I1 {node.name}: has operation {beyond}, which its cursor does not count")


def _captured(world: World) -> None:
    """I7: nothing was written without its change, and replaying each journal gives the tables."""
    for name, image in _images(world):
        report = verify.Report()
        verify.verify_triggers(image, report)
        verify.verify_open(image, report)
        verify.verify_tables(image, report)
        if not report.sound:
            raise Broken(f"I7 {name}: {report.problems[:3]}")


def _chained(world: World) -> None:
    """I9: the chain of each workstation holds."""
    for node in world.nodes.values():
        report = verify.Report()
        verify.verify_chain(node.image, report, state(node.image, "device") or "")
        if not report.sound:
            raise Broken(f"I9 {node.name}: {report.problems[:3]}")


def files_after_every_step(world: FileWorld) -> None:
    """I19: the server has the bytes of what it says that it holds; nobody gives up the last copy of a file."""
    server = world.files_of("S").held
    for (name,) in world.server_image.execute("SELECT id FROM sealed_copy WHERE confirmed_at IS NOT NULL"):
        if sha256(server.get(name, b"")).hexdigest() != name:
            raise Broken(f"I19 server: says that it holds {name[:12]}, and does not")
    disks = [server, *(world.files_of(name).held for name in world.nodes)]
    for name, content in world.taken.items():
        if not any(disk.get(name) == content for disk in disks):
            raise Broken(f"I19 {name[:12]} was given up and is nowhere")


def files_at_rest(world: FileWorld) -> None:
    """I19: what a workstation takes for held is; every file that a row of the practice names is at the server."""
    server = world.files_of("S").held
    for node in world.living():
        for (name,) in node.image.execute("SELECT id FROM sealed_copy WHERE confirmed_at IS NOT NULL"):
            if name not in server:
                raise Broken(f"I19 {node.name}: takes {name[:12]} for held, and the server has not got it")
    for (name,) in world.server_image.execute("SELECT sha256 FROM sim_file"):
        if sha256(server.get(name, b"")).hexdigest() != name:
            raise Broken(f"I19 server: {name[:12]} has a row and has not come")


__all__ = ["Broken", "after_every_step", "at_rest", "files_after_every_step", "files_at_rest"]
