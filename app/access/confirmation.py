"""Proof that the person at the keyboard is the one who signed in: what a signature asks for."""

from __future__ import annotations

from app.access.model import Credential, SignInSession
from app.access.sessions import is_confirmed
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.transaction import Transaction


class ConfirmationNeeded(RuleViolation):
    """The person must say again who they are; screens answer with the confirmation panel."""

    def __init__(self) -> None:
        super().__init__(N_("Confirm your password to continue."))


def require_confirmation(tx: Transaction) -> None:
    """Refuse unless the actor gave their own password or PIN in this session within the last two minutes."""
    session = tx.find(SignInSession, tx.actor.session) if tx.actor.session else None
    if session is None or session.staff_id != tx.actor.id or session.ended_at or session.locked_at:
        raise ConfirmationNeeded()
    if not is_confirmed(session.confirmed_at, tx.now):
        raise ConfirmationNeeded()


def require_signature(tx: Transaction) -> None:
    """As `require_confirmation`, for signing documents.

    A temporary password, which somebody else chose, signs nothing.
    """
    require_confirmation(tx)
    credential = tx.find(Credential, tx.actor.id)
    if credential is None or credential.must_change:
        raise RuleViolation(N_("Choose a password of your own before you sign documents."))
