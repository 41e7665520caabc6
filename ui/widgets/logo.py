"""The Archwire mark: an arch with its brackets."""

from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme.style import on_theme_change, theme

# A proper name: the same in every language.
NAME = "Archwire"


class Logo(QLabel):
    """The mark, `size` px at 100 % text, its wire in a colour role; the brackets keep their colour in every theme."""

    def __init__(self, size: int = 30, ink: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size, self._ink = size, ink
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(NAME)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setPixmap(theme.pixmap("logo", theme.colour(self._ink), self._size, ratio=self.devicePixelRatioF()))
