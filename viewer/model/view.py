"""How an image lies in its viewport: zoom, position, quarter turns and mirror. Pure geometry, in device pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

LEAST_SCALE, GREATEST_SCALE = 0.01, 64.0

Point = tuple[float, float]

_OPPOSITE = str.maketrans("APRLHF", "PALRFH")


@dataclass(frozen=True)
class View:
    """A view is a value: every change gives a new one.

    `scale` is the number of device pixels a pixel column takes, `center` the image point (x, y) in the middle of the
    viewport, `aspect` the height of an image pixel divided by its width. The image is mirrored left to right first
    and then turned clockwise by `turns` quarters. Image coordinates put (0, 0) at the outer corner of the first pixel.
    """

    columns: int
    rows: int
    width: int
    height: int
    aspect: float = 1.0
    scale: float = 1.0
    center: Point = (0.0, 0.0)
    turns: int = 0
    mirrored: bool = False

    @property
    def matrix(self) -> tuple[float, float, float, float]:
        """(m11, m12, m21, m22): x' = m11·x + m21·y and y' = m12·x + m22·y, from image to screen without position."""
        across, down = (-self.scale if self.mirrored else self.scale), self.scale * self.aspect
        cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[self.turns]
        return across * cos, across * sin, -down * sin, down * cos

    def to_screen(self, point: Point) -> Point:
        """Device-pixel position of an image point."""
        m11, m12, m21, m22 = self.matrix
        x, y = point[0] - self.center[0], point[1] - self.center[1]
        return m11 * x + m21 * y + self.width / 2, m12 * x + m22 * y + self.height / 2

    def to_image(self, point: Point) -> Point:
        """Image position of a device-pixel point; it may lie outside the image."""
        x, y = self._unturned(point[0] - self.width / 2, point[1] - self.height / 2)
        return x + self.center[0], y + self.center[1]

    def _unturned(self, x: float, y: float) -> Point:
        m11, m12, m21, m22 = self.matrix
        determinant = m11 * m22 - m12 * m21
        return (m22 * x - m21 * y) / determinant, (m11 * y - m12 * x) / determinant

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole image just fits."""
        across, down = float(self.columns), self.rows * self.aspect
        if self.turns % 2:
            across, down = down, across
        return max(LEAST_SCALE, min(self.width / across, self.height / down))

    @property
    def is_fitted(self) -> bool:
        return self == self.fitted()

    def fitted(self) -> View:
        """The whole image in the middle of the viewport."""
        return replace(self, scale=self.fit_scale, center=(self.columns / 2, self.rows / 2))

    def one_to_one(self) -> View:
        """One image pixel a device pixel, about the middle of the viewport."""
        return self.zoomed(1.0 / self.scale, (self.width / 2, self.height / 2))

    def zoomed(self, factor: float, about: Point) -> View:
        """Larger by `factor`; the image point under the screen point `about` stays there."""
        scale = max(LEAST_SCALE, min(GREATEST_SCALE, self.scale * factor))
        fixed = self.to_image(about)
        ratio = self.scale / scale
        center = (
            fixed[0] + (self.center[0] - fixed[0]) * ratio,
            fixed[1] + (self.center[1] - fixed[1]) * ratio,
        )
        return replace(self, scale=scale, center=self._kept(center))

    def panned(self, dx: float, dy: float) -> View:
        """The image moved by device pixels; the middle of the viewport never leaves the image."""
        x, y = self._unturned(dx, dy)
        return replace(self, center=self._kept((self.center[0] - x, self.center[1] - y)))

    def _kept(self, center: Point) -> Point:
        return min(max(center[0], 0.0), float(self.columns)), min(max(center[1], 0.0), float(self.rows))

    def resized(self, width: int, height: int) -> View:
        """The same view in a viewport of another size; a fitted image stays fitted."""
        other = replace(self, width=max(1, width), height=max(1, height))
        return other.fitted() if self.is_fitted else other

    def reshaped(self, columns: int, rows: int, aspect: float) -> View:
        """The same part of an image that turns out to have other pixels, as an original after its preview."""
        across, down = columns / self.columns, rows / self.rows
        center = self.center[0] * across, self.center[1] * down
        other = replace(self, columns=columns, rows=rows, aspect=aspect, scale=self.scale / across, center=center)
        return other.fitted() if self.is_fitted else other

    def seen_through(self, left: float, top: float, width: int, height: int) -> View:
        """What a window of device pixels on this viewport shows, as a view of its own."""
        center = self.to_image((left + width / 2, top + height / 2))
        return replace(self, width=width, height=height, center=center)

    def turned(self, quarters: int = 1) -> View:
        """Turned clockwise as seen; a fitted image stays fitted."""
        other = replace(self, turns=(self.turns + quarters) % 4)
        return other.fitted() if self.is_fitted else other

    def flipped(self) -> View:
        """Mirrored left to right as seen on the screen, whatever the turns."""
        return replace(self, mirrored=not self.mirrored, turns=-self.turns % 4)

    def visible(self) -> tuple[int, int, int, int]:
        """Rows and columns of the image in the viewport: (first row, end row, first column, end column)."""
        corners = [self.to_image((x, y)) for x in (0, self.width) for y in (0, self.height)]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        return (
            min(self.rows, max(0, int(min(ys)))),
            max(0, min(self.rows, int(max(ys)) + 1)),
            min(self.columns, max(0, int(min(xs)))),
            max(0, min(self.columns, int(max(xs)) + 1)),
        )


@dataclass(frozen=True)
class Edges:
    """Patient directions at the four edges of the viewport, such as 'R', 'H', 'L', 'F'."""

    left: str
    top: str
    right: str
    bottom: str


def edges(view: View, orientation: tuple[str, str]) -> Edges:
    """Patient directions at the edges for the directions of rows and columns (PS3.3 §C.7.6.1.1.1)."""
    m11, m12, m21, m22 = view.matrix
    along_rows, along_columns = orientation

    def towards(row_part: float, column_part: float) -> str:
        if abs(row_part) > abs(column_part):
            return along_rows if row_part > 0 else opposite(along_rows)
        return along_columns if column_part > 0 else opposite(along_columns)

    return Edges(towards(-m11, -m21), towards(-m12, -m22), towards(m11, m21), towards(m12, m22))


def opposite(direction: str) -> str:
    """The opposite patient direction: 'LA' becomes 'RP'."""
    return direction.translate(_OPPOSITE)
