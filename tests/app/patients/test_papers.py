"""Consents that are never rewritten; documents that lie sealed."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from app.core.errors import RuleViolation
from app.core.ids import PatientId, PersonId
from app.journal.erasure import erase_subject
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.settings_store import change_setting
from app.journal.workplace import Workplace
from app.patients.commands import (
    add_document,
    add_document_version,
    add_person,
    change_document,
    record_consent,
    void_consent,
    withdraw_consent,
    withdraw_document,
    withdraw_document_version,
)
from app.patients.document_files import PREVIEW_PIXELS, mime_of, preview_of
from app.patients.queries import (
    ConsentDecision,
    ConsentPurpose,
    DocumentKind,
    consents_of,
    documents_of,
    has_consent,
    patient_banner,
    patient_page,
)
from tests.conftest import NOW

TODAY = NOW.date()
PHOTOS = ConsentPurpose.RECORD_PHOTOS


def stands(runner: Runner, boss: Actor, patient: PatientId, purpose: ConsentPurpose = PHOTOS) -> bool:
    with runner.read(boss) as read:
        return has_consent(read, patient, purpose)


def test_given_withdrawn_given_again(runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId) -> None:
    assert not stands(runner, boss, florence)
    runner.run(boss, record_consent, florence, PHOTOS, by_person_id=isabelle, text_version="2026-01")
    assert stands(runner, boss, florence)
    assert runner.ask(boss, patient_banner, florence).photos_consented
    runner.run(boss, withdraw_consent, florence, PHOTOS, isabelle, note="Au téléphone")
    assert not stands(runner, boss, florence)
    with pytest.raises(RuleViolation, match="no consent to withdraw"):
        runner.run(boss, withdraw_consent, florence, PHOTOS)
    runner.run(boss, record_consent, florence, PHOTOS)
    assert stands(runner, boss, florence)
    lines = runner.ask(boss, consents_of, florence)
    assert [(line.decision, line.in_force) for line in lines] == [
        (ConsentDecision.GIVEN, True), (ConsentDecision.WITHDRAWN, False), (ConsentDecision.GIVEN, False),
    ]  # fmt: skip
    assert lines[2].collected_by == boss.id


def test_a_refusal_is_kept(runner: Runner, boss: Actor, florence: PatientId) -> None:
    runner.run(boss, record_consent, florence, PHOTOS, given=False)
    assert not stands(runner, boss, florence)
    (decision,) = runner.ask(boss, patient_page, florence).decisions
    assert decision.decision is ConsentDecision.REFUSED


def test_undo_voids_and_nothing_is_rewritten(runner: Runner, boss: Actor, florence: PatientId) -> None:
    done = runner.submit(boss, record_consent, florence, PHOTOS).result()
    runner.undo(boss, done.operation_id)
    assert not stands(runner, boss, florence)
    assert [line.decision for line in runner.ask(boss, consents_of, florence)] == [
        ConsentDecision.VOIDED, ConsentDecision.GIVEN,
    ]  # fmt: skip
    with pytest.raises(RuleViolation, match="already been voided"):
        runner.run(boss, void_consent, done.result)


def test_voiding_a_withdrawal_brings_the_consent_back(runner: Runner, boss: Actor, florence: PatientId) -> None:
    runner.run(boss, record_consent, florence, PHOTOS)
    runner.run(boss, void_consent, runner.run(boss, withdraw_consent, florence, PHOTOS))
    assert stands(runner, boss, florence)


def test_a_consent_row_is_immutable(runner: Runner, boss: Actor, florence: PatientId) -> None:
    runner.run(boss, record_consent, florence, PHOTOS)
    with pytest.raises(Exception, match="immutable"), runner.database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE consent SET decision = 'refused'")
    assert stands(runner, boss, florence)


def test_who_may_consent(runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId) -> None:
    with pytest.raises(RuleViolation, match="under 14") as refused:
        runner.run(boss, record_consent, florence, PHOTOS, decided_on=TODAY.replace(month=3, day=13))
    assert refused.value.field == "by_person_id"
    runner.run(boss, record_consent, florence, PHOTOS, decided_on=TODAY.replace(month=3, day=14))
    stranger = runner.run(boss, add_person, "Caron", "Luc")
    with pytest.raises(RuleViolation, match="does not answer"):
        runner.run(boss, record_consent, florence, PHOTOS, by_person_id=stranger)
    with pytest.raises(RuleViolation, match="future"):
        runner.run(boss, record_consent, florence, PHOTOS, decided_on=TODAY + timedelta(days=1))
    with pytest.raises(RuleViolation, match="later day"):
        runner.run(boss, withdraw_consent, florence, PHOTOS, decided_on=TODAY.replace(month=1))


def picture(size: tuple[int, int] = (900, 600), mode: str = "RGB", kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 0 if mode != "RGB" else (200, 30, 30)).save(out, kind)
    return out.getvalue()


def test_a_document_comes_back_as_it_went_in(
    workplace: Workplace, runner: Runner, boss: Actor, florence: PatientId, tmp_path: Path
) -> None:
    original = tmp_path / "Référence du dentiste.png"
    original.write_bytes(picture())
    document = runner.run(boss, add_document, florence, DocumentKind.REFERRAL, str(original))
    (line,) = runner.ask(boss, documents_of, florence)
    assert (line.id, line.title, line.current.mime) == (document, "Référence du dentiste", "image/png")
    assert workplace.files.read(line.current.sha256) == original.read_bytes()
    assert line.current.preview_sha256 is not None
    with Image.open(io.BytesIO(workplace.files.read(line.current.preview_sha256))) as preview:
        assert (preview.format, preview.size) == ("JPEG", (PREVIEW_PIXELS, 320))
    for path in (tmp_path / "data").rglob("*"):
        assert not path.is_file() or original.read_bytes()[:64] not in path.read_bytes()
        assert "Référence" not in path.name


def test_versions_replace_and_return(
    workplace: Workplace, runner: Runner, boss: Actor, florence: PatientId, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("un", encoding="utf-8")
    second.write_text("deux", encoding="utf-8")
    document = runner.run(boss, add_document, florence, DocumentKind.LETTER, str(first), "Lettre")
    done = runner.submit(boss, add_document_version, document, str(second)).result()

    def contents() -> list[bytes]:
        (line,) = runner.ask(boss, documents_of, florence)
        return [workplace.files.read(version.sha256) for version in line.versions]

    assert contents() == [b"deux", b"un"]
    runner.undo(boss, done.operation_id)
    assert contents() == [b"un"]
    with pytest.raises(RuleViolation, match="already been withdrawn"):
        runner.run(boss, withdraw_document_version, done.result)
    third = runner.run(boss, add_document_version, document, str(second))
    runner.run(boss, withdraw_document_version, third)
    assert contents() == [b"un"]
    renamed = runner.submit(boss, change_document, document, DocumentKind.LAB, "Rapport").result()
    runner.undo(boss, renamed.operation_id)
    assert runner.ask(boss, documents_of, florence)[0].title == "Lettre"
    runner.run(boss, withdraw_document, document)
    assert runner.ask(boss, documents_of, florence) == ()
    with pytest.raises(RuleViolation, match="no longer in the chart"):
        runner.run(boss, add_document_version, document, str(second))


def test_files_that_are_refused(runner: Runner, boss: Actor, florence: PatientId, tmp_path: Path) -> None:
    def refusal(name: str, content: bytes | None) -> str:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(RuleViolation) as refused:
            runner.run(boss, add_document, florence, DocumentKind.OTHER, str(path))
        assert refused.value.field == "path"
        return str(refused.value)

    assert "no such file" in refusal("rien.pdf", None)
    assert "empty" in refusal("vide.pdf", b"")
    assert "DICOM" in refusal("image.dcm", b"\x00" * 128 + b"DICM" + b"\x00" * 8)
    assert "none of them" in refusal("virus.exe", b"MZ\x90\x00")
    assert "none of them" in refusal("faux.docx", b"PK\x03\x04 rien")
    assert "none of them" in refusal("faux.txt", b"a\x00b")
    runner.run(boss, change_setting, "document_limit_mb", "1")
    assert "larger than 1 MB" in refusal("gros.pdf", b"%PDF-" + b"0" * 1024 * 1024)
    assert runner.ask(boss, documents_of, florence) == ()


def test_kinds_are_told_by_their_content() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert mime_of(out.getvalue(), "lettre.DOCX").endswith("wordprocessingml.document")
    assert mime_of(b"%PDF-1.7", "scan.jpg") == "application/pdf"
    assert mime_of("é;1".encode("latin-1"), "liste.csv") == "text/csv"
    assert mime_of(picture(kind="WEBP"), "x") == "image/webp"
    assert mime_of(picture(kind="TIFF"), "x") == "image/tiff"


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "PNG"), ("P", "GIF"), ("RGBA", "PNG"), ("I;16", "TIFF"), ("1", "BMP"), ("CMYK", "JPEG")]
)
def test_previews_of_every_kind_of_image(mode: str, kind: str) -> None:
    content = picture((60, 40), mode, kind)
    preview = preview_of(content, mime_of(content, "x"))
    assert preview is not None
    with Image.open(io.BytesIO(preview)) as image:
        assert (image.mode, image.size) in {("RGB", (60, 40)), ("L", (60, 40))}


def test_no_preview_of_a_pdf_nor_of_a_broken_image() -> None:
    assert preview_of(b"%PDF-1.7 ...", "application/pdf") is None
    assert preview_of(b"\xff\xd8\xff broken", "image/jpeg") is None


def test_an_erased_patient_leaves_no_file(
    workplace: Workplace, runner: Runner, boss: Actor, florence: PatientId, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(picture())
    runner.run(boss, add_document, florence, DocumentKind.OTHER, str(path))
    current = runner.ask(boss, documents_of, florence)[0].current
    erase_subject(runner, boss, florence)
    assert runner.ask(boss, documents_of, florence) == ()
    for name in (current.sha256, current.preview_sha256):
        assert name is not None
        assert not workplace.files.exists(name)
