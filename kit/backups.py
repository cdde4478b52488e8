"""Encrypted backups of a room: data and secrets in one file that the passphrase opens.

Two backups that were made while people rated differ by what was rated between them: with few votes
that is one person's. So what was made while a round was open is removed when it is closed and its
traces are erased, and what was made while nobody had seen its results (late entries may still come
in) when they are shown or it is set aside.
"""

import io
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from enum import IntEnum
from pathlib import Path

from kit.place import DATA, SECRETS, make_folder, write_file
from workshops.locked import Kind, lock, unlock

EVERY = 5 * 60  # seconds
KEPT = 36  # of those that nothing keeps from staying: three hours
ENDING = ".backup"


class Stage(IntEnum):
    """How much two backups tell of single votes."""

    FREE = 0
    UNSEEN = 1
    VOTING = 2


def stage_of(database: Path) -> Stage:
    """Return where the room is now."""
    with closing(_opened(database)) as connection:
        return _stage(connection)


def back_up(data: Path, folder: Path, passphrase: str, *, now: datetime) -> Path:
    """Write one backup and return its path. Raises OSError, and leaves no half one."""
    make_folder(folder)
    database, stage = _copied(data / DATA)
    content = _packed({SECRETS: (data / SECRETS).read_bytes(), DATA: database})
    path = folder / f"{now:%Y-%m-%d-%H%M%S}{_ending(stage)}"
    write_file(path, lock(content, passphrase, Kind.BACKUP))
    return path


def clear(folder: Path, now: Stage) -> int:
    """Remove what tells more than is over by ``now``, and say how many; remove old ones."""
    told = [path for stage in Stage if stage > now for path in _made(folder, stage)]
    for path in (*told, *[*_made(folder, Stage.FREE)][:-KEPT]):
        path.unlink(missing_ok=True)
    return len(told)


def restore(file: Path, data: Path, passphrase: str) -> None:
    """Unpack a backup into an empty folder. Raises NotOpened, FileExistsError, OSError."""
    if (data / DATA).exists():
        raise FileExistsError(str(data / DATA))
    packed = unlock(file.read_bytes(), passphrase, Kind.BACKUP)
    make_folder(data)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for name in (SECRETS, DATA):  # the data last: with them the restoring is done
            member = archive.extractfile(name)
            assert member, "each backup has both"
            write_file(data / name, member.read())


def _ending(stage: Stage) -> str:
    return f"-{stage.name.lower()}{ENDING}"


def _made(folder: Path, stage: Stage) -> Iterator[Path]:
    """Return those of a stage, the oldest first."""
    return iter(sorted(folder.glob(f"*{_ending(stage)}")))


def _opened(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=20)


def _stage(connection: sqlite3.Connection) -> Stage:
    found = connection.execute("SELECT state, erased_at FROM measures_round").fetchall()
    if any(state == "open" or (state != "waiting" and not erased) for state, erased in found):
        return Stage.VOTING
    return Stage.UNSEEN if any(state == "closed" for state, _erased in found) else Stage.FREE


def _copied(database: Path) -> tuple[bytes, Stage]:
    """Return the database as it is at this moment; nobody waits, and no bare copy is on a disk."""
    with closing(_opened(database)) as source, closing(sqlite3.connect(":memory:")) as copy:
        source.backup(copy)
        return copy.serialize(), _stage(copy)


def _packed(content: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, each in content.items():
            about = tarfile.TarInfo(name)
            about.size, about.mode = len(each), 0o600
            archive.addfile(about, io.BytesIO(each))
    return packed.getvalue()
