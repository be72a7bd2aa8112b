"""How files are kept in an S3-compatible object store.

Address, credentials and region come from the standard variables (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ALLOW_HTTP). The bucket must be there, and must honour `If-None-Match: *`.
Under the prefix, `ab/abcd…` has kept files and `quarantine/` what was moved aside.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import logging
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

if TYPE_CHECKING:
    from obstore.store import RetryConfig

from app.storage.contract import CHUNK, Entry, checked_name, is_name
from app.storage.failures import Damaged, Missing, StoreFailed, TooLarge, disk_troubles
from app.storage.incoming import Incoming, Kept, temporary

log = logging.getLogger(__name__)

_WAITING = "okienko-"  # how the names of files begin that wait in the folder for temporary files

# The client's own limits are 5 s to connect and 30 s to answer; its own retrying would hold a request for minutes.
_PATIENCE: RetryConfig = {"max_retries": 2, "retry_timeout": dt.timedelta(seconds=20)}


@contextmanager
def _troubles() -> Iterator[None]:
    """Turn errors of the client into the store's."""
    try:
        yield
    except FileNotFoundError as error:
        raise Missing(str(error).split("\n", 1)[0]) from error
    except (BaseError, OSError) as error:
        raise StoreFailed(str(error).split("\n", 1)[0]) from error


class BucketStore:
    """A store in one bucket, under one prefix."""

    __slots__ = ("_prefix", "_s3")

    def __init__(self, bucket: str, prefix: str = "", **options: Any) -> None:
        """Keep files in `bucket` under `prefix`; `options` go to the S3 client beside the environment."""
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._s3 = S3Store(bucket, checksum_algorithm="SHA256", retry_config=_PATIENCE, **options)

    @contextmanager
    def incoming(self, limit: int) -> Iterator[Incoming]:
        """See Store. The stream waits in a local temporary file until it is whole."""

        def admit(_before: int, after: int) -> None:
            if after > limit:
                raise TooLarge("too-large", limit=limit)

        path = Path(tempfile.gettempdir(), f"{_WAITING}{secrets.token_hex(16)}.part")
        with temporary(path) as file:
            yield Incoming(path, file, admit=admit, keep=self._keep)

    def put_bytes(self, data: bytes) -> Kept:
        """See Store."""
        return self._create(hashlib.sha256(data).hexdigest(), data)

    def exists(self, sha256: str) -> bool:
        """See Store."""
        try:
            self.size(sha256)
        except Missing:
            return False
        return True

    def size(self, sha256: str) -> int:
        """See Store."""
        with _troubles():
            return int(obstore.head(self._s3, self._path(sha256))["size"])

    def verify(self, sha256: str) -> bool:
        """See Store."""
        try:
            return self._digest_at(self._path(sha256)) == sha256
        except Missing:
            return False

    def read(self, sha256: str) -> bytes:
        """See Store."""
        with _troubles():
            data = bytes(obstore.get(self._s3, self._path(sha256)).bytes())
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(sha256)
        return data

    def open(self, sha256: str) -> BinaryIO:
        """See Store."""
        return io.BytesIO(self.read(sha256))

    @contextmanager
    def as_file(self, sha256: str, *, check: bool = True) -> Iterator[Path]:
        """See Store. What was fetched is always checked: the net is one more place where bytes change."""
        del check
        with tempfile.NamedTemporaryFile(prefix=_WAITING, suffix=".part") as file:
            digest = hashlib.sha256()
            with _troubles():
                for chunk in obstore.get(self._s3, self._path(sha256)).stream(min_chunk_size=CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
            if digest.hexdigest() != sha256:
                raise Damaged(sha256)
            yield Path(file.name)

    def names(self) -> Iterator[str]:
        """See Store."""
        for entry in self.entries():
            yield entry.sha256

    def entries(self) -> Iterator[Entry]:
        """See Store."""
        with _troubles():
            for page in obstore.list(self._s3, prefix=self._prefix or None):
                for found in page:
                    shard, _, name = str(found["path"]).removeprefix(self._prefix).partition("/")
                    if is_name(name) and name.startswith(shard) and len(shard) == 2:
                        yield Entry(name, int(found["size"]), found["last_modified"])

    def quarantine(self, sha256: str, *, unless_changed_since: dt.datetime | None = None) -> bool:
        """See Store."""
        path = self._path(sha256)
        try:
            with _troubles():
                found = obstore.head(self._s3, path)
                if unless_changed_since and found["last_modified"] >= unless_changed_since:
                    return False
                obstore.copy(self._s3, path, self._aside(sha256))
                obstore.delete(self._s3, path)
        except Missing:
            return False
        return True

    def quarantined(self) -> Iterator[str]:
        """See Store."""
        with _troubles():
            for page in obstore.list(self._s3, prefix=self._aside("")):
                yield from (name for found in page if is_name(name := str(found["path"]).rpartition("/")[2]))

    def restore(self, sha256: str) -> bool:
        """See Store."""
        aside = self._aside(sha256)
        try:
            if self._digest_at(aside) != sha256:
                return False
            with _troubles():
                obstore.copy(self._s3, aside, self._path(sha256))
                obstore.delete(self._s3, aside)
        except Missing:
            return False
        return True

    def sweep_incoming(self, older_than: dt.datetime) -> int:
        """See Store. What waits in the folder for temporary files stays there when a process is killed."""
        swept = 0
        for path in Path(tempfile.gettempdir()).glob(f"{_WAITING}*.part"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < older_than.timestamp():
                    path.unlink()
                    swept += 1
        return swept

    def free_bytes(self) -> int | None:
        """See Store."""
        return None

    def probe(self) -> None:
        """See Store."""
        with _troubles(), contextlib.suppress(FileNotFoundError):
            obstore.head(self._s3, f"{self._prefix}probe")

    def _path(self, sha256: str) -> str:
        return f"{self._prefix}{checked_name(sha256)[:2]}/{sha256}"

    def _aside(self, name: str) -> str:
        return f"{self._prefix}quarantine/{name}"

    def _digest_at(self, path: str) -> str:
        digest = hashlib.sha256()
        with _troubles():
            for chunk in obstore.get(self._s3, path).stream(min_chunk_size=CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def _keep(self, stream: Incoming, file: io.BufferedWriter[io.FileIO]) -> Kept:
        with disk_troubles():
            file.flush()
        return self._create(stream.sha256, stream.path.read_bytes())

    def _create(self, sha256: str, data: bytes) -> Kept:
        """Put the bytes where nothing is yet; their SHA-256 travels along, and the server refuses what changed."""
        path = self._path(sha256)
        with _troubles():
            try:
                obstore.put(self._s3, path, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                whole = self._digest_at(path) == sha256
                if not whole:
                    obstore.copy(self._s3, path, self._aside(f"{sha256}.damaged-{secrets.token_hex(4)}"))
                    log.error("stored file %s was damaged; fresh bytes take its place", sha256)  # noqa: TRY400  that the object exists is no fault
                # The same bytes once more: the object is young again, so no sweeper takes it for an orphan.
                obstore.put(self._s3, path, data, mode="overwrite", use_multipart=False)
                return Kept(sha256, len(data), new=not whole)
        return Kept(sha256, len(data))
