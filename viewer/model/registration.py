"""Find by the pictures themselves how a later image lies over an earlier one: a proposal with its quality.

Turns and sizes are tried out on small copies; for each, phase correlation of gradient magnitudes (Kuglin & Hines 1975)
gives the place. The best few are refined by descent on the correlation coefficient of the overlap. Gradients, because
two exposures of one head differ in brightness but not in their edges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.errors import N_
from viewer.model.alignment import Alignment, AlignmentError, Origin, Similarity

Array = NDArray[Any]
Grey = NDArray[np.float64]

SIDE = 128
"""Pixels of the longest side of the copies on which turns and sizes are tried."""
FINE_SIDE = 256
DEGREES = tuple(range(-15, 16, 3))
SIZES = (0.8, 0.87, 0.93, 1.0, 1.07, 1.15, 1.25)
KEPT = 3
"""Candidates that are refined."""
MOST_STEPS = 12
"""Steps of one length: between pictures of different things the search has no end of its own."""
LEAST_OVERLAP = 0.25
GOOD, DOUBTFUL = 0.75, 0.5
"""Correlation of the overlap from which an alignment is called good, or doubtful; below, it is poor."""


def verdict(quality: float) -> str:
    """'good', 'doubtful' or 'poor': a word for a person who checks, never a reason not to look."""
    return "good" if quality >= GOOD else "doubtful" if quality >= DOUBTFUL else "poor"


def register(fixed: Array, moving: Array, start: Similarity, *, keep_size: bool = False) -> Alignment:
    """An alignment of two grey images, searched about `start`: ±15° and, without `keep_size`, 0.8 to 1.25 times.

    Both images have square pixels; `start` maps moving to fixed pixels. The result is never accepted by itself. Raises
    AlignmentError for images without structure or without overlap.
    """
    coarse = _Pair(*_small(fixed, SIDE), *_small(moving, SIDE))
    begun = coarse.inward(start)
    sizes = (1.0,) if keep_size else SIZES
    found = [coarse.placed(_about(begun, degrees, size, coarse.middle)) for degrees in DEGREES for size in sizes]
    best = sorted(found, key=coarse.quality, reverse=True)[:KEPT]
    refined = [coarse.outward(coarse.refined(each, (4.0, 2.0), keep_size)) for each in best]
    fine = _Pair(*_small(fixed, FINE_SIDE), *_small(moving, FINE_SIDE))
    ends = [fine.refined(fine.inward(each), (1.5, 0.6), keep_size) for each in refined]
    end = max(ends, key=fine.quality)
    quality, overlap = fine.judged(end)
    if overlap < LEAST_OVERLAP:
        raise AlignmentError(N_("These images do not show enough of the same."))
    return Alignment(fine.outward(end), Origin.PICTURE, quality, overlap)


def quality_of(fixed: Array, moving: Array, alignment: Alignment) -> Alignment:
    """The alignment with its quality and overlap measured."""
    pair = _Pair(*_small(fixed, FINE_SIDE), *_small(moving, FINE_SIDE))
    quality, overlap = pair.judged(pair.inward(alignment.similarity))
    return replace(alignment, quality=quality, overlap=overlap)


def resampled(moving: Array, similarity: Similarity, shape: tuple[int, int]) -> tuple[Grey, NDArray[np.bool_]]:
    """The moving image as it lies on a fixed one of `shape`, bilinear, and where it lies at all."""
    back = similarity.inverse()
    rows, columns = shape
    across = np.arange(columns)[None, :] + 0.5
    down = np.arange(rows)[:, None] + 0.5
    a, b = back.factor.real, back.factor.imag
    x = a * across - b * down + back.shift.real - 0.5
    y = b * across + a * down + back.shift.imag - 0.5
    height, width = moving.shape
    inside = (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    left = np.clip(x.astype(np.intp), 0, max(0, width - 2))
    top = np.clip(y.astype(np.intp), 0, max(0, height - 2))
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    fx, fy = np.clip(x - left, 0.0, 1.0), np.clip(y - top, 0.0, 1.0)
    upper = moving[top, left] * (1 - fx) + moving[top, right] * fx
    lower = moving[bottom, left] * (1 - fx) + moving[bottom, right] * fx
    return np.asarray(upper * (1 - fy) + lower * fy), inside


@dataclass(frozen=True, eq=False)
class _Pair:
    """Two small copies, and how many original pixels one of theirs stands for."""

    fixed: Grey
    fixed_step: float
    moving: Grey
    moving_step: float

    @property
    def middle(self) -> complex:
        """The middle of the moving copy."""
        return complex(self.moving.shape[1] / 2, self.moving.shape[0] / 2)

    def inward(self, full: Similarity) -> Similarity:
        """From full-size pixels to those of the copies."""
        return Similarity(full.factor * self.moving_step / self.fixed_step, full.shift / self.fixed_step)

    def outward(self, small: Similarity) -> Similarity:
        """From the pixels of the copies to full size."""
        return Similarity(small.factor * self.fixed_step / self.moving_step, small.shift * self.fixed_step)

    def placed(self, guess: Similarity) -> Similarity:
        """The guess moved to where phase correlation finds its picture."""
        lying, inside = resampled(self.moving, guess, self.fixed.shape)
        step = _phase_shift(
            _edges(self.fixed), _edges(np.where(inside, lying, lying[inside].mean() if inside.any() else 0))
        )
        moved = Similarity(guess.factor, guess.shift + step)
        return moved if self.quality(moved) > self.quality(guess) else guess

    def judged(self, similarity: Similarity) -> tuple[float, float]:
        """Correlation coefficient of the overlap, and the overlap as a part of the smaller image."""
        lying, inside = resampled(self.moving, similarity, self.fixed.shape)
        count = int(inside.sum())
        own = self.moving.size * similarity.scale**2
        overlap = min(1.0, count / max(1.0, min(self.fixed.size, own)))
        if count < 64:
            return -1.0, overlap
        a, b = self.fixed[inside], lying[inside]
        a, b = a - a.mean(), b - b.mean()
        # Sums, not dot products: the threads of a BLAS spin for milliseconds over what takes microseconds.
        norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
        return (float((a * b).sum()) / norm if norm > 0 else -1.0), overlap

    def quality(self, similarity: Similarity) -> float:
        """What the search climbs: correlation, with little overlap held against it."""
        quality, overlap = self.judged(similarity)
        return quality - max(0.0, 0.5 - overlap)

    def refined(self, start: Similarity, steps: tuple[float, float], keep_size: bool) -> Similarity:
        """Descent along each parameter with steps (pixels, degrees) that halve until a sixteenth."""
        best, height = start, self.quality(start)
        pixels, degrees = steps
        for _round in range(5):
            for _step in range(MOST_STEPS):
                before = height
                for trial in self._neighbours(best, pixels, degrees, keep_size):
                    if (found := self.quality(trial)) > height + 1e-6:
                        best, height = trial, found
                if height == before:
                    break
            pixels, degrees = pixels / 2, degrees / 2
        return best

    def _neighbours(self, of: Similarity, pixels: float, degrees: float, keep_size: bool) -> list[Similarity]:
        moves = [Similarity(of.factor, of.shift + step) for step in (pixels, -pixels, pixels * 1j, -pixels * 1j)]
        moves += [_about(of, turn, 1.0, self.middle) for turn in (degrees, -degrees)]
        if not keep_size:
            moves += [_about(of, 0.0, size, self.middle) for size in (1 + degrees / 100, 1 - degrees / 100)]
        return moves


def _about(of: Similarity, degrees: float, size: float, middle: complex) -> Similarity:
    """Turned and resized about where the middle of the moving image lies."""
    factor = of.factor * size * np.exp(1j * np.radians(degrees))
    return Similarity(complex(factor), of.apply(middle) - complex(factor) * middle)


def _small(values: Array, side: int) -> tuple[Grey, float]:
    """A copy with means of whole blocks, at most `side` + a few pixels long, scaled to the middle of its values."""
    step = max(1, max(values.shape) // side)
    rows, columns = values.shape[0] // step * step, values.shape[1] // step * step
    blocks = values[:rows, :columns].reshape(rows // step, step, columns // step, step)
    small = blocks.mean(axis=(1, 3), dtype=np.float64)
    low, high = np.quantile(small, (0.01, 0.99))
    if min(small.shape) < 16 or high <= low:
        raise AlignmentError(N_("These images do not show enough of the same."))
    return np.clip((small - low) / (high - low), 0.0, 1.0), float(step)


def _edges(values: Grey) -> Grey:
    """Gradient magnitude under a Hann window, which keeps the frame of the image from being its strongest edge."""
    down, across = np.gradient(values)
    rows, columns = values.shape
    return np.asarray(np.hypot(down, across) * np.hanning(rows)[:, None] * np.hanning(columns)[None, :])


def _phase_shift(fixed: Grey, moving: Grey) -> complex:
    """By how many pixels the moving picture must go to lie on the fixed one."""
    product = np.fft.rfft2(fixed) * np.conj(np.fft.rfft2(moving))
    peak = np.fft.irfft2(product / np.maximum(np.abs(product), 1e-12), s=fixed.shape)
    row, column = np.unravel_index(int(peak.argmax()), peak.shape)
    rows, columns = fixed.shape
    return complex((column + columns // 2) % columns - columns // 2, (row + rows // 2) % rows - rows // 2)
