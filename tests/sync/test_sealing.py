"""A sealed stream is read whole and unharmed, or not at all; a wrapped key opens for its device alone."""

from __future__ import annotations

import io

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.errors import IntegrityFailure
from sync.protocol.enrolment import opening_key
from sync.protocol.sealing import SealedStream, SealingWriter, unwrap_key, wrap_key


@pytest.mark.parametrize("harm", ["cut", "flip", "swap"])
def test_a_stream_that_was_touched_is_not_read(harm: str) -> None:
    out, key = io.BytesIO(), bytes(range(32))
    writer = SealingWriter(out, key)
    writer.write(bytes(300_000))
    writer.close()
    sealed = bytearray(out.getvalue())
    if harm == "cut":
        del sealed[-(len(sealed) - 16) % 65_552 :]
    elif harm == "flip":
        sealed[100_000] ^= 1
    else:
        sealed[16:65_568], sealed[65_568:131_120] = sealed[65_568:131_120], sealed[16:65_568]
    with pytest.raises(IntegrityFailure):
        io.BufferedReader(SealedStream(io.BytesIO(bytes(sealed)), key)).read()


def test_a_wrapped_key_names_its_device() -> None:
    mine = opening_key(Ed25519PrivateKey.generate())
    wrapped = wrap_key(bytes(32), "one", mine.public_key().public_bytes_raw())
    assert unwrap_key(wrapped, "one", mine) == bytes(32)
    with pytest.raises(IntegrityFailure):
        unwrap_key(wrapped, "two", mine)
