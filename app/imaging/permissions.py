"""Who may do what with images."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission, Role

_CLINICAL = (Role.ORTHODONTIST, Role.PRACTICE_MANAGER, Role.CLINICAL_STAFF, Role.ASSISTANT)

VIEW_IMAGES = Permission("view_images", N_("See images"), EVERY_ROLE)
IMPORT_IMAGES = Permission("import_images", N_("Import and arrange images"), EVERY_ROLE)
ASSIGN_IMAGES = Permission("assign_images", N_("Match images to patients"), (*_CLINICAL, Role.FRONT_DESK))
MARK_IMAGES = Permission("mark_images", N_("Measure and mark images"), _CLINICAL)
EDIT_NORMS = Permission("edit_norms", N_("Change cephalometric norms"), (Role.ORTHODONTIST, Role.PRACTICE_MANAGER))
READ_STUDIES = Permission("read_studies", N_("Read studies and sign"), (Role.ORTHODONTIST,))
EXPORT_IMAGES = Permission("export_images", N_("Export original images"), _CLINICAL)
EMPTY_QUARANTINE = Permission("empty_image_quarantine", N_("Discard images set aside"), LEADERS)
