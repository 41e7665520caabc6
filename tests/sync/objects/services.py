"""Storage services on this machine: moto in a thread, and Azurite and s3rver as processes of Node.js."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from app.storage.credentials import Credentials
from sync.objects.azure import AzureContainer
from sync.objects.s3 import S3Bucket

REGION: Final = "ca-central-1"
BUCKET: Final = "clinic-images"
S3_KEY: Final = Credentials("not a secret", "a key")
S3RVER_KEY: Final = Credentials("S3RVER", "S3RVER")
AZURITE_ACCOUNT: Final = "devstoreaccount1"
AZURITE_KEY: Final = Credentials(
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
"""The account and key that Azurite documents for everybody."""
PEERS: Final = Path(__file__).parents[3] / "build" / "peers"


@contextmanager
def moto() -> Iterator[str]:
    """An S3 service with one bucket; gives its address."""
    from moto.server import ThreadedMotoServer

    port = free_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    try:
        address = f"http://127.0.0.1:{port}"
        make_bucket(s3(address), BUCKET)
        yield address
    finally:
        server.stop()


def s3(address: str, credentials: Credentials = S3_KEY, bucket: str = BUCKET) -> S3Bucket:
    """A bucket of an S3 service."""
    return S3Bucket(bucket, REGION, credentials, address)


def client(bucket: Any) -> Any:
    """The library's own client, to look behind a bucket's back."""
    return bucket._client


def make_bucket(bucket: S3Bucket, name: str) -> None:
    """What the clinic's provider does."""
    client(bucket).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})


@contextmanager
def s3rver(folder: Path) -> Iterator[str]:
    """s3rver with one bucket; gives its address."""
    port = free_port()
    options = (
        "-a",
        "127.0.0.1",
        "-p",
        str(port),
        "-d",
        str(folder),
        "--no-vhost-buckets",
        "--configure-bucket",
        BUCKET,
    )
    with node("s3rver", port, *options):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def azurite(folder: Path) -> Iterator[str]:
    """Azurite with one container; gives the address of its account. It knows the newest version of no client."""
    port = free_port()
    options = (
        "--blobHost",
        "127.0.0.1",
        "--blobPort",
        str(port),
        "-l",
        str(folder),
        "--skipApiVersionCheck",
        "--silent",
    )
    with node("azurite-blob", port, *options):
        address = f"http://127.0.0.1:{port}/{AZURITE_ACCOUNT}"
        client(container(address)).create_container()
        yield address


def container(address: str, credentials: Credentials = AZURITE_KEY, name: str = BUCKET) -> AzureContainer:
    """A container of Azurite."""
    return AzureContainer(AZURITE_ACCOUNT, name, credentials, address)


@contextmanager
def node(program: str, port: int, *options: str) -> Iterator[None]:
    """A program of Node.js, installed when it is not there, until it is no longer needed."""
    path = PEERS / "node_modules" / ".bin" / program
    if not path.exists():
        install()
    process = subprocess.Popen([str(path), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        answers(port)
        yield
    finally:
        process.kill()
        process.wait()


def install() -> None:
    """Azurite and s3rver from their registry; Node.js from the system's packages when it is not there."""
    if shutil.which("npm") is None:
        root = () if os.geteuid() == 0 else ("sudo", "-n")
        subprocess.run([*root, "apt-get", "-qq", "update"], check=True)
        subprocess.run(
            [*root, "apt-get", "-qq", "install", "-y", "--no-install-recommends", "nodejs", "npm"], check=True
        )
    PEERS.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(PEERS), "azurite", "s3rver"]
    subprocess.run(command, check=True)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, seconds: float = 30) -> None:
    """Wait until somebody listens."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
