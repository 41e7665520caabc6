"""A text document on paper: through the dialog of the system, or as a PDF."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QWidget


def print_dialog(parent: QWidget, made: QTextDocument) -> bool:
    """Ask for a printer and print; False when the person gave up."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter()
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    if not QPrintDialog(printer, parent).exec():
        return False
    made.print_(printer)
    return True


def write_pdf(path: Path, made: QTextDocument) -> None:
    """Keep a document as PDF on Letter pages with 20 mm of margin; `OSError` when it cannot be written."""
    path.open("wb").close()  # QPdfWriter does not say why a file cannot be opened
    writer = QPdfWriter(str(path))
    writer.setTitle(path.stem)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    writer.setPageMargins(QMarginsF(20, 20, 20, 20), QPageLayout.Unit.Millimeter)
    area = writer.pageLayout().paintRect(QPageLayout.Unit.Point)
    made.setPageSize(QSizeF(area.width(), area.height()))
    made.print_(writer)
    if path.stat().st_size == 0:
        raise OSError(path)
