"""Rights of the cash book."""

from app.core.permissions import Permission, Role

TAKE_CASH = Permission("take_cash", "Take cash", (Role.PRACTICE_MANAGER, Role.FRONT_DESK))
