"""Is a file of stored runs whole? Looked at read-only, before anything is written."""

import sqlite3
from pathlib import Path

from ..errors import BadData

SCHEMA = 1  # PRAGMA user_version of the files this program writes
APPLICATION = 0x67726364  # PRAGMA application_id, "grcd"
WAIT = 30.0  # s to wait for another process that is writing

_COMPANIONS = ("", "-wal", "-shm")  # a write-ahead log holds rows: it moves along
_BROKEN_JSON = (
    "SELECT count(*) FROM runs WHERE NOT "
    '(json_valid(trial) AND json_valid("values") AND json_valid(curves))'
)


def checked_schema(path: Path) -> int:
    """Return the schema version of the file; 0 where it is absent or still empty.

    Raises BadData where the file is corrupt, is not a store, or is newer than this
    program; sqlite3.OperationalError where it cannot be read. Never changes the file.
    """
    if not path.exists():
        return 0
    fault, schema = _look(path)
    if fault:
        raise BadData(
            f"{path} {fault}; it was left as it is: --force moves it aside (nothing is "
            "deleted) and starts anew, or choose another --out."
        )
    if schema > SCHEMA:
        raise BadData(
            f"{path} was written by a newer gradclinic (schema {schema}, this one "
            f"knows {SCHEMA}): upgrade gradclinic or choose another --out."
        )
    return schema


def move_aside(path: Path) -> Path | None:
    """Rename a corrupt store to NAME.corrupt-N and return that; None if it is whole."""
    if not path.exists() or not _look(path)[0]:
        return None
    number = 1
    while (target := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    for companion in _COMPANIONS:
        source = path.with_name(path.name + companion)
        if source.exists():
            source.rename(target.with_name(target.name + companion))
    return target


def _look(path: Path) -> tuple[str | None, int]:
    """Return what is wrong with the file (None: nothing) and its schema version."""
    log = path.with_name(path.name + "-wal")
    if path.stat().st_size == 0 and log.exists() and log.stat().st_size:
        return "was emptied (its log still holds runs)", 0  # SQLite would drop the log
    uri = f"{path.absolute().as_uri()}?mode=ro"
    database = sqlite3.connect(uri, uri=True, timeout=WAIT)
    try:
        return _examine(database)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return f"is corrupt ({error})", 0
    finally:
        database.close()


def _examine(database: sqlite3.Connection) -> tuple[str | None, int]:
    def ask(question: str):
        return database.execute(question).fetchone()[0]

    database.execute("BEGIN")  # one snapshot: another process may be creating it
    if ask("PRAGMA integrity_check(1)") != "ok":
        return "is corrupt (its integrity check fails)", 0
    schema = ask("PRAGMA user_version")
    if ask("PRAGMA application_id") != APPLICATION:
        empty = not schema and not ask("SELECT count(*) FROM sqlite_master")
        return (None if empty else "is not a file of gradclinic's runs"), schema
    if schema == SCHEMA and ask(_BROKEN_JSON):
        return "is corrupt (rows that are no JSON)", schema
    return None, schema
