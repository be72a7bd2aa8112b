"""The dearest packages that anybody can send."""

from __future__ import annotations

import random
import zlib

from tests.epackages.zips import Part, build, deflate

MIB = 2**20


def endless(packed: int) -> bytes:
    """A deflate stream of about `packed` bytes that goes on a thousand times as long."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = stream.compress(bytes(64 * MIB)) + stream.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    return block * (packed // len(block)) + last.flush()


def claiming(size: int) -> bytes:
    """42 MB that would become 42 GB and claim to become `size`."""
    lie = {"size": size}
    return build([Part(b"wniosek.txt", b"", packed=endless(42 * 1000 * 1000), local=lie, central=lie)])


def largest() -> bytes:
    """Everything just below every limit: 42 MB of file, 100 MiB unpacked."""
    noise = random.Random(1).randbytes(40_000_000)
    rest = 100 * MIB - len(noise)
    thirds = [bytes(rest // 3)] * 3
    parts = [Part(b"noise.txt", noise, method=0)]
    return build([*parts, *(Part(b"%d.txt" % n, data, packed=padded(data)) for n, data in enumerate(thirds))])


def padded(data: bytes) -> bytes:
    """A deflate stream that stays below the ratio: half of the data stored, half packed."""
    stream = zlib.compressobj(0, zlib.DEFLATED, -15)
    half = len(data) // 50
    first = stream.compress(data[:half]) + stream.flush(zlib.Z_FULL_FLUSH)
    return first + deflate(data[half:])
