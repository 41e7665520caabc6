"""What the practice decides about its holidays and breaks, and what a workstation prints."""

from __future__ import annotations

import enum
from typing import Final

from app.core.i18n import N_
from app.core.settings import Page, Scope, Setting
from app.practice.holidays import EasterChoice

WORKING_TIME: Final = Page("working_time", N_("Working time"), "clock", 45)

CLOSED_ON_HOLIDAYS: Final = Setting(
    "closed_on_holidays",
    Scope.CLINIC,
    bool,
    True,
    N_("Closed on statutory holidays"),
    N_("Nobody is booked on a statutory holiday of Québec, unless that day is opened by exception."),
    WORKING_TIME,
)
EASTER_HOLIDAY: Final = Setting(
    "easter_holiday",
    Scope.CLINIC,
    EasterChoice,
    EasterChoice.GOOD_FRIDAY,
    N_("Easter holiday"),
    N_("The employer chooses Good Friday or Easter Monday (Act respecting labour standards, s. 60)."),
    WORKING_TIME,
    labels=(
        (EasterChoice.GOOD_FRIDAY.value, N_("Good Friday")),
        (EasterChoice.EASTER_MONDAY.value, N_("Easter Monday")),
        (EasterChoice.BOTH.value, N_("Good Friday and Easter Monday")),
    ),
)
MEAL_AFTER_MINUTES: Final = Setting(
    "meal_after_minutes",
    Scope.CLINIC,
    int,
    300,
    N_("Meal break due after"),
    N_("After this long at work a meal break of 30 minutes is due (Act respecting labour standards, s. 79)."),
    WORKING_TIME,
    minimum=60,
    maximum=720,
    unit=N_("minutes"),
)

PRINTING: Final = Page("printing", N_("Printing and paper"), "printer", 85)


class PaperSize(enum.StrEnum):
    """The paper in the printers."""

    LETTER = "letter"
    A4 = "a4"


PAPER_SIZE: Final = Setting(
    "paper_size",
    Scope.WORKSTATION,
    PaperSize,
    PaperSize.LETTER,
    N_("Paper"),
    N_("What lies in the printer, unless another is chosen for a print."),
    PRINTING,
    labels=((PaperSize.LETTER.value, N_("Letter (8½ × 11 in)")), (PaperSize.A4.value, N_("A4 (210 × 297 mm)"))),
)
PAPER_MODE: Final = Setting(
    "paper_mode",
    Scope.WORKSTATION,
    bool,
    False,
    N_("Schedule on paper every evening"),
    N_(
        "Each evening this workstation makes the schedule of the next open day, with telephones and alerts, so that"
        " the clinic can work by hand. If it was off, it does so when it starts."
    ),
    PRINTING,
)
PAPER_MODE_HOUR: Final = Setting(
    "paper_mode_hour",
    Scope.WORKSTATION,
    int,
    18,
    N_("Hour of the schedule on paper"),
    N_("The schedule is made at this hour, or as soon after it as the workstation runs."),
    PRINTING,
    minimum=0,
    maximum=23,
    unit=N_("h"),
)
PAPER_MODE_DAYS: Final = Setting(
    "paper_mode_days",
    Scope.WORKSTATION,
    int,
    1,
    N_("Days on paper"),
    N_("How many of the next open days it holds."),
    PRINTING,
    minimum=1,
    maximum=5,
    unit=N_("days"),
)
PAPER_MODE_FOLDER: Final = Setting(
    "paper_mode_folder",
    Scope.WORKSTATION,
    str,
    "",
    N_("Folder for the schedule on paper"),
    N_(
        "A PDF file is put there that anybody who opens the folder can read: choose one on an encrypted disk, outside"
        " the data folder. Leave it empty to make no file."
    ),
    PRINTING,
)
PAPER_MODE_KEEP_DAYS: Final = Setting(
    "paper_mode_keep_days",
    Scope.WORKSTATION,
    int,
    7,
    N_("Keep the files for"),
    N_("Files of the schedule on paper that are older are removed from the folder."),
    PRINTING,
    minimum=1,
    maximum=60,
    unit=N_("days"),
)
PAPER_MODE_PRINTER: Final = Setting(
    "paper_mode_printer",
    Scope.WORKSTATION,
    str,
    "",
    N_("Printer for the schedule on paper"),
    N_("The name of a printer, as the print screen shows it. Leave it empty to print nothing."),
    PRINTING,
)
PAPER_MODE_DONE: Final = Setting(
    "paper_mode_done",
    Scope.WORKSTATION,
    str,
    "",
    N_("Last evening on paper"),
    N_("The evening whose schedule was made last. Kept by itself."),
    PRINTING,
    shown=False,
)
PRINT_CHOICES: Final = Setting(
    "print_choices",
    Scope.WORKSTATION,
    str,
    "",
    N_("Printers of the documents"),
    N_("The printer, paper and labels that were chosen last for each document. Kept by itself."),
    PRINTING,
    shown=False,
)
