"""An immutable summary of a DICOM header: what lists, overlays and measurements need, without the pixels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from pydicom.dataset import Dataset

from viewer.model.spacing import PixelSize, SpacingTags, pixel_size
from viewer.pixels import attributes as at
from viewer.pixels.reading import Parsed, Source, parse

LOSSY_SYNTAXES = frozenset(f"1.2.840.10008.1.2.4.{suffix}" for suffix in ("50", "51", "81", "91", "93", "203"))
"""Transfer syntaxes that may lose information; .81, .91, .93 and .203 also carry lossless streams."""


@dataclass(frozen=True)
class Header:
    """Attributes as read; a missing text is '' and a missing or impossible number, date or time is None."""

    transfer_syntax: str
    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str
    study_instance_uid: str
    patient_name: str
    patient_id: str
    issuer_of_patient_id: str
    patient_birth_date: date | None
    patient_sex: str
    accession_number: str
    modality: str
    study_description: str
    series_description: str
    series_number: int | None
    instance_number: int | None
    body_part: str
    laterality: str
    view_position: str
    patient_orientation: tuple[str, str] | None
    """Direction of the rows (rightwards) and of the columns (downwards), such as ('L', 'F') (PS3.3 §C.7.6.1.1.1)."""
    study_date: date | None
    study_time: time | None
    acquisition_date: date | None
    acquisition_time: time | None
    manufacturer: str
    model_name: str
    image_type: tuple[str, ...]
    number_of_frames: int
    rows: int | None
    columns: int | None
    samples_per_pixel: int
    photometric: str
    bits_allocated: int | None
    bits_stored: int | None
    has_pixels: bool
    lossy: bool
    """The image has been through a lossy compression at some time (PS3.3 §C.7.6.1.1.5): once true, always true."""
    lossy_ratio: float | None
    burned_in_annotation: bool | None
    spacing: SpacingTags

    @property
    def pixel_size(self) -> PixelSize:
        """Size of a pixel and how far it may be trusted."""
        return pixel_size(self.spacing)


def read_header(source: Source, stop_before_pixels: bool = True) -> Header:
    """Summary of a file; with `stop_before_pixels=False` the first frame is decoded too, as a check of the image.

    Raises a PixelError.
    """
    if not stop_before_pixels:
        from viewer.pixels.source import open_image

        with open_image(source) as image:
            image.frame(0)
            return image.header
    parsed = parse(source)
    try:
        return summarise(parsed)
    finally:
        parsed.stream.close()


def summarise(parsed: Parsed) -> Header:
    """The summary of a parsed header; never raises for a bad value."""
    ds = parsed.ds
    lossy_flag = at.code(ds, "LossyImageCompression")
    burned_in = at.code(ds, "BurnedInAnnotation")
    return Header(
        transfer_syntax=parsed.transfer_syntax,
        sop_class_uid=at.text(ds, "SOPClassUID"),
        sop_instance_uid=at.text(ds, "SOPInstanceUID"),
        series_instance_uid=at.text(ds, "SeriesInstanceUID"),
        study_instance_uid=at.text(ds, "StudyInstanceUID"),
        patient_name=at.text(ds, "PatientName"),
        patient_id=at.text(ds, "PatientID"),
        issuer_of_patient_id=at.text(ds, "IssuerOfPatientID"),
        patient_birth_date=at.day(ds, "PatientBirthDate"),
        patient_sex=at.code(ds, "PatientSex"),
        accession_number=at.text(ds, "AccessionNumber"),
        modality=at.code(ds, "Modality"),
        study_description=at.text(ds, "StudyDescription"),
        series_description=at.text(ds, "SeriesDescription"),
        series_number=at.integer(ds, "SeriesNumber"),
        instance_number=at.integer(ds, "InstanceNumber"),
        body_part=at.code(ds, "BodyPartExamined"),
        laterality=_laterality(ds),
        view_position=at.code(ds, "ViewPosition"),
        patient_orientation=_orientation(ds),
        study_date=at.day(ds, "StudyDate"),
        study_time=at.clock(ds, "StudyTime"),
        acquisition_date=_first_day(ds, "AcquisitionDate", "AcquisitionDateTime", "ContentDate"),
        acquisition_time=at.clock(ds, "AcquisitionTime") or at.clock(ds, "ContentTime"),
        manufacturer=at.text(ds, "Manufacturer"),
        model_name=at.text(ds, "ManufacturerModelName"),
        image_type=tuple(filter(None, at.code(ds, "ImageType").split("\\"))),
        number_of_frames=max(1, at.integer(ds, "NumberOfFrames") or 1),
        rows=at.integer(ds, "Rows"),
        columns=at.integer(ds, "Columns"),
        samples_per_pixel=at.integer(ds, "SamplesPerPixel") or 1,
        photometric=at.code(ds, "PhotometricInterpretation"),
        bits_allocated=at.integer(ds, "BitsAllocated"),
        bits_stored=at.integer(ds, "BitsStored"),
        has_pixels=bool(parsed.pixel_keyword),
        lossy=lossy_flag == "01" or (lossy_flag != "00" and parsed.transfer_syntax in LOSSY_SYNTAXES),
        lossy_ratio=at.number(ds, "LossyImageCompressionRatio"),
        burned_in_annotation={"YES": True, "NO": False}.get(burned_in),
        spacing=_spacing(ds),
    )


def _first_day(ds: Dataset, *keywords: str) -> date | None:
    return next(filter(None, (at.day(ds, keyword) for keyword in keywords)), None)


def _laterality(ds: Dataset) -> str:
    for keyword in ("ImageLaterality", "Laterality", "FrameLaterality"):
        if found := at.code(ds, keyword):
            return found
    for macro in at.macros(ds, "FrameAnatomySequence"):
        if found := at.code(macro, "FrameLaterality"):
            return found
    return ""


def _orientation(ds: Dataset) -> tuple[str, str] | None:
    letters = at.code(ds, "PatientOrientation").split("\\")
    if len(letters) == 2 and all(letters) and all(set(part) <= set("APRLHF") for part in letters):
        return letters[0][:3], letters[1][:3]
    for macro in at.macros(ds, "PlaneOrientationSequence"):
        cosines = at.numbers(macro, "ImageOrientationPatient")
        if len(cosines) == 6:
            return _direction(cosines[:3]), _direction(cosines[3:])
    return None


def _direction(cosines: tuple[float, ...]) -> str:
    """Letters of a direction, the strongest axis first (PS3.3 §C.7.6.1.1.1; +x left, +y posterior, +z head)."""
    axes = sorted(zip(cosines, ("LR", "PA", "HF"), strict=True), key=lambda axis: -abs(axis[0]))
    return "".join(names[0] if value > 0 else names[1] for value, names in axes if abs(value) > 0.2)


def _spacing(ds: Dataset) -> SpacingTags:
    own = next(filter(None, (at.pair(m, "PixelSpacing") for m in at.macros(ds, "PixelMeasuresSequence"))), None)
    return SpacingTags(
        modality=at.code(ds, "Modality"),
        pixel_spacing=own,
        imager_pixel_spacing=at.pair(ds, "ImagerPixelSpacing"),
        nominal_scanned_pixel_spacing=at.pair(ds, "NominalScannedPixelSpacing"),
        calibration_type=at.code(ds, "PixelSpacingCalibrationType"),
        magnification=at.number(ds, "EstimatedRadiographicMagnificationFactor"),
        source_to_detector_mm=at.number(ds, "DistanceSourceToDetector"),
        source_to_patient_mm=at.number(ds, "DistanceSourceToPatient"),
        pixel_aspect_ratio=at.pair(ds, "PixelAspectRatio"),
    )
