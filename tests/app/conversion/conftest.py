"""The small practice, made once and copied for each test, and an old system’s files."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.conversion.importing import Source, convert
from app.conversion.mapping import Mapping, guess_mapping
from app.conversion.report import Report
from app.core.clock import Clock
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import open_workplace
from tests.app.clinic_world import World, build
from tests.conftest import NOW

PATIENTS = (
    "No patient;No dossier;Nom;Prénom;Date de naissance;Sexe;Langue;Famille;Cellulaire;Courriel;Adresse;Ville;Province;"
    "Code postal;Statut\r\n"
    "101;A-101;Côté;Élodie;17/05/2012;F;Français;F1;514 555-0142;elodie@courriel.example;12, rue Saint-Denis;Montréal;"
    "QC;H2X 1Y4;Actif\r\n"
    "102;A-102;Côté;Noah;28/02/2014;M;Français;F1;(514) 555-0143;;;;;;Actif\r\n"
    "103;A-103;O’Brien;Grace;03/11/2011;F;Anglais;F2;;;;;;;Inactif\r\n"
)
RESPONSIBLE = (
    "No responsable;Famille;Nom;Prénom;Lien;Part;Téléphone\r\n"
    "R1;F1;Côté;Marie;Mère;60;514 555-0150\r\n"
    "R2;F1;Roy;Luc;Père;40;514 555-0151\r\n"
)
APPOINTMENTS = (
    "No rendez-vous;No patient;Date;Heure;Type;Fauteuil;Docteur;Statut\r\n"
    "5001;101;20/10/2026;09:00;ADJ;Fauteuil 1;Dre Gagnon;Vu\r\n"
    "5002;102;21/10/2026;10:00;ADJ;Fauteuil 2;;Absent\r\n"
    "5003;101;01/12/2026;9 h 30;ADJ;Fauteuil 1;Dre Gagnon;Prévu\r\n"
)
RECALLS = "No rappel;No patient;Date;Type\r\n7001;103;15/01/2027;Contention\r\n"
NOTES = 'No note;No patient;Date;Auteur;Texte\r\n8001;101;20/10/2026;MG;"Dit: ""ça pince"".\r\nArc changé."\r\n'
BALANCES = (
    "No compte;No patient;Date;Contrat;Payé;Solde\r\n"
    "9001;101;31/10/2026;6 500,00 $;2 000,00 $;4 500,00 $\r\n"
    "9002;102;31/10/2026;5 000,00;5 000,00;0,00\r\n"
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> tuple[Path, World]:
    """A closed folder that holds the practice, and its ids."""
    folder = Path(shutil.copytree(empty_folder, tmp_path_factory.mktemp("practice") / "data"))
    with open_workplace(folder, clock=Clock.fixed(NOW)) as opened:
        world = build(opened.runner, Actor("boss", "Claire Brunet", everything=True))
    return folder, world


@pytest.fixture
def folder(tmp_path: Path, made: tuple[Path, World]) -> Path:
    """A copy of it, which the shared fixtures open."""
    return Path(shutil.copytree(made[0], tmp_path / "data"))


@pytest.fixture
def world(runner: Runner, boss: Actor, made: tuple[Path, World]) -> World:
    """A clinic with two chairs on Tuesday 24 November 2026, 9:00."""
    return dataclasses.replace(made[1], runner=runner, boss=boss)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of an old system, in Windows-1252 and with day-first dates, as French programs write."""
    place = tmp_path / "old"
    place.mkdir()
    files = {
        "patients.csv": PATIENTS, "responsables.csv": RESPONSIBLE, "rendez-vous.csv": APPOINTMENTS,
        "rappels.csv": RECALLS, "notes.csv": NOTES, "soldes.csv": BALANCES,
    }  # fmt: skip
    for name, text in files.items():
        (place / name).write_bytes(text.encode("cp1252"))
    return place


Convert = Callable[..., Report]


@pytest.fixture
def take_in(runner: Runner, boss: Actor, old: Path) -> Convert:
    """Convert the folder, by the mapping given or by a guessed one."""

    def run(mapping: Mapping | None = None, **options: object) -> Report:
        chosen = mapping or guess_mapping(old, "Vieux", "Vieux")
        return convert(runner, boss, Source.of_folder(old, chosen), chosen, **options)

    return run
