"""Rows that are bad, odd or already here: each is named, and the rest goes in."""

from __future__ import annotations

import csv
import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.conversion.importing import Source, convert, undo_conversion
from app.conversion.mapping import given_files, guess_mapping
from app.conversion.mappings import change_mapping, save_mapping, withdraw_mapping
from app.conversion.mending import save_rejected_rows
from app.conversion.queries import conversion_mappings
from app.conversion.report import Report, reconciliation_csv, remarks_csv
from app.conversion.vocabulary import DateOrder, Weight
from app.core.clock import Clock
from app.core.errors import RuleViolation
from app.core.i18n import set_language
from app.journal.erasure import erase_subject
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import Workplace, open_workplace
from app.patients.commands import create_patient
from tests.app.clinic_world import World
from tests.app.conversion.conftest import Convert
from tests.benchmarks.conversion import write_patients

ROOT = Path(__file__).parents[3]


def write(old: Path, name: str, *lines: str) -> None:
    (old / name).write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")


def only(old: Path, *names: str) -> None:
    for path in old.iterdir():
        if path.name not in names:
            path.unlink()


def texts(report: Report) -> list[tuple[str, int, str, str]]:
    return [(one.file, one.line, one.column, one.text) for one in report.remarks]


def test_one_bad_row_in_a_hundred_is_named_and_the_rest_is_in(
    take_in: Convert, old: Path, world: World, workplace: Workplace
) -> None:
    only(old)
    bad = write_patients(old / "patients.csv", 1200)
    report = take_in()
    (count,) = report.files
    assert (count.given, count.taken_in, count.rejected) == (1200, 1200 - bad, bad)
    assert sorted({one.line for one in report.remarks}) == [100 * n + 1 for n in range(1, bad + 1)]
    again = take_in()
    assert (again.files[0].taken_in, again.files[0].already, again.files[0].rejected) == (0, 1200 - bad, bad)
    assert report.run_id
    undo_conversion(world.runner, world.boss, report.run_id)
    with world.runner.read(world.boss) as read:
        assert read.sql("SELECT count(*) FROM patient_search")[0][0] == len(world.patients)
    assert workplace.verify().sound


def test_what_is_wrong_with_a_patient_is_said_by_column(take_in: Convert, old: Path, world: World) -> None:
    world.run(create_patient, "Roy", "Max", file_number="A-9")
    only(old)
    write(
        old, "patients.csv",
        "No;No dossier;Nom;Prénom;Date de naissance;NAM;Courriel;Code postal;Province;Adresse;Statut",
        "1;A-1;Roy;Léa;17/05/2012;;;;;;Actif",
        "1;A-2;Roy;Léo;17/05/2012;;;;;;Actif",
        "2;A-1;Roy;Eve;17/05/2012;;;;;;Actif",
        "3;A-9;Roy;Zoé;17/05/2012;;;;;;Actif",
        "4;A-4;;Zoé;31/02/2012;12;pas un courriel;;;;Perdu",
        "5;A-5;Roy;Ian;17/05/2030;;;Z1Z 1Z1;QC;1, rue A;",
        "6;A-6;Roy",
    )  # fmt: skip
    report = take_in()
    assert (report.files[0].taken_in, report.files[0].rejected) == (1, 6)
    said = texts(report)
    assert (("patients.csv", 3, "No", "The number of this row is also that of line 2.")) in said
    assert (("patients.csv", 4, "No dossier", "Another chart has the number A-1.")) in said
    assert (("patients.csv", 5, "No dossier", "Another chart has the number A-9.")) in said
    assert {column for _f, line, column, _t in said if line == 6} == {"Date de naissance", "Statut"}
    assert {column for _f, line, column, _t in said if line == 7} == {"Date de naissance", "Code postal"}
    assert [text for _f, line, _c, text in said if line == 8] == ["This row has 3 cells, the heads are 11."]


def test_a_probable_double_is_a_warning(take_in: Convert, old: Path, world: World) -> None:
    only(old)
    write(old, "patients.csv", "No;Nom;Prénom;Date de naissance", "77;Tremblay;Lea;17/05/2012")
    report = take_in()
    assert (report.files[0].taken_in, report.files[0].warnings) == (1, 1)
    assert report.remarks[0].weight is Weight.WARNING
    assert "probably the same patient" in report.remarks[0].text


def test_days_that_can_be_read_in_two_ways_are_asked(take_in: Convert, old: Path) -> None:
    only(old)
    write(old, "patients.csv", "No;Nom;Prénom;Date de naissance", "1;Roy;Léa;03/04/2012", "2;Roy;Eve;01/02/2013")
    with pytest.raises(RuleViolation, match="can be read in two ways") as asked:
        take_in()
    assert asked.value.field == "dates"
    assert take_in(dates=DateOrder.MONTH_FIRST).files[0].taken_in == 2


def test_rejected_rows_are_mended_and_taken_in_alone(take_in: Convert, old: Path, tmp_path: Path) -> None:
    only(old)
    write(old, "patients.csv", "No;Nom;Prénom;Date de naissance", "1;Roy;Léa;17/05/2012", "2;Roy;Eve;31/02/2013")
    mapping = guess_mapping(old, "Vieux", "Vieux")
    report = take_in(mapping)
    files, _unknown = given_files([old / "patients.csv"], mapping)
    set_language("fr")
    (path,) = save_rejected_rows(files, report.remarks, tmp_path / "mended")
    set_language("en")
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert rows[1][:5] == ["2", "Roy", "Eve", "31/02/2013", "3"]
    assert "n’est pas une date" in rows[1][5]
    only(old)
    (old / path.name).write_text(path.read_text(encoding="utf-8-sig").replace("31/02", "28/02"), encoding="utf-8")
    mended = take_in(mapping)
    assert [(one.taken_in, one.rejected) for one in mended.files] == [(1, 0)]


def test_exports_hold_both_languages_and_figures_that_add_up(take_in: Convert, old: Path) -> None:
    write(old, "soldes.csv", "No compte;No patient;Date;Solde", "1;101;31/10/2026;12,50", "2;999;31/10/2026;7,00")
    report = take_in()
    balances = next(one for one in report.files if one.file == "soldes.csv")
    assert (balances.given_cents, balances.in_cents, balances.rejected_cents) == (1950, 1250, 700)
    assert report.adds_up
    assert "7.00" in reconciliation_csv(report.files).decode("utf-8-sig")
    text = remarks_csv(report.remarks).decode("utf-8-sig")
    assert "Aucun patient" in text
    assert "No patient of the old system" in text


def test_visits_keep_what_the_old_system_allowed_but_nothing_impossible(take_in: Convert, old: Path) -> None:
    write(
        old, "rendez-vous.csv", "No;No patient;Date;Heure;Type;Fauteuil;Docteur;Statut",
        "1;101;01/12/2026;9:00;ADJ;Fauteuil 1;Dre Gagnon;Prévu",
        "2;102;01/12/2026;9:00;ADJ;Fauteuil 1;Dre Gagnon;Prévu",
        "3;101;01/12/2026;9:05;ADJ;Fauteuil 2;;Prévu",
        "4;103;20/12/2026;9:00;ADJ;Fauteuil 1;;Vu",
        "5;103;20/10/2026;9:00;Inconnu;Fauteuil 9;Dr Personne;Vu",
    )  # fmt: skip
    report = take_in()
    count = next(one for one in report.files if one.file == "rendez-vous.csv")
    assert (count.taken_in, count.rejected) == (2, 3)
    lines = {one.line for one in report.remarks if one.weight is Weight.ERROR}
    assert lines == {4, 5, 6}
    assert {one.column for one in report.remarks if one.line == 6} == {"Type", "Fauteuil", "Docteur"}


def test_payers_pay_at_most_the_whole_bill(take_in: Convert, old: Path) -> None:
    write(
        old, "responsables.csv", "No;No patient;Nom;Prénom;Part", "1;101;Roy;Luc;60", "2;101;Côté;Eve;50",
        "3;999;Roy;Zoé;10",
    )  # fmt: skip
    report = take_in()
    count = next(one for one in report.files if one.file == "responsables.csv")
    assert (count.taken_in, count.rejected) == (1, 2)


def test_who_was_erased_here_is_not_taken_in_again(take_in: Convert, world: World, workplace: Workplace) -> None:
    take_in()
    with world.runner.read(world.boss) as read:
        patient = read.sql("SELECT id FROM patient WHERE file_number = 'A-101'")[0][0]
    erase_subject(workplace.runner, world.boss, patient)
    again = take_in()
    count = again.files[0]
    assert (count.already, count.rejected) == (2, 1)
    assert workplace.verify().sound


def test_mappings_are_saved_changed_and_withdrawn(old: Path, world: World) -> None:
    mapping = guess_mapping(old, "Vieux", "Vieux")
    key = world.run(save_mapping, mapping)
    with pytest.raises(RuleViolation, match="already"):
        world.run(save_mapping, mapping)
    world.run(change_mapping, key, dataclasses.replace(mapping, name="Autre", system="Ailleurs"))
    (line,) = world.ask(conversion_mappings)
    assert (line.name, line.mapping.system, line.mapping.files) == ("Autre", "Vieux", mapping.files)
    world.run(withdraw_mapping, key)
    assert world.ask(conversion_mappings) == ()
    with pytest.raises(RuleViolation, match="no longer in use"):
        world.run(change_mapping, key, mapping)


PROGRAM = """
import sys
from pathlib import Path
from app.conversion.importing import Source, convert
from app.conversion.mapping import guess_mapping
from app.journal.queries import SYSTEM
from app.journal.workplace import open_workplace

def tell(done, total, name):
    print(done, flush=True)

if __name__ == "__main__":
    old = Path(sys.argv[2])
    mapping = guess_mapping(old, "Vieux", "Vieux")
    with open_workplace(Path(sys.argv[1])) as place:
        convert(place.runner, SYSTEM, Source.of_folder(old, mapping), mapping, progress=tell)
"""


def test_a_killed_conversion_goes_on_without_doubles(tmp_path: Path, clock: Clock) -> None:
    old, folder, program = tmp_path / "old", tmp_path / "fresh", tmp_path / "run_conversion.py"
    old.mkdir()
    bad = write_patients(old / "patients.csv", 1500)
    open_workplace(folder, create=True, kind="test", clock=clock).close()
    program.write_text(PROGRAM)
    running = subprocess.Popen(
        [sys.executable, str(program), str(folder), str(old)],
        stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    for line in running.stdout:
        if int(line) >= 300:
            break
    running.kill()
    running.wait()
    running.stdout.close()
    mapping = guess_mapping(old, "Vieux", "Vieux")
    with open_workplace(folder, clock=clock) as place:
        assert place.verify().sound
        with place.runner.read(SYSTEM) as read:
            before = read.sql("SELECT count(*) FROM patient")[0][0]
        assert 200 <= before < 1500 - bad
        report = convert(place.runner, SYSTEM, Source.of_folder(old, mapping), mapping)
        assert report.resumed
        assert (report.files[0].taken_in, report.files[0].already, report.adds_up) == (1500 - bad, 0, True)
        with place.runner.read(SYSTEM) as read:
            assert read.sql("SELECT count(*) FROM patient")[0][0] == 1500 - bad
        assert place.verify().sound
        assert report.run_id
        undo_conversion(place.runner, SYSTEM, report.run_id)
        with place.runner.read(SYSTEM) as read:
            assert read.sql("SELECT count(*) FROM patient WHERE withdrawn_at IS NULL")[0][0] == 0
        assert place.verify().sound


def test_images_find_their_patient_by_their_names_and_go_with_the_undo(
    take_in: Convert, old: Path, world: World, boss: Actor
) -> None:
    images = old / "images"
    images.mkdir()
    for number, name in enumerate(
        ("A-101_2026-10-20_front.jpg", "102_20261021_smile.png", "999_2026-10-20_x.jpg", "IMG1.jpg")
    ):
        Image.new("RGB", (64, 48), (number * 40, 90, 120)).save(images / name)
    mapping = dataclasses.replace(guess_mapping(old, "Vieux", "Vieux"), image_pattern="{number}_{date}_{view}.jpg")
    dry = take_in(mapping, dry_run=True)
    assert dry.images is not None
    assert (dry.images.given, dry.images.rejected) == (4, 3)
    report = take_in(mapping)
    assert report.images is not None
    assert (report.images.given, report.images.imported, report.images.rejected) == (4, 2, 2)
    assert report.adds_up
    sql = (
        "SELECT p.given_name, s.match, s.studied_on FROM study s JOIN patient p ON p.id = s.patient_id"
        " JOIN image_state i ON i.study_id = s.id WHERE i.withdrawn_at IS NULL ORDER BY 1"
    )
    with world.runner.read(boss) as read:
        found = [tuple(row) for row in read.sql(sql)]
    assert found == [("Noah", "assigned", "2026-10-21"), ("Élodie", "assigned", "2026-10-20")]
    again = take_in(mapping)
    assert again.images is not None
    assert (again.images.imported, again.images.already) == (0, 2)
    assert report.run_id
    undo_conversion(world.runner, boss, report.run_id)
    with world.runner.read(boss) as read:
        assert read.sql(sql) == []
