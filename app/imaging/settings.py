"""What the clinic decides about images."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.settings import Page, Scope, Setting

IMAGES: Final = Page("images", N_("Images"), "image", 50)

AUTOMATIC_MATCHING: Final = Setting(
    "automatic_matching",
    Scope.CLINIC,
    bool,
    True,
    N_("Match images automatically"),
    N_("A study with the file number and the birth date of one patient goes into that chart; all others wait."),
    IMAGES,
)
FILE_NUMBER_ISSUERS: Final = Setting(
    "file_number_issuers",
    Scope.CLINIC,
    str,
    "",
    N_("Issuers of our file numbers"),
    N_(
        "Names, separated by commas, that devices write beside our file numbers (Issuer of Patient ID). "
        "A number of any other issuer is never matched automatically."
    ),
    IMAGES,
)
FILE_LIMIT_MB: Final = Setting(
    "image_file_limit_mb",
    Scope.CLINIC,
    int,
    2048,
    N_("Largest file"),
    N_("A larger file is refused."),
    IMAGES,
    minimum=1,
    maximum=4095,
    unit=N_("MB"),
)
PIXEL_LIMIT_MILLIONS: Final = Setting(
    "image_pixel_limit_millions",
    Scope.CLINIC,
    int,
    120,
    N_("Largest photograph"),
    N_("A photograph with more pixels is refused, so that a small file cannot fill the memory."),
    IMAGES,
    minimum=1,
    maximum=1000,
    unit=N_("million pixels"),
)
ARCHIVE_MEMBERS: Final = Setting(
    "image_archive_members",
    Scope.CLINIC,
    int,
    50_000,
    N_("Most files in a ZIP file"),
    N_("A ZIP file that holds more is refused."),
    IMAGES,
    minimum=1,
    maximum=1_000_000,
    unit=N_("files"),
)
ARCHIVE_LIMIT_GB: Final = Setting(
    "image_archive_limit_gb",
    Scope.CLINIC,
    int,
    20,
    N_("Largest ZIP file, unpacked"),
    N_("A ZIP file that unpacks to more is refused."),
    IMAGES,
    minimum=1,
    maximum=500,
    unit=N_("GB"),
)
ARCHIVE_RATIO: Final = Setting(
    "image_archive_ratio",
    Scope.CLINIC,
    int,
    200,
    N_("Highest compression in a ZIP file"),
    N_("A file above 1 MB that unpacks to more times its size is taken for a decompression bomb and refused."),
    IMAGES,
    minimum=10,
    maximum=1100,
)
FILE_SECONDS: Final = Setting(
    "image_file_seconds",
    Scope.WORKSTATION,
    int,
    120,
    N_("Longest reading of one file"),
    N_("A file that takes longer is left out and reported."),
    IMAGES,
    minimum=5,
    maximum=3600,
    unit=N_("seconds"),
)
QUARANTINE_DAYS: Final = Setting(
    "image_quarantine_days",
    Scope.CLINIC,
    int,
    90,
    N_("Keep the list of files set aside"),
    N_("Names of files that could not be taken in are forgotten after this time."),
    IMAGES,
    minimum=1,
    maximum=3650,
    unit=N_("days"),
)
SCRUB_MINUTES: Final = Setting(
    "image_scrub_minutes",
    Scope.WORKSTATION,
    int,
    3,
    N_("Check of sealed files, each hour"),
    N_("For so long, stored images are read again and compared with what was written."),
    IMAGES,
    minimum=1,
    maximum=60,
    unit=N_("minutes"),
)
SCRUB_BYTES: Final = 4 << 30
"""Bytes that one run of the hourly check reads at most."""
PSEUDONYM_KEY: Final = Setting(
    "pseudonym_key", Scope.USER, str, "", N_("Key of de-identified copies"),
    N_("What the new identifiers of copies follow from, so that copies of one study agree. Kept by itself."), IMAGES,
    shown=False,
)  # fmt: skip
COPIES_FOLDER: Final = Setting(
    "image_copies_folder",
    Scope.WORKSTATION,
    str,
    "",
    N_("Folder for copies of the images"),
    N_(
        "A folder of another disk or of a share. Each sealed file is copied there within the hour, encrypted as it is, "
        "and brought back from there when it is found damaged here. Empty: no copies."
    ),
    IMAGES,
)
HANGING_CHOICES: Final = Setting(
    "hanging_choices", Scope.USER, str, "", N_("Layouts kept for reading"),
    N_("Which layout the person chose for which kinds of images. Kept by itself."), IMAGES, shown=False,
)  # fmt: skip
