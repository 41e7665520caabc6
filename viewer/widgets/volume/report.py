"""The report of a volume as a PDF on Letter paper: whose it is, the panes as they stand, measurements, airway."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QSizeF, QUrl
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QRegion, QTextDocument

from viewer.errors import N_
from viewer.model.volume_plan import MarkKind
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume.drawing import figure_text

if TYPE_CHECKING:
    from viewer.widgets.volume.board import Board

DPI, MARGIN_MM, WIDE_PX = 96, 15, 690
TITLE, FIGURES, MADE = N_("Volume report"), N_("Measurements"), N_("Made by {author}")
GRID = N_("Grid: {columns} × {rows} × {layers} cells of {x} × {y} × {z} mm")
CONFIRM = N_("Measured on the screen by a person; the figures do not replace the orthodontist’s judgement.")
KINDS = {MarkKind.LENGTH: N_("Distance"), MarkKind.ANGLE: N_("Angle"), MarkKind.REGION: N_("Region")}
IMAGE = "panes"


def write_report(board: Board) -> Callable[[], bytes]:
    """Compose the report now, on the screen's thread; what is given back paints it anywhere."""
    picture, body, title = _picture(board), _body(board), board.texts.say(TITLE)
    return lambda: printed(picture, body, title)


def _picture(board: Board) -> QImage:
    """All panes, without the panel, as large as they are printed."""
    area = board.panes_area()
    ratio = 2 * WIDE_PX / max(1, area.width())
    image = QImage(area.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(0, 0, 0))
    painter = QPainter(image)
    board.render(painter, QPoint(), QRegion(area))
    painter.end()
    return image


def _body(board: Board) -> str:
    texts, state = board.texts, board.state
    number = board.locale().toString
    layers, rows, columns = state.volume.shape
    x, y, z = (number(step, "f", 2) for step in state.volume.steps_mm)
    lines = [*board.host.whose, texts.say(GRID, columns=columns, rows=rows, layers=layers, x=x, y=y, z=z)]
    lines += [texts.say(notice.message_id, **dict(notice.values)) for notice in state.volume.notices]
    figures = [(texts.say(KINDS[mark.kind]), figure_text(texts, board.locale(), mark)) for mark in state.plan.marks]
    found = board.airway_page.found
    if found is not None:
        figures.append((texts.say(N_("Airway")), board.airway_page.sentence(found)))
    if near := board.arch_page.near.text():
        figures.append((texts.say(N_("Nerve canals")), near))
    return body_of(texts, TITLE, lines, figures, board.host.author.name)


def body_of(
    texts: TileTexts, title: str, lines: Iterable[str], figures: Iterable[tuple[str, str]], author: str
) -> str:  # fmt: skip
    """A report of a picture: whose it is, the picture, the figures with their names, who made it."""
    table = "".join(f"<tr><td>{html.escape(name)}</td><td>{html.escape(value)}</td></tr>" for name, value in figures)
    head = html.escape(texts.say(FIGURES))
    return (
        f"<h2>{html.escape(texts.say(title))}</h2>"
        + "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
        + f'<p><img src="{IMAGE}" width="{WIDE_PX}"></p>'
        + (f"<h3>{head}</h3><table width='100%' cellpadding='3'>{table}</table>" if table else "")
        + f"<p>{html.escape(texts.say(MADE, author=author))} · {html.escape(texts.say(CONFIRM))}</p>"
    )


def printed(picture: QImage, body: str, title: str) -> bytes:
    """The PDF, on Letter paper; from any thread."""
    out = QByteArray()
    buffer = QBuffer(out)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    writer.setPageMargins(QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM), QPageLayout.Unit.Millimeter)
    writer.setResolution(DPI)
    writer.setTitle(title)
    document = QTextDocument()
    document.setDefaultStyleSheet("p { margin: 2px 0; font-size: 10pt; } td { border-bottom: 1px solid #999; }")
    document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(IMAGE), picture)
    document.setHtml(body)
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    document.print_(writer)
    buffer.close()
    return bytes(out.data())
