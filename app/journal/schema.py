"""The journal's own tables, exactly as they stand in every database. Frozen: later steps only add."""

from __future__ import annotations

from typing import Final

JOURNAL_TABLES: Final = """
CREATE TABLE IF NOT EXISTS operation(
  n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL,
  origin TEXT NOT NULL CHECK(origin IN ('here', 'remote', 'raw', 'erasure')),
  device TEXT NOT NULL, number INTEGER NOT NULL, command TEXT NOT NULL, arguments TEXT, actor TEXT, session TEXT,
  reason TEXT, hlc INTEGER NOT NULL, schema INTEGER NOT NULL, undoes TEXT, grp TEXT, sequence INTEGER,
  salt BLOB, commitments BLOB, hash BLOB) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS operation_number ON operation(device, number);
CREATE UNIQUE INDEX IF NOT EXISTS operation_id ON operation(id);
CREATE INDEX IF NOT EXISTS operation_group ON operation(grp) WHERE grp IS NOT NULL;
CREATE INDEX IF NOT EXISTS operation_undoes ON operation(undoes) WHERE undoes IS NOT NULL;
CREATE TABLE IF NOT EXISTS change(
  n INTEGER PRIMARY KEY, operation INTEGER REFERENCES operation(n), tbl TEXT NOT NULL, pk TEXT NOT NULL, subject TEXT,
  kind TEXT NOT NULL CHECK(kind IN ('ins', 'upd', 'del', 'era')), delta TEXT, salt BLOB,
  at INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER))) STRICT;
CREATE INDEX IF NOT EXISTS change_operation ON change(operation);
CREATE INDEX IF NOT EXISTS change_row ON change(tbl, pk);
CREATE INDEX IF NOT EXISTS change_subject ON change(subject);
CREATE TABLE IF NOT EXISTS journal_state(k TEXT PRIMARY KEY, v TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS access_log(
  n INTEGER PRIMARY KEY, at INTEGER NOT NULL, device TEXT NOT NULL, actor TEXT, session TEXT, kind TEXT NOT NULL,
  subject TEXT, detail TEXT, hash BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS access_log_subject ON access_log(subject, n);
CREATE INDEX IF NOT EXISTS access_log_at ON access_log(at);
"""
"""`journal_state` holds: device, practice, kind (clinic, demo, test), schema, observed_hlc, acknowledged, pruning,
former_devices."""

_OPEN: Final = "(SELECT iif(hash IS NULL, origin, '') FROM operation ORDER BY n DESC LIMIT 1)"

JOURNAL_GUARDS: Final[dict[str, str]] = {
    "journal_one_open": """CREATE TRIGGER journal_one_open BEFORE INSERT ON operation
  WHEN (SELECT hash IS NULL FROM operation ORDER BY n DESC LIMIT 1) OR NEW.hash IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'journal: an operation is open, or the new one is not'); END""",
    "journal_new_operation": """CREATE TRIGGER journal_new_operation BEFORE INSERT ON operation
  WHEN EXISTS(SELECT 1 FROM operation
    WHERE n = NEW.n OR id = NEW.id OR (device = NEW.device AND number = NEW.number))
  BEGIN SELECT RAISE(ABORT, 'journal: an operation is not replaced'); END""",
    "journal_new_change": """CREATE TRIGGER journal_new_change BEFORE INSERT ON change
  WHEN EXISTS(SELECT 1 FROM change WHERE n = NEW.n)
  BEGIN SELECT RAISE(ABORT, 'journal: a change is not replaced'); END""",
    "journal_sealed": """CREATE TRIGGER journal_sealed BEFORE UPDATE OF n, id, origin, device, number, command, actor,
  session, hlc, schema, undoes, grp, commitments, hash ON operation WHEN OLD.hash IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'journal: a sealed operation does not change'); END""",
    "journal_sealed_text": f"""CREATE TRIGGER journal_sealed_text BEFORE UPDATE OF arguments, reason, salt ON operation
  WHEN OLD.hash IS NOT NULL AND (NEW.arguments IS NOT NULL OR NEW.reason IS NOT NULL OR NEW.salt IS NOT NULL
  OR {_OPEN} IS NOT 'erasure')
  BEGIN SELECT RAISE(ABORT, 'journal: a sealed operation does not change'); END""",
    "journal_keep_operation": """CREATE TRIGGER journal_keep_operation BEFORE DELETE ON operation
  WHEN OLD.hash IS NOT NULL AND NOT EXISTS(SELECT 1 FROM journal_state WHERE k = 'pruning')
  BEGIN SELECT RAISE(ABORT, 'journal: an operation is not deleted'); END""",
    "journal_fixed": """CREATE TRIGGER journal_fixed BEFORE UPDATE OF n, tbl, pk, subject, kind, at ON change
  BEGIN SELECT RAISE(ABORT, 'journal: a change does not change'); END""",
    "journal_adopt_once": """CREATE TRIGGER journal_adopt_once BEFORE UPDATE OF operation ON change
  WHEN OLD.operation IS NOT NULL BEGIN SELECT RAISE(ABORT, 'journal: a change keeps its operation'); END""",
    "journal_fixed_text": f"""CREATE TRIGGER journal_fixed_text BEFORE UPDATE OF delta, salt ON change
  WHEN NEW.delta IS NOT NULL OR NEW.salt IS NOT NULL OR {_OPEN} IS NOT 'erasure'
  BEGIN SELECT RAISE(ABORT, 'journal: a change does not change'); END""",
    "journal_keep_change": """CREATE TRIGGER journal_keep_change BEFORE DELETE ON change
  WHEN NOT EXISTS(SELECT 1 FROM journal_state WHERE k = 'pruning')
  BEGIN SELECT RAISE(ABORT, 'journal: a change is not deleted'); END""",
    "access_log_fixed": """CREATE TRIGGER access_log_fixed BEFORE UPDATE ON access_log
  BEGIN SELECT RAISE(ABORT, 'access log: an entry does not change'); END""",
    "access_log_keep": """CREATE TRIGGER access_log_keep BEFORE DELETE ON access_log
  BEGIN SELECT RAISE(ABORT, 'access log: an entry is not deleted'); END""",
    "access_log_append": """CREATE TRIGGER access_log_append BEFORE INSERT ON access_log
  WHEN NEW.n <= (SELECT coalesce(max(n), 0) FROM access_log)
  BEGIN SELECT RAISE(ABORT, 'access log: entries are only appended'); END""",
}
