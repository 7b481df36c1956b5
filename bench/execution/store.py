"""Runs on disk: one SQLite row per run, so that an interrupted suite resumes.

Rows are written in whole transactions to a write-ahead log: a killed process leaves
every transaction it finished, and two processes may write at the same time. Floats
come back bit for bit; a number that is not finite is stored as null, beside a status.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ..errors import BadData, ResourceUnavailable, from_system
from .integrity import APPLICATION, SCHEMA, WAIT, checked_schema, move_aside
from .record import COLUMNS, Run, from_row, tidy_lines, to_row

if TYPE_CHECKING:
    import pandas

_CREATE = """
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY, scenario TEXT, fix TEXT, role TEXT, seed INTEGER,
    device TEXT, status TEXT, reason TEXT, seconds REAL, bytes INTEGER,
    trial TEXT, "values" TEXT, curves TEXT, created TEXT
)"""


_COLUMNS = ", ".join(f'"{column}"' for column in COLUMNS)
_PUT = (
    f"INSERT OR REPLACE INTO runs ({_COLUMNS}, created) "
    f"VALUES ({', '.join('?' * (len(COLUMNS) + 1))})"
)


class Store:
    """The runs of one folder; a context manager.

    Raises BadData where the file is corrupt, foreign or newer than this program (the
    file is left as it is), ResourceUnavailable where it cannot be written.
    """

    def __init__(self, path: Path | str, force: bool = False) -> None:
        """Open or create `path`; force: move a corrupt file aside and start anew."""
        self.path = Path(path)
        with self._explained():
            if force:
                move_aside(self.path)
            schema = checked_schema(self.path)
            self._db = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
            try:
                if schema != SCHEMA:
                    self._create()
            except BaseException:
                self._db.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what was put is already in it."""
        self._db.close()

    def get(self, key: str) -> Run | None:
        """Return the run of this key, or None where it was not run yet."""
        return next(iter(self._select("WHERE key = ?", key)), None)

    def put(self, runs: Iterable[Run]) -> None:
        """Store all of `runs` or none; a run of the same key is replaced."""
        created = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [(*to_row(run), created) for run in runs]
        with self._explained(), self._transaction():
            self._db.executemany(_PUT, rows)

    def runs(self, scenario: str | None = None) -> list[Run]:
        """Return the runs of a scenario (its parts not included), or all of them."""
        order = "ORDER BY scenario, role, fix, seed, key"
        if scenario is None:
            return self._select(order)
        return self._select(f"WHERE scenario = ? {order}", scenario)

    def records(self) -> "pandas.DataFrame":
        """Return one line per value of a run.

        Columns: scenario, fix, role, seed, metric, value, unit, device, seconds, bytes,
        status. A run without values has one line with no metric.
        """
        import pandas

        lines = [line for run in self.runs() for line in tidy_lines(run)]
        columns = "scenario fix role seed metric value unit device seconds bytes status"
        return pandas.DataFrame(lines, columns=columns.split())

    def _select(self, clause: str, *arguments: str) -> list[Run]:
        with self._explained():
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM runs {clause}", arguments)
            return [from_row(row) for row in rows]

    def _create(self) -> None:
        self._switch_to_log()
        with self._transaction():
            self._db.execute(_CREATE)
            self._db.execute(f"PRAGMA application_id = {APPLICATION}")
            self._db.execute(f"PRAGMA user_version = {SCHEMA}")

    def _switch_to_log(self) -> None:
        """Turn the write-ahead log on; SQLite itself does not wait for this lock."""
        deadline = time.monotonic() + WAIT
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise
            time.sleep(0.02)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has already rolled it back
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite says into one sentence on this file."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise ResourceUnavailable(
                f"Cannot use {self.path}: {error}; the runs stored so far are kept."
            ) from error
        except sqlite3.DatabaseError as error:
            raise BadData(
                f"{self.path} is damaged ({error}); it was left as it is: --force "
                "moves it aside (nothing is deleted) and starts anew."
            ) from error
        except OSError as error:
            raise from_system(error) from error
