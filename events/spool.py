"""Where outbox rows lie while the database is away: one append-only file a process, synced before anybody
is told that the row is safe.

A frame is: magic (4 bytes), length of the payload (u32), CRC-32 of id and payload (u32), the row's id (16
bytes), the payload; numbers are big-endian. A kill in mid-write leaves a torn tail, which was promised to
nobody. The process that writes a file holds its lock (flock); whoever gets the lock of a file may drain it.
A file that is drained twice is harmless: rows have ids, and so have their events.
"""

import fcntl
import logging
import os
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID, uuid4

logger = logging.getLogger(__name__)

MAGIC = b"SPZ1"
HEADER = struct.Struct(">4sII16s")
SUFFIX = ".spool"
ROWS_AT_ONCE = 50


class Row(NamedTuple):
    """An outbox row of events: its id and its payload."""

    outbox_id: UUID
    payload: str


Insert = Callable[[Sequence[Row]], None]


class SpoolFile:
    """The file that this process writes; made by the first row, removed when it is drained."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file: BinaryIO | None = None
        self._path: Path | None = None

    @property
    def path(self) -> Path | None:
        """Where it is, if there is one."""
        return self._path

    def append(self, rows: Sequence[Row]) -> None:
        """Write the rows and sync them to the disk; raises `OSError` if that fails, and then keeps none."""
        file = self._file or self._open()
        end = file.tell()
        try:
            file.write(b"".join(encode(row) for row in rows))
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                os.ftruncate(file.fileno(), end)
                os.lseek(file.fileno(), end, os.SEEK_SET)
            raise

    def drain(self, insert: Insert) -> int:
        """Insert all rows, remove the file; gives the number of rows."""
        if self._path is None:
            return 0
        count = _drain_open(self._path, insert)
        self.close()
        return count

    def close(self) -> None:
        """Let go of the file: what is in it is anybody's to drain."""
        if self._file is not None:
            self._file.close()
        self._file = self._path = None

    def _open(self) -> BinaryIO:
        self._directory.mkdir(parents=True, exist_ok=True)
        while True:
            path = self._directory / f"{os.getpid()}-{uuid4().hex[:8]}{SUFFIX}"
            file = path.open("xb", buffering=0)
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_there(path, file):
                break
            file.close()  # somebody drained and removed it before we had its lock
        _sync_directory(self._directory)
        self._file, self._path = file, path
        return file


def encode(row: Row) -> bytes:
    """A row as a frame."""
    payload = row.payload.encode()
    checksum = zlib.crc32(payload, zlib.crc32(row.outbox_id.bytes))
    return HEADER.pack(MAGIC, len(payload), checksum, row.outbox_id.bytes) + payload


def decode(data: bytes) -> Iterator[Row]:
    """The whole frames in `data`; bytes that are no frame are skipped, with a line in the log."""
    position = 0
    while position < len(data):
        row, end = _frame(data, position)
        if row is None:
            found = data.find(MAGIC, position + 1)
            end = len(data) if found < 0 else found
            logger.warning("%d bytes of a spool file are no whole frame: skipped.", end - position)
        else:
            yield row
        position = end


def _frame(data: bytes, position: int) -> tuple[Row | None, int]:
    if len(data) - position < HEADER.size:
        return None, position
    magic, length, checksum, row_id = HEADER.unpack_from(data, position)
    start = position + HEADER.size
    payload = data[start : start + length]
    if magic != MAGIC or len(payload) != length or zlib.crc32(payload, zlib.crc32(row_id)) != checksum:
        return None, position
    return Row(UUID(bytes=row_id), payload.decode()), start + length


def drain_abandoned(directory: Path, insert: Insert) -> int:
    """Drain the files of processes that are no more, oldest first; gives the number of rows."""
    count = 0
    for path in sorted(directory.glob(f"*{SUFFIX}"), key=_age):
        with suppress(FileNotFoundError), path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            count += _drain_open(path, insert)
    return count


def _drain_open(path: Path, insert: Insert) -> int:
    """Insert what the file holds, then remove it. The caller holds its lock."""
    rows = decode(path.read_bytes())
    count = 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        insert(batch)
        count += len(batch)
    path.unlink(missing_ok=True)
    return count


def _is_there(path: Path, file: BinaryIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _sync_directory(directory: Path) -> None:
    """A new file survives a power cut only once its directory is synced too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
