"""`scrub`: exit 7 as long as a sealed image is damaged."""

from __future__ import annotations

from pathlib import Path

from app.imaging import workers
from app.imaging.importing import import_paths
from app.journal.queries import SYSTEM
from app.journal.workplace import open_workplace
from tests.app.imaging import samples
from tests.cli.conftest import Call


def test_scrub_tells_damaged_files_until_they_are_mended(cli: Call, folder: Path, tmp_path: Path) -> None:
    with open_workplace(folder) as place:
        import_paths(place.runner, SYSTEM, [samples.dicom_file(tmp_path / "a.dcm", "1.1")])
        with place.runner.read(SYSTEM) as read:
            path = place.files.path(read.sql("SELECT sha256 FROM instance")[0][0])
    workers.close()
    sound = cli("scrub", "--json")
    assert (sound.code, sound.json["damaged"], sound.json["left"]) == (0, [], 0)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    found = cli("scrub", "--json")
    assert found.code == 7
    assert [line["fault"] for line in found.json["damaged"]] == ["damaged"]
    assert "no longer what was written" in cli("scrub", "--megabytes", "0").out
    path.write_bytes(content)
    assert cli("scrub").code == 0
