"""What the clinic decides about charts."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.settings import Page, Scope, Setting

PATIENTS: Final = Page("patients", N_("Patients"), "users", 40)

DOCUMENT_LIMIT_MB: Final = Setting(
    "document_limit_mb",
    Scope.CLINIC,
    int,
    25,
    N_("Largest document"),
    N_("A larger file is refused when it is added to a chart."),
    PATIENTS,
    minimum=1,
    maximum=500,
    unit=N_("MB"),
)
FIRST_FILE_NUMBER: Final = Setting(
    "first_file_number",
    Scope.CLINIC,
    int,
    10001,
    N_("First file number"),
    N_("New charts are numbered from here; a number that was used is never offered again."),
    PATIENTS,
    minimum=1,
    maximum=99_999_999,
)
DEFAULT_AREA_CODE: Final = Setting(
    "default_area_code",
    Scope.CLINIC,
    int,
    514,
    N_("Area code"),
    N_("Put before a telephone that is typed with seven digits."),
    PATIENTS,
    minimum=200,
    maximum=999,
)
CONSENT_AGE_YEARS: Final = Setting(
    "consent_age_years",
    Scope.CLINIC,
    int,
    14,
    N_("Age of consent to care"),
    N_("Younger patients do not consent alone (Civil Code of Québec, s. 14)."),
    PATIENTS,
    minimum=0,
    maximum=18,
    unit=N_("years"),
)
