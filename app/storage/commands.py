"""Choosing the bucket, saying why a region is acceptable, and holding what must be kept."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId, StaffId
from app.core.secret import Secret
from app.imaging.vocabulary import InstanceId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.model import Patient
from app.practice.model import Clinic
from app.storage import targets
from app.storage.credentials import Credentials, store_credentials
from app.storage.events import StorageTestAsked
from app.storage.model import LegalHold, PrivacyAssessment, StorageTarget, StoredObject
from app.storage.permissions import MANAGE_STORAGE, SEE_STORAGE
from app.storage.queries import Finding
from app.storage.regions import DEFAULT_REGION, place_of
from app.storage.uploading import note_transfers, note_unpackable, plan_transfers
from app.storage.vocabulary import (
    AssessmentId,
    LegalHoldId,
    ObjectState,
    Place,
    StorageProvider,
    StorageTargetId,
)

__all__ = [
    "NEEDS_ASSESSMENT", "add_storage_target", "change_storage_target", "enter_storage_credentials", "is_assessed",
    "lift_legal_hold", "note_storage_test", "note_transfers", "note_unpackable", "place_legal_hold", "plan_transfers",
    "record_privacy_assessment", "retry_transfers", "revoke_privacy_assessment", "stop_storage", "try_storage_target",
    "use_storage_target", "withdraw_storage_target",
]  # fmt: skip
NEEDS_ASSESSMENT = N_(
    "This region is outside Canada. Record the privacy impact assessment (s. 17 of the Act respecting the protection "
    "of personal information in the private sector) before images go there."
)


@command(permission=MANAGE_STORAGE, label=N_("Remove the bucket from the list"), icon="trash")
def withdraw_storage_target(tx: Transaction, target_id: StorageTargetId) -> None:
    """Take a bucket that is not in use out of the list. What is stored in it stays there."""
    target = _living(tx, target_id)
    if target.in_use:
        raise RuleViolation(N_("This bucket is in use. Stop the transfers first."))
    target.withdrawn_at = tx.now


@command(
    permission=MANAGE_STORAGE,
    label=N_("Add a bucket"),
    undo=(withdraw_storage_target, StorageTarget),
    icon="hard-drives",
)
def add_storage_target(
    tx: Transaction,
    name: str,
    provider: StorageProvider,
    bucket: str,
    region: str = "",
    account: str = "",
    endpoint: str = "",
    place: Place | None = None,
    prefix: str = "",
    clinic_id: ClinicId | None = None,
    cold_after_days: int = 90,
) -> StorageTargetId:
    """Enter a bucket of the clinic. Nothing goes there before it is tested and put to use.

    The region is the one in Québec unless another is said; of a service that is neither Amazon's nor Azure's, say also
    where it is. Credentials are entered apart and never stand in the database.
    """
    if clinic_id is not None:
        tx.get(Clinic, clinic_id)
    found = targets.checked_region(region or DEFAULT_REGION.get(provider, ""))
    made = StorageTarget(
        name=_named(name),
        provider=provider,
        bucket=targets.checked_bucket(provider, bucket),
        region=found,
        place=place_of(provider, found, place),
        account=targets.checked_account(provider, account),
        endpoint=targets.checked_endpoint(provider, endpoint),
        prefix=targets.checked_prefix(prefix),
        clinic_id=clinic_id,
        cold_after_days=targets.checked_days(cold_after_days),
    )
    tx.add(made)
    return made.id


@command(permission=MANAGE_STORAGE, label=N_("Change the bucket’s settings"), icon="pencil-simple")
def change_storage_target(
    tx: Transaction, target_id: StorageTargetId, name: str | None = None, cold_after_days: int | None = None
) -> None:
    """Rename a bucket here, or say after how many days its objects go to the cheaper class."""
    target = _living(tx, target_id)
    if name is not None:
        target.name = _named(name)
    if cold_after_days is not None:
        target.cold_after_days = targets.checked_days(cold_after_days)


@command(permission=MANAGE_STORAGE, label=N_("Enter the bucket’s credentials"), icon="key")
def enter_storage_credentials(
    tx: Transaction, target_id: StorageTargetId, secret: Secret, key_id: str = "", token: Secret | None = None
) -> None:
    """Keep the credentials of a bucket in the keyring of this computer, which is then the one that transfers.

    Of Amazon and services like it, the secret goes with the identifier of its key. They stand in no database, so that
    nothing of them is copied to other computers.
    """
    target = _living(tx, target_id)
    if target.provider is not StorageProvider.AZURE and not key_id.strip():
        raise RuleViolation(N_("Enter the identifier of the key too."), field="key_id")
    given = Credentials(secret.reveal().strip(), key_id.strip(), token.reveal().strip() if token else "")
    if not given.secret:
        raise RuleViolation(N_("Enter the secret."), field="secret")
    store_credentials(tx.files.folder.parent, target_id, given)


@command(permission=MANAGE_STORAGE, label=N_("Try the bucket out"), icon="plugs-connected")
def try_storage_target(tx: Transaction, target_id: StorageTargetId) -> None:
    """Have the machine that transfers reach the bucket, write, read and remove an object, and look at its settings."""
    target = _living(tx, target_id)
    target.tested_at, target.findings = None, None
    tx.record(StorageTestAsked(target_id=target_id))


@command(permission=MANAGE_STORAGE, label=N_("Note how the bucket did"), hidden=True)
def note_storage_test(tx: Transaction, target_id: StorageTargetId, findings: list[Finding]) -> None:
    """Keep what the test of a bucket found."""
    target = tx.get(StorageTarget, target_id)
    target.tested_at, target.findings = (
        tx.now,
        [
            {"step": str(one.step), "is_well": one.is_well, "words": str(one.words), "values": dict(one.values)}
            for one in findings
        ],
    )


@command(permission=MANAGE_STORAGE, label=N_("Stop the transfers"), icon="prohibit")
def stop_storage(tx: Transaction, target_id: StorageTargetId) -> None:
    """Send nothing more to this bucket. What is stored in it stays there and stays readable."""
    _living(tx, target_id).in_use = False


@command(permission=MANAGE_STORAGE, label=N_("Use this bucket"), icon="check-circle")
def use_storage_target(tx: Transaction, target_id: StorageTargetId) -> None:
    """Send the clinic’s images to this bucket from now on, and to no other.

    A region outside Canada is refused until its privacy impact assessment is recorded.
    """
    target = _living(tx, target_id)
    if target.place is Place.ELSEWHERE and not is_assessed(tx, target.provider, target.region):
        raise RuleViolation(NEEDS_ASSESSMENT, field="target_id")
    same = StorageTarget.clinic_id == target.clinic_id if target.clinic_id else StorageTarget.clinic_id.is_(None)
    for other in tx.all(select(StorageTarget).where(StorageTarget.in_use, same, StorageTarget.id != target_id)):
        other.in_use = False
    target.in_use = True


@command(permission=MANAGE_STORAGE, label=N_("Take the assessment back"), icon="arrow-u-up-left")
def revoke_privacy_assessment(tx: Transaction, assessment_id: AssessmentId, reason: str) -> AssessmentId:
    """Say that an assessment no longer holds. Buckets that stand on it alone are stopped."""
    found = tx.get(PrivacyAssessment, assessment_id)
    made = _assess(tx, found.provider, found.region, tx.today, reason, found.reference, holds=False)
    for target in tx.all(select(StorageTarget).where(StorageTarget.in_use, StorageTarget.place == Place.ELSEWHERE)):
        if (target.provider, target.region) == (found.provider, found.region):
            target.in_use = False
    return made


@command(
    permission=MANAGE_STORAGE,
    label=N_("Record a privacy impact assessment"),
    undo=(revoke_privacy_assessment, PrivacyAssessment),
    icon="shield-check",
)
def record_privacy_assessment(
    tx: Transaction,
    provider: StorageProvider,
    region: str,
    assessor: str,
    reference: str,
    assessed_on: date | None = None,
) -> AssessmentId:
    """Note who assessed what it means to keep images in a region, when, and where the document is."""
    day = assessed_on or tx.today
    if day > tx.today:
        raise RuleViolation(N_("An assessment cannot be of a day to come."), field="assessed_on")
    if not reference.strip():
        raise RuleViolation(N_("Say where the document is."), field="reference")
    return _assess(tx, provider, targets.checked_region(region), day, assessor, reference, holds=True)


@command(permission=MANAGE_STORAGE, label=N_("Lift the hold"), icon="lock-open")
def lift_legal_hold(tx: Transaction, hold_id: LegalHoldId) -> None:
    """Let the retention policy count again for a chart."""
    hold = tx.get(LegalHold, hold_id)
    if hold.lifted_at is not None:
        raise RuleViolation(N_("This hold was lifted already."))
    hold.lifted_at = tx.now


@command(permission=MANAGE_STORAGE, label=N_("Place a legal hold"), undo=(lift_legal_hold, LegalHold), icon="lock-key")
def place_legal_hold(tx: Transaction, patient_id: PatientId, reason: str) -> LegalHoldId:
    """Keep everything of a chart, whatever the retention policy says, until the hold is lifted."""
    tx.get(Patient, patient_id)
    if not reason.strip():
        raise RuleViolation(N_("Say why."), field="reason")
    standing = select(LegalHold.id).where(LegalHold.patient_id == patient_id, LegalHold.lifted_at.is_(None))
    if tx.first(standing) is not None:
        raise RuleViolation(N_("This chart is held already."))
    made = LegalHold(patient_id=patient_id, reason=reason.strip(), placed_at=tx.now)
    tx.add(made)
    return made.id


@command(permission=SEE_STORAGE, label=N_("Try the transfers again"), icon="arrow-clockwise")
def retry_transfers(tx: Transaction, instance_id: InstanceId | None = None) -> None:
    """Send at once what waits after a failure or has stopped, of one image or of all; at most 400 objects."""
    stuck = select(StoredObject).where(
        (StoredObject.state == ObjectState.STUCK)
        | ((StoredObject.state == ObjectState.WAITING) & StoredObject.next_try_at.is_not(None))
    )
    if instance_id is not None:
        stuck = stuck.where(StoredObject.instance_id == instance_id)
    for found in tx.all(stuck.order_by(StoredObject.priority, StoredObject.id).limit(400)):
        found.state, found.next_try_at, found.trouble, found.tries = ObjectState.WAITING, None, None, 0


def is_assessed(tx: Transaction, provider: StorageProvider, region: str) -> bool:
    """Whether the newest word on a region is that its assessment holds."""
    newest = (
        select(PrivacyAssessment.holds)
        .where(PrivacyAssessment.provider == provider, PrivacyAssessment.region == region)
        .order_by(PrivacyAssessment.recorded_at.desc(), PrivacyAssessment.id.desc())
    )
    return bool(tx.first(newest))


def _assess(
    tx: Transaction, provider: StorageProvider, region: str, day: date, assessor: str, reference: str, *, holds: bool
) -> AssessmentId:
    if not assessor.strip():
        raise RuleViolation(N_("Say who."), field="assessor")
    made = PrivacyAssessment(
        provider=provider, region=region, assessed_on=day, assessor=assessor.strip(), reference=reference.strip(),
        holds=holds, recorded_at=tx.now, recorded_by_id=StaffId(tx.actor.id),
    )  # fmt: skip
    tx.add(made)
    return made.id


def _living(tx: Transaction, target_id: StorageTargetId) -> StorageTarget:
    target = tx.get(StorageTarget, target_id)
    if target.withdrawn_at is not None:
        raise RuleViolation(N_("This bucket was removed from the list."))
    return target


def _named(name: str) -> str:
    found = " ".join(name.split())
    if not 1 <= len(found) <= 60:
        raise RuleViolation(N_("A name has 1 to 60 characters."), field="name")
    return found
