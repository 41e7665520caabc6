"""Read the slices of a stack into a volume, on worker threads, with progress and cancel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from viewer.errors import N_
from viewer.pixels.errors import UnsupportedPixels
from viewer.pixels.form import Array, PixelFormat
from viewer.pixels.reading import Source
from viewer.pixels.source import PixelSource, open_image
from viewer.volume.arrangement import Arrangement, Notice, Vectors, arrange
from viewer.volume.errors import Cancelled, MixedSlices, VolumeTooLarge
from viewer.volume.grid import ALIGNED, Cells, Volume
from viewer.volume.series import SliceFrame, Stack

BUDGET = 3 << 30
"""Bytes that the cells of one volume may take."""
READERS = 2
"""Threads that decode. The decoders release the interpreter lock; more would take the cores from the screen."""
PORTION = 8
"""Layers that a thread reads before it tells how far it is."""

Progress = Callable[[float], bool]
"""Told the part (0.0 to 1.0) that is read; answers False to stop."""


def go_on(_part: float) -> bool:
    """Progress that nobody watches."""
    return True


@dataclass(frozen=True, slots=True)
class Scale:
    """How the decoded numbers become cells: `cell = number - shift`, and `slope * cell + intercept` is the value."""

    slope: float
    intercept: float
    shift: int
    by_slice: bool
    """The slices state different scales: each is brought to whole values of the unit itself."""


def assemble(stack: Stack, progress: Progress = go_on, budget: int = BUDGET) -> Volume:
    """Decode every slice into its place.

    Raises NoSlices, MixedSlices, ScatteredSlices, TooManyGaps, VolumeTooLarge, Cancelled, or a PixelError of a slice.
    """
    arrangement = arrange([piece.place for piece in stack.slices])
    size = int(np.prod(arrangement.shape)) * 2
    if size > budget:
        raise VolumeTooLarge(megabytes=size >> 20, budget=budget >> 20)
    scale = _scale(stack.slices)
    turns, affine = _turned(arrangement)
    cells = np.zeros([arrangement.shape[axis] for axis, _flipped in turns], np.int16)
    grid = _as_read(cells, turns)
    _Filling(stack, arrangement, scale, grid).run(progress)
    empty = [place for place, layer in enumerate(arrangement.layers) if layer is None]
    if empty:
        grid[empty] = cells.min()
    notices = list(arrangement.notices)
    if scale.by_slice:
        notices.append(Notice(N_("The slices state different scales; their values were brought to one.")))
    return Volume(
        cells,
        affine,
        scale.slope,
        scale.intercept,
        "HU" if all(piece.hounsfield for piece in stack.slices) else "",
        stack.slices[len(stack.slices) // 2].window,
        tuple(notices),
    )


def _scale(slices: Sequence[SliceFrame]) -> Scale:
    with open_image(slices[0].source) as image:
        form = image.form
    _check_form(form)
    scales = {(piece.modality.slope, piece.modality.intercept) for piece in slices}
    if len(scales) > 1 or any(piece.modality.table is not None for piece in slices):
        return Scale(1.0, 0.0, 0, by_slice=True)
    slope, intercept = scales.pop()
    shift = 0 if form.signed or form.bits_stored < 16 else 1 << 15
    return Scale(slope, intercept + slope * shift, shift, by_slice=False)


def _check_form(form: PixelFormat) -> None:
    if form.samples != 1 or form.floating or form.bits_allocated not in (8, 16):
        raise UnsupportedPixels


def _turned(arrangement: Arrangement) -> tuple[tuple[tuple[int, bool], ...], Vectors]:
    """For each axis of the cells (layer, row, column): which axis as read it is, whether it runs backward; the affine.

    A grid along the patient's axes is turned so that its axes run to +z, +y and +x. Any other stays as read.
    """
    affine, shape = arrangement.affine, arrangement.shape
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    chosen = np.abs(axes).argmax(axis=1)  # for x, y, z: the column of the affine
    square = np.abs(np.abs(axes).max(axis=1) - 1) < ALIGNED**2
    if len(set(chosen.tolist())) < 3 or not square.all():
        return ((0, False), (1, False), (2, False)), affine
    turned, turns = np.eye(4), []
    turned[:3, 3] = affine[:3, 3]
    for patient_axis, column in enumerate(chosen.tolist()):
        backward = bool(axes[patient_axis, column] < 0)
        step = affine[:3, column]
        turned[:3, patient_axis] = -step if backward else step
        if backward:
            turned[:3, 3] += step * (shape[2 - column] - 1)
        turns.append((2 - column, backward))
    return tuple(reversed(turns)), turned


def _as_read(cells: Cells, turns: Sequence[tuple[int, bool]]) -> Cells:
    """The cells seen with the axes (layer, row, column) of the files; writing to it writes to the cells."""
    back = [next(place for place, (axis, _flip) in enumerate(turns) if axis == read) for read in range(3)]
    seen = cells.transpose(back)
    return seen[tuple(slice(None, None, -1) if turns[place][1] else slice(None) for place in back)]


class _Filling:
    """One run over the layers: portions of consecutive layers on threads, told and stopped from the caller's thread."""

    def __init__(self, stack: Stack, arrangement: Arrangement, scale: Scale, grid: Cells) -> None:
        self._slices, self._layers, self._scale, self._grid = stack.slices, arrangement.layers, scale, grid
        self._stop = threading.Event()
        self._open_now: dict[int, tuple[Source, PixelSource]] = {}
        """By thread: a multi-frame header is parsed once, and no more than one image a thread stays in memory."""

    def run(self, progress: Progress) -> None:
        """Fill the grid; raises Cancelled when `progress` answers False."""
        starts = range(0, len(self._layers), PORTION)
        try:
            with ThreadPoolExecutor(READERS, thread_name_prefix="volume") as pool:
                try:
                    for done, _none in enumerate(pool.map(self._portion, starts), 1):
                        if not progress(done / len(starts)):
                            raise Cancelled
                finally:
                    self._stop.set()
        finally:
            for _source, image in self._open_now.values():
                image.close()

    def _portion(self, start: int) -> None:
        near: dict[int, Array] = {}
        for place in range(start, min(start + PORTION, len(self._layers))):
            layer = self._layers[place]
            if self._stop.is_set() or layer is None:
                continue
            first, second, part = layer
            near = {index: self._read(index, near) for index in (first, second)}
            if first == second or part <= 0:
                self._grid[place] = near[first]
            elif part >= 1:
                self._grid[place] = near[second]
            else:
                mixed = near[first] * np.float32(1 - part) + near[second] * np.float32(part)
                self._grid[place] = np.rint(mixed).astype(np.int16)

    def _read(self, index: int, near: dict[int, Array]) -> Array:
        if index in near:
            return near[index]
        piece = self._slices[index]
        image = self._open(piece.source)
        frame = image.frame(piece.frame)
        if (image.rows, image.columns) != self._grid.shape[1:] or not frame.is_grey:
            raise MixedSlices
        _check_form(image.form)
        if self._scale.by_slice:
            return np.clip(np.rint(piece.modality.apply(frame.values)), -32768, 32767).astype(np.int16)
        values = frame.values
        if self._scale.shift:
            return (values ^ np.uint16(1 << 15)).view(np.int16)
        return values.view(np.int16) if values.dtype == np.uint16 else values.astype(np.int16, copy=False)

    def _open(self, source: Source) -> PixelSource:
        thread = threading.get_ident()
        now = self._open_now.get(thread)
        if now is not None:
            if now[0] == source:
                return now[1]
            now[1].close()
        image = open_image(source)
        self._open_now[thread] = source, image
        return image
