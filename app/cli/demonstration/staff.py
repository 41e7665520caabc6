"""The invented staff: two orthodontists and nine others, who does what, and when they rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.access.model import Language, Title
from app.core.permissions import Role
from app.practice.vocabulary import ProviderKind

MANAGER: Final = "claire"


@dataclass(frozen=True, slots=True)
class Member:
    """One person: account, work for patients, skills, and the minutes into a shift at which the meal begins."""

    username: str
    display_name: str
    role: Role
    kind: ProviderKind
    colour: str
    title: Title = Title.NONE
    language: Language = Language.FRENCH
    skills: tuple[str, ...] = ()
    meal_after: int = 240


STAFF: Final = (
    Member(MANAGER, "Claire Brunet", Role.PRACTICE_MANAGER, kind=ProviderKind.MANAGER, colour="#6E6A5E",
           skills=("PLANS",), meal_after=255),
    Member("gagnon", "Marie Gagnon", Role.ORTHODONTIST, title=Title.DRE, kind=ProviderKind.DOCTOR, colour="#1F6F8B",
           skills=("BOND", "ALIGNERS"), meal_after=225),
    Member("nguyen", "Thomas Nguyen", Role.ORTHODONTIST, title=Title.DR, kind=ProviderKind.DOCTOR, colour="#8A5A2B",
           skills=("BOND", "ALIGNERS"), meal_after=285),
    Member("frontdesk", "Julie Roy", Role.FRONT_DESK, kind=ProviderKind.FRONT_DESK, colour="#6B7280", meal_after=240),
    Member("amelie", "Amélie Fortin", Role.FRONT_DESK, kind=ProviderKind.COORDINATOR, colour="#9D4E7C",
           skills=("PLANS",), meal_after=270),
    Member("nadia", "Nadia Haddad", Role.CLINICAL_STAFF, kind=ProviderKind.HYGIENIST, colour="#3C7A57",
           skills=("XRAY", "SCAN", "PHOTOS"), meal_after=255),
    Member("karim", "Karim Benali", Role.ASSISTANT, kind=ProviderKind.ASSISTANT, colour="#4A6FA5",
           skills=("BOND", "SCAN", "XRAY"), meal_after=210),
    Member("sophie", "Sophie Lamarre", Role.ASSISTANT, kind=ProviderKind.ASSISTANT, colour="#B06A3B",
           skills=("BOND", "SCAN"), meal_after=225),
    Member("anais", "Anaïs Pépin", Role.ASSISTANT, kind=ProviderKind.ASSISTANT, colour="#7A6BB0",
           skills=("ALIGNERS", "SCAN"), meal_after=240),
    Member("grace", "Grace Mitchell", Role.ASSISTANT, language=Language.ENGLISH, kind=ProviderKind.ASSISTANT,
           colour="#5B8C5A", skills=("ALIGNERS", "PHOTOS"), meal_after=255),
    Member("lea", "Léa Ouellet", Role.ASSISTANT, kind=ProviderKind.ASSISTANT, colour="#A65D57",
           skills=("BOND", "PHOTOS"), meal_after=270),
)  # fmt: skip
"""Usernames are stable: pictures, journeys and documents use them."""
MEAL_MINUTES: Final = 45
REST_MINUTES: Final = 15
REST_BEFORE_MEAL: Final = 120
LONG_SHIFT: Final = 300
"""A shift of more minutes has a meal (Act respecting labour standards, s. 79)."""
