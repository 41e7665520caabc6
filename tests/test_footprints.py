"""Footprints are recorded for every command, and tell which commands can't be undone."""

from __future__ import annotations

from app.journal.commands import COMMANDS
from app.journal.discovery import load_slices
from app.journal.footprint import inserts_or_records, load_footprints, outside
from tests.footprint_recorder import shipped

load_slices()
NOT_UNDOABLE: frozenset[str] = frozenset(
    {
        "change_setting",  # a first value is a row of its own; “Reset” gives the original back
        "create_clinic",
        "create_first_administrator",
        "enrol_device",
        "revoke_device",  # it has destroyed its keys; it comes back by a new code
        "set_password",  # the former hash is gone
        "announce_due_recalls",
        "reopen_reading",  # a reading that is open is signed anew, never by an undo
        "fill_folder",  # invented people, in a demonstration only
        "take_back_settling",
        "take_suggestion_back",  # the opposite itself
        "learn_durations",  # figures of the clinic's own past: learnt anew every night
        "watch_day",  # alerts end when their cause does
        "infer_departures",  # an inferred event is corrected by an event with a reason
        "void_appointment_event",
        "finish_conversion",  # ends a run; the whole conversion is undone as a group
        "keep_columns",  # a person’s own table; choosing again is the way back
        "note_sealed_checks",  # what a look at the files found
        "begin_imaging_step",  # what a device reports has happened
        "note_received",  # images that came; they are withdrawn by their study
        "route_images",  # sending is undone at the archive that received
        "try_storage_target",  # a test leaves nothing but its findings
        "revoke_privacy_assessment",  # the opposite itself
        "plan_transfers",  # a queue: what is not to be there is taken out by the next plan
        "note_unpackable",  # what an attempt at packing found
        "step_back",  # the opposite itself
        "take_checkout_back",  # the opposite itself
        "void_clock_entry",  # the opposite itself
        "release_load",  # a release is taken back by failing the load, with a reason
        "fail_load",  # what failed is processed again, as a load of its own
        "note_biological",  # as the two above: what an indicator said is followed, not forgotten
        "draft_delay_messages",  # drafts: nothing is sent, each may be dropped
        "void_consent",
        "void_contact",
        "void_opening_balance",
        "withdraw_document_version",
        "withdraw_rows",  # the undo of a conversion; taking in again is the way back
    }
)
"""Commands that insert or record events and name no opposite: each is a decision."""


def test_every_command_has_a_footprint() -> None:
    """A command without one is run by no test, and the server could not authorise it."""
    assert sorted(name for name in COMMANDS if shipped(name) and name not in load_footprints()) == []


def test_no_footprint_of_a_command_that_is_gone() -> None:
    gone = [name for name in load_footprints() if name not in COMMANDS and name not in {"undo", "erase_subject"}]
    assert gone == []


def test_commands_that_insert_name_their_opposite_or_are_known_not_to_be_undoable() -> None:
    found = {
        name
        for name, footprint in load_footprints().items()
        if name in COMMANDS and COMMANDS[name].undo is None and inserts_or_records(footprint)
    }
    assert found == NOT_UNDOABLE


def test_a_write_beyond_the_footprint_is_named() -> None:
    allowed = {"patient": {"upd": ["phone"]}}
    rows = [
        ("patient", "1", "1", "upd", '{"phone":[1,2],"name":[1,2]}'),
        ("alert", "2", "1", "ins", '{"id":[null,"2"]}'),
    ]
    assert outside(allowed, rows) == ["alert ins id", "patient upd name"]
