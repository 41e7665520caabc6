"""Orthanc as an archive, from the Debian package `orthanc`; it is started on ports of its own, and can be killed."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

DICOMWEB = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as wire:
        wire.bind(("127.0.0.1", 0))
        return int(wire.getsockname()[1])


class Orthanc:
    """One archive over a folder."""

    def __init__(
        self, folder: Path, title: str, modalities: dict[str, list[Any]] | None = None, *, web: str = ""
    ) -> None:
        """With `web`, a `user:password`, it also offers DICOMweb (package `orthanc-dicomweb`), to this user only."""
        self.program = shutil.which("Orthanc", path="/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin")
        assert self.program, "Orthanc is not installed: install the package orthanc"
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.title, self.dicom, self.http = folder, title, free_port(), free_port()
        settings = {
            "Name": title, "StorageDirectory": str(folder), "IndexDirectory": str(folder), "Plugins": [],
            "HttpPort": self.http, "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "DicomAet": title,
            "DicomPort": self.dicom, "DicomCheckCalledAet": True, "DicomAlwaysAllowEcho": True,
            "DicomAlwaysAllowStore": True, "DicomAlwaysAllowFind": True, "DicomAlwaysAllowGet": True,
            "DicomAlwaysAllowMove": True, "MaximumPduLength": 131072, "SyncStorageArea": True,
            "DicomModalities": modalities or {},
        }  # fmt: skip
        if web:
            user, _colon, password = web.partition(":")
            assert DICOMWEB.exists(), "Orthanc has no DICOMweb: install the package orthanc-dicomweb"
            settings |= {
                "Plugins": [str(DICOMWEB)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
                "AuthenticationEnabled": True, "RegisteredUsers": {user: password},
            }  # fmt: skip
        self._web = web
        self.settings = folder / "orthanc.json"
        self.settings.write_text(json.dumps(settings))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._launch()
        end = time.monotonic() + 60
        while True:
            try:
                self.ask("/system")
                return
            except OSError:
                assert time.monotonic() < end, (self.folder / "orthanc.log").read_text()[-2000:]
                time.sleep(0.1)
                if self.process is not None and self.process.poll() is not None:
                    self._launch()  # another program had its port for a moment

    def _launch(self) -> None:
        environment = {**os.environ, "TCP_NODELAY": "1"}
        with (self.folder / "orthanc.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.program), str(self.settings)], stdout=log, stderr=log, env=environment
            )

    def kill(self) -> None:
        """As a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask(self, path: str) -> Any:
        """The answer of its REST interface."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.http}{path}")
        if self._web:
            asked.add_header("Authorization", f"Basic {base64.b64encode(self._web.encode()).decode()}")
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return json.loads(answer.read())

    def instances(self) -> set[str]:
        """The SOP Instance UIDs that it has."""
        return {item["MainDicomTags"]["SOPInstanceUID"] for item in self.ask("/instances?expand")}
