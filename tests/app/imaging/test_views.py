"""Views of photographs: codes, what files state, what is proposed, what is assigned."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from app.core.errors import NotFound, RuleViolation
from app.core.ids import PatientId
from app.imaging.commands import ViewOf, assign_view, assign_views, turn_image, withdraw_image
from app.imaging.queries import GuessedBy, PhotoView, instance_detail, proposed_views
from app.imaging.view_guesses import Photographed, guessed
from app.imaging.views import CENTRIC_OCCLUSION, HEAD_AND_NECK, MIRROR_UNCORRECTED, OCCLUSAL, SMILE, VIEWS, stated_view
from app.imaging.vocabulary import InstanceId
from app.journal.queries import Actor
from app.journal.runner import Runner
from tests.app.imaging import samples
from tests.app.imaging.test_showing import DATA, Take, only

USUAL = ("front", "right", "left", "upper", "lower")


def item(code: str, **inner: str) -> Dataset:
    """A code of SNOMED CT, with code sequences inside."""
    ds = Dataset()
    ds.CodeValue, ds.CodingSchemeDesignator, ds.CodeMeaning = code, "SCT", "x"
    for keyword, value in inner.items():
        setattr(ds, keyword, [item(value)])
    return ds


def described(view: PhotoView) -> Dataset:
    """A header that states a view by all of its codes."""
    facts, ds = VIEWS[view], Dataset()
    side = {"AnatomicRegionModifierSequence": facts.side} if facts.side else {}
    ds.AnatomicRegionSequence = [item(facts.region, **side)]
    ds.PrimaryAnatomicStructureSequence = [item(facts.structure)]
    if facts.view:
        modifier = {"ViewModifierCodeSequence": facts.modifier} if facts.modifier else {}
        ds.ViewCodeSequence = [item(facts.view, **modifier)]
    ds.AcquisitionContextSequence = [context(code) for code in facts.conditions]
    return ds


def context(code: str) -> Dataset:
    """A functional condition present during acquisition."""
    ds = Dataset()
    ds.ValueType, ds.ConceptCodeSequence = "CODE", [item(code)]
    return ds


def photo(number: int, width: int, height: int, name: str = "", stated: PhotoView | None = None) -> Photographed:
    """The photograph that was taken as this one of the series."""
    return Photographed(InstanceId(str(number)), width, height, ("09:00", number, name), name or "DSC.jpg", stated)


def test_every_view_has_its_facts_and_a_name_of_its_own() -> None:
    assert set(VIEWS) == set(PhotoView)
    assert len({facts.name for facts in VIEWS.values()}) == len(VIEWS)
    assert len({(f.region, f.side, f.structure, f.view, f.modifier, f.conditions) for f in VIEWS.values()}) >= 28
    assert all(view.extraoral is (VIEWS[view].region == HEAD_AND_NECK) for view in PhotoView)


@pytest.mark.parametrize("view", list(PhotoView))
def test_a_view_is_known_by_its_codes_unless_another_has_the_same(view: PhotoView) -> None:
    same = [one for one in PhotoView if described(one) == described(view)]
    stated = stated_view(described(view))
    assert stated is (view if len(same) == 1 and VIEWS[view].view and stated else stated)
    assert stated in {view, None}


def test_a_view_is_stated_by_its_number_or_by_enough_codes() -> None:
    ds = Dataset()
    ds.ImageComments = "EV-19^Full Face - Full Smile, Centric Occlusion"
    assert stated_view(ds) is PhotoView.EV19
    assert stated_view(described(PhotoView.EV12)) is PhotoView.EV12
    assert stated_view(described(PhotoView.IV24)) is PhotoView.IV24
    vague = described(PhotoView.EV19)
    vague.AcquisitionContextSequence = [context(CENTRIC_OCCLUSION)]
    assert stated_view(vague) is None, "a face that does not say whether it smiles"
    assert stated_view(Dataset()) is None
    assert (VIEWS[PhotoView.IV24].modifier, VIEWS[PhotoView.IV24].view) == (MIRROR_UNCORRECTED, OCCLUSAL)
    assert SMILE in VIEWS[PhotoView.EV19].conditions


def test_the_usual_series_is_proposed_by_shape_and_order() -> None:
    faces = [photo(number, 2000, 3000) for number in (1, 2, 3)]
    mouths = [photo(number, 3000, 2000) for number in (4, 5, 6, 7, 8)]
    found = guessed([*reversed(mouths), *faces])
    assert [found[one.instance_id].view.value for one in (*faces, *mouths)] == [
        "EV15", "EV19", "EV01", "IV07", "IV01", "IV18", "IV25", "IV27",
    ]  # fmt: skip
    assert {guess.by for guess in found.values()} == {GuessedBy.ORDER}
    assert guessed(mouths[:4]) == {}, "four of the mouth are no usual series"


def test_names_and_what_files_state_go_before_the_order_and_no_view_twice() -> None:
    found = guessed(
        [
            photo(1, 30, 20, "Occlusale_maxillaire.jpg"), photo(2, 30, 20, "buccale droite.JPG"),
            photo(3, 20, 30, "profil.jpg"), photo(4, 30, 20, "upper2.jpg"), photo(5, 30, 20, "x.jpg", PhotoView.IV07),
        ]
    )  # fmt: skip
    assert {key: guess.view.value for key, guess in found.items()} == {
        "1": "IV25", "2": "IV01", "3": "EV01", "5": "IV07",
    }  # fmt: skip
    assert guessed([photo(1, 30, 20, "upper.jpg")], frozenset({PhotoView.IV25})) == {}
    assert guessed([photo(1, 30, 20, "sourire.jpg")]) == {}, "a smile that lies is no face"


def test_a_proposal_assigns_nothing_until_somebody_accepts_it(
    runner: Runner, boss: Actor, take: Take, given: Path
) -> None:
    report = take(*samples.photographs(given, *USUAL))
    (study_id,) = report.studies
    shown = runner.ask(boss, proposed_views, study_id)
    assert len(shown) == 5
    assert {one.proposed.view.value for one in shown if one.proposed} == {"IV07", "IV01", "IV18", "IV25", "IV27"}
    assert {one.assigned for one in shown} == {None}
    accepted = [ViewOf(one.image.instance_id, one.proposed.view) for one in shown if one.proposed]
    done = runner.submit(boss, assign_views, accepted).result()
    after = runner.ask(boss, proposed_views, study_id)
    assert {one.assigned for one in after} == {item.view for item in accepted}
    assert {one.proposed for one in after} == {None}
    runner.undo(boss, done.operation_id)
    assert {one.assigned for one in runner.ask(boss, proposed_views, study_id)} == {None}


def test_what_the_file_states_is_proposed(runner: Runner, boss: Actor, take: Take, given: Path) -> None:
    path = samples.dicom_file(given / "a.dcm", "1.1", Modality="XC", ImageComments="IV01^Right buccal")
    (study_id,) = take(path).studies
    (one,) = runner.ask(boss, proposed_views, study_id)
    assert one.proposed is not None
    assert (one.proposed.view, one.proposed.by) == (PhotoView.IV01, GuessedBy.STATED)
    assert one.assigned is None


def test_only_an_image_that_is_here_shows_a_view(runner: Runner, boss: Actor, take: Take) -> None:
    image = only(take(DATA / "photos" / "front.jpg"))
    model = only(take(DATA / "mesh" / "unit_cube.stl"))
    runner.run(boss, assign_view, image, PhotoView.IV07)
    runner.run(boss, assign_view, image)
    with pytest.raises(RuleViolation):
        runner.run(boss, assign_view, model, PhotoView.IV07)
    with pytest.raises(NotFound):
        runner.run(boss, assign_view, InstanceId("nothing"), PhotoView.IV07)
    runner.run(boss, withdraw_image, image)
    with pytest.raises(RuleViolation):
        runner.run(boss, assign_views, [ViewOf(image, PhotoView.IV07)])


def shown(runner: Runner, boss: Actor, instance_id: InstanceId) -> tuple[bool, int]:
    line = runner.ask(boss, instance_detail, instance_id).image
    return line.mirrored, line.quarter_turns


def test_a_photograph_of_a_mirror_is_shown_mirrored_back(
    runner: Runner, boss: Actor, take: Take, given: Path, noemie: PatientId
) -> None:
    samples.dicom_file(given / "occlusal.dcm", "1.1.1", Modality="XC", shade=2)
    instance_id = only(take(given, patient_id=noemie))
    assert shown(runner, boss, instance_id) == (False, 0)
    runner.run(boss, turn_image, instance_id, 1)
    done = runner.submit(boss, assign_view, instance_id, PhotoView.IV24).result()
    assert shown(runner, boss, instance_id) == (True, 3), "mirrored after the turn: the turn runs the other way"
    assert done.operation_id
    runner.undo(boss, done.operation_id)
    assert shown(runner, boss, instance_id) == (False, 1)


def test_what_somebody_mirrored_before_is_not_mirrored_twice(
    runner: Runner, boss: Actor, take: Take, given: Path, noemie: PatientId
) -> None:
    samples.dicom_file(given / "occlusal.dcm", "1.1.1", Modality="XC", shade=2)
    instance_id = only(take(given, patient_id=noemie))
    runner.run(boss, turn_image, instance_id, 0, mirror=True)
    runner.run(boss, assign_view, instance_id, PhotoView.IV26)
    assert shown(runner, boss, instance_id) == (True, 0)
    runner.run(boss, assign_view, instance_id, PhotoView.IV27)
    assert shown(runner, boss, instance_id) == (False, 0), "the camera had corrected it"


def test_a_file_that_states_its_mirror_is_mirrored_back_from_the_start(
    runner: Runner, boss: Actor, take: Take, given: Path, noemie: PatientId
) -> None:
    samples.dicom_file(given / "occlusal.dcm", "1.1.1", Modality="XC", shade=2, ImageComments="IV24^occlusal")
    instance_id = only(take(given, patient_id=noemie))
    assert shown(runner, boss, instance_id) == (True, 0)
    runner.run(boss, assign_view, instance_id, PhotoView.IV24)
    assert shown(runner, boss, instance_id) == (True, 0)
