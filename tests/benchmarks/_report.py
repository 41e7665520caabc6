"""What every measurement shares: percentiles, targets, the table and the JSON document."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Measure:
    """One figure. `target` bounds it from above, or from below when `at_least`; `repeats` show the machine's noise."""

    name: str
    figure: float
    unit: str
    target: float | None = None
    at_least: bool = False
    repeats: list[float] = field(default_factory=list)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.figure >= self.target if self.at_least else self.figure <= self.target

    def as_json(self) -> dict[str, Any]:
        """For the JSON document."""
        return {
            "name": self.name, "figure": round(self.figure, 4), "unit": self.unit, "target": self.target,
            "at_least": self.at_least, "met": self.met, "repeats": [round(value, 4) for value in self.repeats],
        }  # fmt: skip

    def as_line(self) -> str:
        """For the table."""
        sign = ("≥" if self.at_least else "≤") if self.target is not None else ""
        target = f"{sign} {self.target:g}" if self.target is not None else "-"
        verdict = {None: "", True: "met", False: "UNMET"}[self.met]
        spread = f"{min(self.repeats):.3g}–{max(self.repeats):.3g}" if self.repeats else ""
        return f"{self.name:<52}{self.figure:>12.3f} {self.unit:<6}{target:>10}  {verdict:<6}{spread}"


def percentile(values: list[float], share: float) -> float:
    """The value below which this share (0–1) of the values lies, by rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def load() -> list[float]:
    """The machine's load averages, where it tells them."""
    return [round(value, 2) for value in os.getloadavg()] if hasattr(os, "getloadavg") else []


def show(measures: list[Measure], before: list[float], *, as_json: bool) -> None:
    """Print the table, or the JSON document."""
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    if as_json:
        document = {"machine": machine, "load_before": before, "load_after": load()}
        print(json.dumps({**document, "measures": [measure.as_json() for measure in measures]}, ensure_ascii=False))
        return
    print(f"{'measurement':<52}{'figure':>12} {'unit':<6}{'target':>10}  {'':<6}repeats")
    for measure in measures:
        print(measure.as_line())
    print(f"{machine['cores']} cores, {machine['system']}, load {before} before, {load()} after")
