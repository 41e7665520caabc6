"""All mutants; each family registers its own."""

from __future__ import annotations

from sync.simulation import mutants_of_exchange, mutants_of_files, mutants_of_merge
from sync.simulation.mutation import MUTANTS, alive

__all__ = ["FAMILIES", "MUTANTS", "alive"]

FAMILIES = (mutants_of_exchange, mutants_of_merge, mutants_of_files)
"""Importing them fills the register."""
