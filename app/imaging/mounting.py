"""Mounts: putting the images of one patient into the places of a layout."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId, derived_id
from app.imaging.layouts import LAYOUTS, Position
from app.imaging.model import ImageState, Instance, Mount, MountedImage, Study
from app.imaging.permissions import IMPORT_IMAGES
from app.imaging.views import PhotoView
from app.imaging.vocabulary import Content, InstanceId, MountId, StudyId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.charts import chart_ids
from app.patients.commands.patients import living_patient


@command(permission=IMPORT_IMAGES, label=N_("Withdraw the mount"))
def withdraw_mount(tx: Transaction, mount_id: MountId) -> None:
    """Take a mount out of the lists. Its images stay in the chart."""
    mount = tx.get(Mount, mount_id)
    if mount.withdrawn_at is None:
        mount.withdrawn_at = tx.now


@command(permission=IMPORT_IMAGES, label=N_("Make a mount"), undo=(withdraw_mount, Mount))
def create_mount(
    tx: Transaction, patient_id: PatientId, layout: str, title: str = "", mounted_on: date | None = None
) -> MountId:
    """Make an empty mount of one of the layouts, dated today unless another day is given."""
    living_patient(tx, patient_id)
    if layout not in LAYOUTS:
        raise NotFound(N_("layout"), layout)
    mount = tx.add(
        Mount(patient_id=patient_id, layout=layout, title=title.strip() or None, mounted_on=mounted_on or tx.today)
    )
    for position in LAYOUTS[layout].positions:
        key = derived_id(mount.id, position.key)
        tx.add(MountedImage(id=key, mount_id=mount.id, patient_id=patient_id, position=position.key))
    return mount.id


@command(permission=IMPORT_IMAGES, label=N_("Restore the mount"))
def restore_mount(tx: Transaction, mount_id: MountId) -> None:
    """Bring back a mount that was withdrawn."""
    tx.get(Mount, mount_id).withdrawn_at = None


@command(permission=IMPORT_IMAGES, label=N_("Rename the mount"))
def rename_mount(tx: Transaction, mount_id: MountId, title: str, mounted_on: date | None = None) -> None:
    """Give a mount another title, and another day where one is given."""
    mount = _living(tx, mount_id)
    mount.title = title.strip() or None
    mount.mounted_on = mounted_on or mount.mounted_on


@command(permission=IMPORT_IMAGES, label=N_("Put the image into the mount"))
def put_in_mount(
    tx: Transaction, mount_id: MountId, position: str, instance_id: InstanceId, replace: bool = False
) -> None:
    """Put an image of the same chart into a place of a mount. A place that is taken is kept, unless it is replaced."""
    mount = _living(tx, mount_id)
    place = _place(tx, mount_id, position)
    _check_image(tx, mount, instance_id)
    if place.instance_id == instance_id:
        return
    if any(one.instance_id == instance_id for one in _places(tx, mount_id)):
        raise RuleViolation(N_("This image is in the mount already: swap the two places."), field="instance_id")
    if place.instance_id is not None and not replace and _is_shown(tx, place.instance_id):
        raise RuleViolation(N_("This place of the mount is taken."), field="position")
    _fill(place, instance_id)


@command(permission=IMPORT_IMAGES, label=N_("Take the image out of the mount"))
def take_out_of_mount(tx: Transaction, mount_id: MountId, position: str) -> None:
    """Empty a place of a mount. The image stays in the chart."""
    _living(tx, mount_id)
    _fill(_place(tx, mount_id, position), None)


@command(permission=IMPORT_IMAGES, label=N_("Swap two places of the mount"))
def swap_in_mount(tx: Transaction, mount_id: MountId, first: str, second: str) -> None:
    """Exchange what stands in two places of a mount, turned as it was; one of them may be empty."""
    _living(tx, mount_id)
    one, other = _place(tx, mount_id, first), _place(tx, mount_id, second)
    here = (one.instance_id, one.quarter_turns, one.mirrored)
    one.instance_id, one.quarter_turns, one.mirrored = other.instance_id, other.quarter_turns, other.mirrored
    other.instance_id, other.quarter_turns, other.mirrored = here


@command(permission=IMPORT_IMAGES, label=N_("Turn the image in the mount"))
def turn_in_mount(tx: Transaction, mount_id: MountId, position: str, quarter_turns: int = 1) -> None:
    """Turn an image clockwise by quarters in this mount only."""
    _living(tx, mount_id)
    place = _taken(tx, mount_id, position)
    place.quarter_turns = (place.quarter_turns + quarter_turns) % 4


@command(permission=IMPORT_IMAGES, label=N_("Mirror the image in the mount"))
def mirror_in_mount(tx: Transaction, mount_id: MountId, position: str, mirrored: bool) -> None:
    """Say whether an image is shown mirrored in this mount: a film that lay the wrong way, a photograph of a mirror."""
    _living(tx, mount_id)
    place = _taken(tx, mount_id, position)
    if place.mirrored is not mirrored:
        # Mirroring what is shown: the turn before it runs the other way after it.
        place.mirrored, place.quarter_turns = mirrored, -place.quarter_turns % 4


@command(permission=IMPORT_IMAGES, label=N_("Fill the mount by the views"))
def fill_mount(tx: Transaction, mount_id: MountId, study_id: StudyId) -> int:
    """Put the photographs of a study into the empty places of their views. Tells how many were put."""
    mount = _living(tx, mount_id)
    places = {one.position: one for one in _places(tx, mount_id)}
    used = {one.instance_id for one in places.values()}
    images = [item for item in _by_view(tx, mount, study_id) if item[1] not in used]
    put = 0
    for position in LAYOUTS[mount.layout].positions:
        place = places.get(position.key)
        found = _best(position, images)
        if found is not None and place is not None and place.instance_id is None:
            images.remove(found)
            _fill(place, found[1])
            put += 1
    return put


def _best(position: Position, images: list[tuple[PhotoView, InstanceId]]) -> tuple[PhotoView, InstanceId] | None:
    wanted = (item for view in position.views for item in images if item[0] is view)
    return next(wanted, None)


def _by_view(tx: Transaction, mount: Mount, study_id: StudyId) -> list[tuple[PhotoView, InstanceId]]:
    charts = chart_ids(tx.reading(), mount.patient_id)
    wanted = (
        select(ImageState.view, Instance.id)
        .join(ImageState, ImageState.id == Instance.id)
        .join(Study, Study.id == Instance.study_id)
        .where(Study.id == study_id, Study.patient_id.in_(charts), Instance.sha256 > "")
        .where(ImageState.withdrawn_at.is_(None), ImageState.view.is_not(None))
        .order_by(Instance.acquired_at_time.desc(), Instance.id)
    )
    tx.session.flush()
    return [(row[0], row[1]) for row in tx.session.execute(wanted) if row[0] is not None]


def _living(tx: Transaction, mount_id: MountId) -> Mount:
    mount = tx.get(Mount, mount_id)
    if mount.withdrawn_at is not None:
        raise RuleViolation(N_("This mount has been withdrawn."), field="mount_id")
    return mount


def _places(tx: Transaction, mount_id: MountId) -> Iterable[MountedImage]:
    return tx.all(select(MountedImage).where(MountedImage.mount_id == mount_id))


def _place(tx: Transaction, mount_id: MountId, position: str) -> MountedImage:
    found = tx.find(MountedImage, derived_id(mount_id, position))
    if found is None:
        raise NotFound(N_("place of the mount"), position)
    return found


def _taken(tx: Transaction, mount_id: MountId, position: str) -> MountedImage:
    place = _place(tx, mount_id, position)
    if place.instance_id is None:
        raise RuleViolation(N_("This place of the mount is empty."), field="position")
    return place


def _check_image(tx: Transaction, mount: Mount, instance_id: InstanceId) -> None:
    instance = tx.get(Instance, instance_id)
    study = tx.get(Study, instance.study_id)
    if study.patient_id not in chart_ids(tx.reading(), mount.patient_id):
        raise RuleViolation(N_("This image is not in the chart of this mount."), field="instance_id")
    if instance.content is not Content.IMAGE or not _is_shown(tx, instance_id):
        raise RuleViolation(N_("Only an image of the chart can be put into a mount."), field="instance_id")


def _is_shown(tx: Transaction, instance_id: InstanceId) -> bool:
    state = tx.find(ImageState, instance_id)
    return state is not None and state.withdrawn_at is None


def _fill(place: MountedImage, instance_id: InstanceId | None) -> None:
    place.instance_id, place.quarter_turns, place.mirrored = instance_id, 0, False
