"""Every measure of every analysis against figures worked out by hand, and the identities that must always hold."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viewer.model.cephalometry.face import BY_HAND, FACE, MM, face_tracing
from viewer.model.cephalometry import ANALYSES, CephError, Norm, Reading, Subject, Tracing, changes, read
from viewer.model.cephalometry.analysis import Dimension, Measure, read_measure
from viewer.model.spacing import Origin, PixelSize, Unit

ADULT = Subject(age=25.0, sex="F")


def values(analysis: str, tracing: Tracing) -> dict[str, float]:
    found = {reading.measure.measure_id: reading.value for reading in read(ANALYSES[analysis], tracing)}
    assert None not in found.values()
    return {name: value for name, value in found.items() if value is not None}


def reading(analysis: str, measure: str, tracing: Tracing, subject: Subject = ADULT) -> Reading:
    return next(r for r in read(ANALYSES[analysis], tracing, subject) if r.measure.measure_id == measure)


@pytest.mark.parametrize("analysis", ANALYSES)
def test_every_measure_equals_the_figure_worked_out_by_hand(analysis: str) -> None:
    found = values(analysis, face_tracing())
    assert found.keys() == BY_HAND[analysis].keys()
    for name, value in found.items():
        assert value == pytest.approx(BY_HAND[analysis][name], abs=0.006), name


@given(
    turn=st.floats(-180, 180),
    scale=st.floats(0.2, 20),
    shift=st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
    mirrored=st.booleans(),
)
def test_mirrored_turned_and_scaled_copies_give_the_same(
    turn: float, scale: float, shift: tuple[float, float], mirrored: bool
) -> None:
    cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
    points = {}
    for name, (x, y) in face_tracing().points.items():
        across = -x if mirrored else x
        points[name] = (cos * across - sin * y + shift[0], sin * across + cos * y + shift[1])
    copy = Tracing(points, PixelSize(1 / scale, 1 / scale, Unit.MM, Origin.RULER))
    for analysis in ANALYSES:
        for name, value in values(analysis, copy).items():
            assert value == pytest.approx(BY_HAND[analysis][name], abs=0.02), (analysis, name)


moved = st.fixed_dictionaries(
    {name: st.tuples(st.floats(-9, 9), st.floats(-9, 9)) for name in ("S", "N", "Ar", "Go", "Me", "Or", "L1T", "L1A")}
)


@given(moved)
def test_identities_hold_for_any_face(offsets: dict[str, tuple[float, float]]) -> None:
    points = dict(face_tracing().points)
    for name, (dx, dy) in offsets.items():
        points[name] = (points[name][0] + dx, points[name][1] + dy)
    tracing = Tracing(points, MM)
    tweed, jarabak = values("tweed", tracing), values("jarabak", tracing)
    assert tweed["FMA"] + tweed["FMIA"] + tweed["IMPA"] == pytest.approx(180)
    assert jarabak["Sum"] == pytest.approx(360 + jarabak["SN-GoMe"])


def test_a_class_three_has_a_negative_anb() -> None:
    points = dict(face_tracing().points)
    points["B"] = (points["B"][0] + 12, points["B"][1])
    steiner = values("steiner", Tracing(points, MM))
    assert steiner["ANB"] == pytest.approx(steiner["SNA"] - steiner["SNB"])
    assert steiner["ANB"] < -2


def test_pixels_that_are_not_square_change_nothing() -> None:
    points = {name: (x / 0.2, y / 0.3) for name, (x, y) in face_tracing().points.items()}
    tracing = Tracing(points, PixelSize(0.3, 0.2, Unit.MM, Origin.RULER))
    assert values("steiner", tracing) == pytest.approx(values("steiner", face_tracing()))


def test_an_upright_incisor_beyond_parallel_reads_over_180() -> None:
    points = dict(face_tracing().points) | {"U1A": (93.0, 28.0), "U1T": (86.0, 50.0), "L1A": (92.0, 70.0)}
    assert values("steiner", Tracing(points, MM))["U1-L1"] > 180


def test_deviations_are_in_standard_deviations_of_the_row() -> None:
    sna = reading("eastman", "SNA", face_tracing())
    assert sna.norm is not None
    assert sna.norm.mean == 81
    assert sna.deviation_sd == pytest.approx((80.73 - 81) / 3, abs=0.01)
    assert sna.within
    ideal = reading("steiner", "GoGn-SN", face_tracing())
    assert (ideal.deviation_sd, ideal.within) == (None, None), "Steiner published no deviations"
    assert ideal.difference == pytest.approx(29.71 - 32, abs=0.01)


def implausible(norm: Norm) -> str:
    """Why the figures of a row cannot all be of one sample; '' when they can."""
    if norm.mean is None and norm.low is None:
        return "neither mean nor range"
    if norm.low is not None and norm.high is not None:
        if norm.mean is not None and not norm.low <= norm.mean <= norm.high:
            return "the mean lies outside its range"
        if norm.sd is not None and not 2 < (norm.high - norm.low) / norm.sd < 5:
            return "a range of a score of people spans two to five deviations"
    return "" if norm.sd is None or norm.sd > 0 else "a deviation is positive"


def test_mean_deviation_and_range_of_each_row_agree() -> None:
    rows = {(a.analysis_id, m.measure_id): norm for a in ANALYSES.values() for m in a.measures for norm in m.norms}
    assert {name: why for name, norm in rows.items() if (why := implausible(norm))} == {}
    assert implausible(Norm("s", "p", -4.6, 4.6, -9, 0)), "a mean that was copied into the deviation is noticed"
    assert implausible(Norm("s", "p", 30, low=10, high=20))


def test_the_classical_identities_hold_between_the_norms() -> None:
    """Where the angles of a face add up, so do the means that one author gives for them."""

    def mean(analysis: str, measure: str) -> float:
        found = next(m for m in ANALYSES[analysis].measures if m.measure_id == measure).norms[0].mean
        assert found is not None
        return found

    assert mean("tweed", "FMA") + mean("tweed", "FMIA") + mean("tweed", "IMPA") == 180
    assert sum(mean("jarabak", name) for name in ("Saddle", "Articular", "Gonial")) == mean("jarabak", "Sum")
    assert sum(mean("steiner", name) for name in ("U1-NA", "L1-NB", "ANB", "U1-L1")) == 180
    for analysis in ("steiner", "eastman"):
        assert mean(analysis, "SNA") - mean(analysis, "SNB") == mean(analysis, "ANB")


def test_a_yearly_norm_follows_the_age_until_growth_ends() -> None:
    expected = {
        age: reading("ricketts", "Facial depth", face_tracing(), Subject(age)).expected for age in (9.0, 12.0, 30.0)
    }
    assert expected == pytest.approx({9.0: 87, 12.0: 87.99, 30.0: 87 + 0.33 * 9})
    unknown = reading("ricketts", "Facial depth", face_tracing(), Subject())
    assert (unknown.expected, unknown.deviation_sd) == (None, None)
    assert reading("ricketts", "Facial axis", face_tracing(), Subject()).expected == 90


def test_norms_by_sex_need_the_sex() -> None:
    means = {sex: reading("wits", "Wits", face_tracing(), Subject(sex=sex)).expected for sex in ("F", "M", "")}
    assert means == {"F": -0.1, "M": -1.17, "": None}


def test_lengths_without_trusted_millimetres_are_not_compared() -> None:
    detector = PixelSize(1.0, 1.0, Unit.MM_DETECTOR, Origin.DETECTOR)
    length, angle = (reading("steiner", name, face_tracing(detector)) for name in ("U1-NA mm", "SND"))
    assert length.uncalibrated
    assert (length.unit, length.deviation_sd, length.within) == ("mm @detector", None, None)
    assert length.value == pytest.approx(5.67, abs=0.01)
    assert angle.within is False


def test_a_row_without_source_is_not_shown() -> None:
    bare = (Norm("", "somebody", 1, 1), Norm("Someone 1999", " ", 1, 1))
    measure = Measure("x", "x", "angle(S, N, A)", Dimension.ANGLE, bare)
    assert read_measure(measure, face_tracing(), ADULT).norm is None
    sourced = [norm for a in ANALYSES.values() for m in a.measures for norm in m.norms]
    assert len(sourced) > 60
    assert all(norm.shown for norm in sourced)


def test_a_missing_landmark_stops_only_what_needs_it() -> None:
    points = {name: point for name, point in face_tracing().points.items() if name not in ("D", "Gn", "Pog")}
    found = {r.measure.measure_id: r for r in read(ANALYSES["steiner"], Tracing(points, MM))}
    assert found["SND"].problem is not None
    assert str(found["SND"].problem) == "These landmarks are missing: D"
    assert str(found["GoGn-SN"].problem) == "These landmarks are missing: Gn"
    assert found["SNA"].value == pytest.approx(80.73, abs=0.01)


def test_a_construction_replaces_a_point_that_nobody_placed() -> None:
    without = {name: point for name, point in face_tracing().points.items() if name not in ("Gn", "Go")}
    x, y = (FACE["Pog"][0] + FACE["Me"][0]) / 2, -(FACE["Pog"][1] + FACE["Me"][1]) / 2
    go = (12.0, 60.0)
    tangents = {"RT": (9.0, 24.0), "MT": (43.0, 75.5)}
    built = Tracing(without | tangents, MM)
    placed = Tracing(without | {"Gn": (x, y), "Go": go}, MM)
    assert values("steiner", built)["GoGn-SN"] == pytest.approx(values("steiner", placed)["GoGn-SN"])


def test_a_profile_without_direction_is_refused() -> None:
    tracing = Tracing({"A": (1.0, 1.0), "B": (1.0, 9.0)}, MM)
    assert all(r.value is None and r.problem for r in read(ANALYSES["steiner"], tracing))
    with pytest.raises(CephError, match="which way"):
        assert tracing.oriented


def test_figures_are_stored_as_whole_numbers() -> None:
    stored = {r.measure.measure_id: r.stored() for r in read(ANALYSES["steiner"], face_tracing())}
    assert stored["SNA"] == {"measure": "SNA", "value_cdeg": 8073, "unit": "°"}
    assert stored["U1-NA mm"] == {"measure": "U1-NA mm", "value_um": 5675, "unit": "mm"}


def test_changes_over_time_are_listed_and_never_across_units() -> None:
    later = dict(face_tracing().points) | {"A": (91.0, 30.0)}
    first, second = (read(ANALYSES["steiner"], t) for t in (face_tracing(), Tracing(later, MM)))
    sna = changes([first, second])[0]
    assert sna.steps[0] == pytest.approx((sna.values[1] or 0) - (sna.values[0] or 0))
    assert (sna.steps[0] or 0) > 2
    pixels = read(ANALYSES["steiner"], face_tracing(PixelSize(1.0, 1.0, Unit.PX, Origin.NONE)))
    lengths = {c.measure.measure_id: c for c in changes([first, pixels])}
    assert not lengths["U1-NA mm"].comparable
    assert lengths["U1-NA mm"].steps == (None,)
    with pytest.raises(CephError, match="one analysis"):
        changes([first, read(ANALYSES["downs"], face_tracing())])
