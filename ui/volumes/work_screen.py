"""What the screens in three dimensions share: a strip, and under it a workspace of the viewer."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from ui.shell.screen import Screen
from ui.theme.style import on_theme_change, theme
from ui.volumes.strip import WorkStrip

Workspace = TypeVar("Workspace", bound=QWidget)


class WorkScreen(Screen, Generic[Workspace]):
    """One patient, one strip, one workspace. A workspace takes words and text size when it is made."""

    def _lay_out(self, title: str) -> None:
        """Strip and column, without a workspace; for `build`."""
        self._patient_id = PatientId("")
        self._made_for: tuple[str, float] = ("", 0.0)
        self.workspace: Workspace | None = None
        self.strip = WorkStrip(self, title)
        self.strip.add_button("images", N_("Images"), lambda: self._go("reading"))
        self._column = QVBoxLayout(self.body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.strip)
        on_theme_change(self._follow_theme)

    def _go(self, screen: str) -> None:
        self.open_screen.emit(screen, {"patient_id": self._patient_id})

    def _put(self, workspace: Workspace) -> None:
        """Show a workspace that was made just now."""
        self.workspace = workspace
        workspace.setLocale(self.locale())
        self._made_for = (_(N_("No image")), theme.text_scale)
        self._column.addWidget(workspace, 1)

    def _let_go(self, workspace: Workspace) -> None:
        """Have a workspace stop its work and give its memory back."""

    def close_workspace(self) -> None:
        """Stop all reading; what was read leaves the memory."""
        workspace, self.workspace = self.workspace, None
        if workspace is not None:
            self._let_go(workspace)
            self._column.removeWidget(workspace)
            workspace.hide()
            workspace.deleteLater()

    def _follow_theme(self) -> None:
        if self.workspace is not None and theme.text_scale != self._made_for[1]:
            self._again()

    def _again(self) -> None:
        self.close_workspace()
        self.stale = True
        self.freshen()

    def retranslate(self) -> None:
        """The workspace takes its words when it is made."""
        if self.workspace is not None and _(N_("No image")) != self._made_for[0]:
            self._again()
        super().retranslate()
        self.strip.fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold when narrow."""
        super().resizeEvent(event)
        self.strip.fold()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.went_back.emit()
            return
        super().keyPressEvent(event)
