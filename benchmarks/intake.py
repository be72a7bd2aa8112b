"""What does it cost to take in a package of 3 MB, against the least that its safety and its receipt need?"""

from __future__ import annotations

import functools
import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from flask import Flask
from PIL import Image, ImageDraw

from app.clock import now
from app.demo.invented import dice, parties, vehicle
from app.demo.samples import PLANS, make_signer, signed_package
from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.house import equipment
from app.intake import CHUNK, acknowledge, keep, settle
from app.models import Channel, Citizen, Outcome, Package, PackageState
from app.pki.signing import Signer
from app.transaction import one_transaction
from app.usecases.centre import certify_citizen
from app.usecases.receive_package import Arrival, Sender
from benchmarks.databases import fresh
from benchmarks.measure import Report, in_turns
from tests.databases import Cluster, bare_door

AGAINST_FLOOR = 2.0
SIZE = 3 * 2**20
PACKAGES = 25
_FAILED = sa.select(Package.outcome, Package.reasons).where(
    sa.or_(Package.state != PackageState.ACCEPTED, Package.outcome != Outcome.VALID)
)
_SIGNED = b"what a signature covers" * 100


@dataclass
class Syncs:
    """How often a disk was waited for: by the store, and by the database, which does so once a commit."""

    files: int = 0
    commits: int = 0


def measure_intake(kind: str, cluster: Cluster | None, report: Report, *, repetitions: int) -> None:
    """Measure keep, acknowledge and settle as the doors call them, on a database and a folder as durable as in use."""
    settings = fresh(kind, "intake", cluster)
    app = bare_door(settings)
    packages = _packages(app, min(PACKAGES, repetitions) + 5)
    first, *others = packages
    with _counted(app) as syncs:
        _take_in(app, first)
        _take_in(app, others.pop())
        syncs.files = syncs.commits = 0
        _take_in(app, others.pop())
    key = rsa.generate_private_key(65537, 3072)
    signature = key.sign(_SIGNED, padding.PKCS1v15(), hashes.SHA256())
    waiting, known = iter(others), iter(list(others))
    with _bare_commits(app) as commit:
        least = functools.partial(_least, Path(settings.data_dir) / "floor", syncs, key, signature, commit)
        times = in_turns(
            {"ours": lambda: _take_in(app, next(waiting)), "floor": lambda: least(next(known))},
            repetitions=len(others) - 3,
            budget=60,
        )
    with app.app_context():
        failed = db.session.execute(_FAILED).all()
    if failed:
        raise RuntimeError(f"not taken in: {failed}")
    report.add(f"intake/{kind}/3mb", "floor", times["ours"] / times["floor"], AGAINST_FLOOR, times["ours"])
    report.add(f"intake/{kind}/3mb/syncs", "waits for disk", syncs.files + syncs.commits, None, times["floor"])


def _packages(app: Flask, count: int) -> list[bytes]:
    """Return packages of some 3 MB each, no two alike, signed by a citizen's RSA key of 3072 bits."""
    rng = dice("intake")
    party = next(party for party in parties(8, rng) if party.pesel)
    act = Act(SYSTEM, now())
    plan = PLANS[2]
    with app.app_context():
        with one_transaction() as session:
            make_signer(session, party, equipment=equipment(), act=act)
            citizen = session.scalars(sa.select(Citizen).limit(1)).one()
            key = rsa.generate_private_key(65537, 3072)
            certificate = certify_citizen(session, citizen, key.public_key(), equipment=equipment(), act=act)
        signer = Signer(key, certificate)

        page = _page(SIZE // len(plan.documents))

        def scan(name: str) -> bytes:
            return _with_comment(page, name.encode() + rng.randbytes(16))

        return [
            _deflated(signed_package(plan, party, vehicle(n, rng), signer, act=Act(SYSTEM, now()), scan=scan))
            for n in range(count)
        ]


def _page(size: int) -> bytes:
    """Return a grainy scan of paper as a JPEG of at least `size` bytes.

    Not random bytes, which lie in an archive as they are: a picture is packed by a percent and costs all of inflating.
    """
    stream, height = io.BytesIO(), 0
    while len(stream.getvalue()) < size:
        stream, height = io.BytesIO(), height + 50
        paper = Image.effect_noise((2480, height), 60)
        pen = ImageDraw.Draw(paper)
        for line in range(60, height, 60):
            pen.line((200, line, 2200, line), fill=40, width=6)
        paper.save(stream, "JPEG", quality=60)
    return stream.getvalue()


def _with_comment(jpeg: bytes, comment: bytes) -> bytes:
    """Return the same picture as another file."""
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]


def _deflated(package: bytes) -> bytes:
    """Return `package` with every member deflated, as most programs write it."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            kind = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(entry.filename, source.read(entry), kind)
    return written.getvalue()


def _take_in(app: Flask, data: bytes) -> None:
    """Take `data` in as a request does: in the pieces in which it comes, settled before the answer."""
    with app.app_context():
        tools = equipment()
        kept = keep((data[place : place + CHUNK] for place in range(0, len(data), CHUNK)), equipment=tools)
        sender = Sender(Channel.IMPORT, "import:benchmark", "Jan Testowy")
        package_id, _ = acknowledge(Arrival(kept, "wniosek.asice"), sender, act=Act(SYSTEM, now()))
        settle(db.session(), package_id, equipment=tools)


@contextmanager
def _counted(app: Flask) -> Iterator[Syncs]:
    """Count how often the store waits for the disk, and how often the database does."""
    syncs, sync = Syncs(), os.fsync

    def counting(handle: int) -> None:
        syncs.files += 1
        sync(handle)

    def committed(_connection: object) -> None:
        syncs.commits += 1

    with app.app_context():
        engine = db.engine
    os.fsync = counting
    sa.event.listen(engine, "commit", committed)
    try:
        yield syncs
    finally:
        os.fsync = sync
        sa.event.remove(engine, "commit", committed)


@contextmanager
def _bare_commits(app: Flask) -> Iterator[Callable[[bytes], None]]:
    """Give what writes one row into the database of `app` and commits it, by its driver alone."""
    with app.app_context():
        engine = db.engine
    pooled = engine.raw_connection()
    cursor = pooled.cursor()
    sqlite = engine.dialect.name == "sqlite"
    cursor.execute(f"CREATE TABLE floor (written {'BLOB' if sqlite else 'BYTEA'})")
    pooled.commit()

    def commit(written: bytes) -> None:
        if sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(f"INSERT INTO floor VALUES ({'?' if sqlite else '%b'})", (written,))
        pooled.commit()

    try:
        yield commit
    finally:
        pooled.close()


def _least(  # noqa: PLR0917  what it needs, in the order of its use
    folder: Path,
    syncs: Syncs,
    key: rsa.RSAPrivateKey,
    signature: bytes,
    commit: Callable[[bytes], None],
    data: bytes,
) -> None:
    """Do what cannot be left out: keep and hash the bytes, inflate and hash the members, check one signature, make one.

    It waits for the disk as often as the real intake does, and for the same things: the package and its receipt under
    their names (`quality.md`, steps 2 and 6), the database's own commits (steps 4 and 6), and what else intake waits
    for as a line in a log.
    """
    folder.mkdir(exist_ok=True)
    kept = _keep(folder, data)
    with zipfile.ZipFile(kept) as archive:
        for name in archive.namelist():
            hashlib.sha256(archive.read(name)).digest()
    key.public_key().verify(signature, _SIGNED, padding.PKCS1v15(), hashes.SHA256())
    sealed = key.sign(kept.name.encode() * 32, padding.PKCS1v15(), hashes.SHA256()) * 8
    _keep(folder, sealed)
    for _ in range(syncs.commits):
        commit(sealed)
    with (folder / "log").open("ab") as log:
        for _ in range(syncs.files - 4):
            log.write(sealed)
            log.flush()
            os.fsync(log.fileno())


def _keep(folder: Path, data: bytes) -> Path:
    """Write `data` under its SHA-256, hashed on the way; file and name survive a power loss."""
    digest, path = hashlib.sha256(), folder / "incoming"
    with path.open("wb") as file:
        for place in range(0, len(data), CHUNK):
            piece = data[place : place + CHUNK]
            file.write(piece)
            digest.update(piece)
        file.flush()
        os.fsync(file.fileno())
    kept = path.rename(folder / digest.hexdigest())
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return kept
