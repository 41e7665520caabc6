"""Money: integer cents, Canadian dollars, no float anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in cents (CAD)."""

    cents: int

    @classmethod
    def of(cls, dollars: str | int | Decimal) -> Money:
        """From dollars as text, whole number or Decimal; more than two decimals are refused."""
        amount = Decimal(dollars) * 100
        if amount != amount.to_integral_value():
            raise ValueError("an amount has at most two decimals")
        return cls(int(amount))

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __mul__(self, count: int) -> Money:
        return Money(self.cents * count)

    def __bool__(self) -> bool:
        return self.cents != 0

    def share(self, numerator: int, denominator: int) -> Money:
        """The fraction, rounded half up to the cent."""
        exact = Decimal(self.cents) * numerator / denominator
        return Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)))

    def split(self, parts: int) -> list[Money]:
        """Equal parts that add up exactly; the first parts carry the odd cents."""
        base, rest = divmod(self.cents, parts)
        return [Money(base + (index < rest)) for index in range(parts)]


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """The sum, zero for none."""
    return Money(sum(amount.cents for amount in amounts))
