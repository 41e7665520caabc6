"""Write NOTICES.md: the distributions that Archwire installs, each with its version and licence.

Run it in the environment of the lock after the lock has changed: ``.venv/bin/python installers/notices.py``.
"""

from pathlib import Path

import licences

NOTICES = Path(__file__).resolve().parent.parent / "NOTICES.md"
HEAD = """# Third-party notices

Archwire installs these distributions, unchanged, as separate files in its own environment. The full text of every
licence lies in the installed distribution, under its `*.dist-info` folder or beside its code.
This page is written by `installers/notices.py`; `tests/test_licences.py` checks that it is current.

| distribution | version | licence | installed on |
|---|---|---|---|
"""
TAIL = """
## Libraries inside these distributions

- PySide6-Essentials and shiboken6 hold Qt 6. Archwire uses both under the LGPL 3.0 and links to them dynamically:
  you may replace the files in the `PySide6` and `shiboken6` folders of the environment by your own build.
- pi-heif holds libheif and libde265, under the LGPL 3.0, as shared libraries that you may replace in the same way.
  It holds no HEVC encoder.
- sqlcipher3 holds SQLCipher (BSD 3-Clause), SQLite (public domain) and OpenSSL's libcrypto (Apache 2.0).
- cryptography holds OpenSSL (Apache 2.0).
- imagecodecs, numpy and pillow hold image and mathematics libraries under permissive licences, and GCC's runtime
  libraries under the GPL 3.0 with the GCC Runtime Library Exception; their texts are in the distributions.
"""
SYSTEMS = {
    "": "every system",
    'sys_platform == "linux"': "Linux",
    'sys_platform == "win32"': "Windows",
    'sys_platform == "darwin"': "macOS",
}


def notices() -> str:
    """Return the text that NOTICES.md must have."""
    rows = [
        f"| {pin.name} | {pin.version} | {licences.licence(pin.name)} | {SYSTEMS[pin.marker]} |\n"
        for pin in licences.runtime_pins()
    ]
    return HEAD + "".join(rows) + TAIL


if __name__ == "__main__":
    NOTICES.write_text(notices(), encoding="utf-8")
