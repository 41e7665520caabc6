"""The report as PDF: who, the image with its tracing, measures with norms, the wiggle chart, sources. Letter paper."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from viewer.errors import N_, ViewerError
from viewer.model.cephalometry import Reading
from viewer.widgets.cephalometry.board import Cephalometry
from viewer.widgets.cephalometry.deviations import PAPER, wiggle
from viewer.widgets.cephalometry.measures import DEVIATION, MEASURE, NORM, VALUE, wiggle_lines
from viewer.widgets.cephalometry.words import NOT_CALIBRATED, deviation_words, norm_words, value_words
from viewer.widgets.marking.words import ORIGIN_NAMES
from viewer.widgets.raster import Raster
from viewer.widgets.tile_board import TileBoard
from viewer.widgets.tile_painting import paint_raster

TITLE = N_("Cephalometric analysis: {analysis}")
PATIENT, TAKEN, MADE, SIZE = N_("Patient"), N_("Image of"), N_("Report of"), N_("Pixel size")
WIGGLE, SOURCES, PAGE = N_("Wiggle chart"), N_("Sources of the norms"), N_("Page {page} of {pages}")
DERIVED_BY = N_("Measured by {author}. Deviations are in standard deviations or against the published range.")
CONFIRM = N_("The figures do not replace the orthodontist’s judgement.")
CANNOT_WRITE = N_("The report cannot be written to this place.")
NO_TRACING = N_("Place landmarks first: there is nothing to report yet.")
DPI, MARGIN_MM, FOOT = 96, 15, 28
IMAGE_PX, CHART_PX = (580, 440), (680, 22)
BODY_PX = 12


class ReportError(ViewerError):
    """A report that cannot be made."""

    message_id = NO_TRACING


def write_report(cephalometry: Cephalometry, path: Path, today: date) -> int:
    """Write the report of the active image; the number of pages. Raises ReportError."""
    if cephalometry.pane is None or not cephalometry.placed().points:
        raise ReportError
    readings = cephalometry.readings()
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    writer.setPageMargins(QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM), QPageLayout.Unit.Millimeter)
    writer.setResolution(DPI)
    writer.setTitle(cephalometry.texts.say(TITLE, analysis=cephalometry.texts.say(cephalometry.analysis.label)))
    document = _document(cephalometry, readings, today)
    page = QSizeF(writer.width(), writer.height() - FOOT)
    document.setPageSize(page)
    painter = QPainter()
    if not painter.begin(writer):
        raise ReportError(CANNOT_WRITE)
    pages = document.pageCount()
    for number in range(pages):
        if number:
            writer.newPage()
        painter.save()
        painter.translate(0, -number * page.height())
        document.drawContents(painter, QRectF(0, number * page.height(), page.width(), page.height()))
        painter.restore()
        _foot(painter, cephalometry, QRectF(0, page.height() + 6, page.width(), FOOT - 6), number + 1, pages)
    painter.end()
    return pages


def _foot(painter: QPainter, cephalometry: Cephalometry, area: QRectF, page: int, pages: int) -> None:
    """Whose report it is on every page: sheets get separated."""
    font = QFont(painter.font())
    font.setPixelSize(10)
    painter.setFont(font)
    painter.setPen(QColor(PAPER.muted))
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    painter.drawText(area, left | Qt.AlignmentFlag.AlignVCenter, _patient(cephalometry))
    words = cephalometry.texts.say(PAGE, page=page, pages=pages)
    painter.drawText(area, right | Qt.AlignmentFlag.AlignVCenter, words)


def _document(cephalometry: Cephalometry, readings: Sequence[Reading], today: date) -> QTextDocument:
    document = QTextDocument()
    font = QFont(cephalometry.look.family or cephalometry.workspace.font().family())
    font.setPixelSize(BODY_PX)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(
        f"h1 {{font-size: 20px; color: {PAPER.text};}} h2 {{font-size: 15px; color: {PAPER.text}; margin-top: 16px;}} "
        f"p, td, th, li {{color: {PAPER.text};}} th {{text-align: left;}} .muted {{color: {PAPER.muted};}}"
    )
    kind = QTextDocument.ResourceType.ImageResource
    document.addResource(kind, QUrl("tracing"), traced_image(cephalometry))
    document.addResource(kind, QUrl("wiggle"), wiggle_image(cephalometry, readings))
    document.setHtml(_html(cephalometry, readings, today))
    return document


def _html(cephalometry: Cephalometry, readings: Sequence[Reading], today: date) -> str:
    say = cephalometry.texts.say
    title = say(TITLE, analysis=say(cephalometry.analysis.label))
    wide, _row = CHART_PX
    author = cephalometry.marking.author
    parts = [
        f"<h1>{html.escape(title)}</h1>", _facts(cephalometry, today),
        f'<p><img src="tracing" width="{IMAGE_PX[0]}"></p>', _table(cephalometry, readings),
    ]  # fmt: skip
    if wiggle_lines(cephalometry, readings):
        parts.append(f'<h2>{html.escape(say(WIGGLE))}</h2><p><img src="wiggle" width="{wide}"></p>')
    sources = dict.fromkeys(
        f"{say(r.norm.population)}. {r.norm.source}" for r in readings if r.norm is not None and r.norm.shown
    )
    if sources:
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in sources)
        parts.append(f"<h2>{html.escape(say(SOURCES))}</h2><ul>{lines}</ul>")
    closing = f"{say(DERIVED_BY, author=author)} {say(CONFIRM)}" if author else say(CONFIRM)
    return "".join([*parts, f'<p class="muted">{html.escape(closing)}</p>'])


def _patient(cephalometry: Cephalometry) -> str:
    found = cephalometry.workspace.catalogue.find(cephalometry.key)
    whose = cephalometry.workspace.catalogue.whose_is(found[0] if found else None)
    born = cephalometry.texts.day(whose.birth_date) if whose.birth_date else ""
    return " · ".join(filter(None, (whose.name, whose.identifier, born)))


def _facts(cephalometry: Cephalometry, today: date) -> str:
    texts = cephalometry.texts
    found = cephalometry.workspace.catalogue.find(cephalometry.key)
    day = (found[1].taken_on or found[0].day) if found else None
    rows = (
        (PATIENT, _patient(cephalometry)),
        (TAKEN, texts.day(day) if day else ""),
        (MADE, texts.day(today)),
        (SIZE, texts.say(ORIGIN_NAMES[cephalometry.size().origin])),
    )
    shown = (
        f'<tr><td class="muted">{html.escape(texts.say(label))}&nbsp;&nbsp;</td><td>{html.escape(words)}</td></tr>'
        for label, words in rows
        if words
    )
    return f"<table cellpadding=1>{''.join(shown)}</table>"


def _table(cephalometry: Cephalometry, readings: Sequence[Reading]) -> str:
    texts, locale = cephalometry.texts, cephalometry.workspace.locale()
    heads = "".join(f"<th>{html.escape(texts.say(head))}</th>" for head in (MEASURE, VALUE, NORM, DEVIATION))
    lines = []
    for reading in readings:
        cells = (
            texts.say(reading.measure.label), value_words(reading, texts, locale),
            norm_words(reading.norm, reading.expected, locale), deviation_words(reading, texts, locale),
        )  # fmt: skip
        lines.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
    note = f'<p class="muted">{html.escape(texts.say(NOT_CALIBRATED))}</p>' if _uncalibrated(readings) else ""
    return f'<table width="100%" cellpadding=3 cellspacing=0><tr>{heads}</tr>{"".join(lines)}</table>{note}'


def _uncalibrated(readings: Sequence[Reading]) -> bool:
    return any(reading.uncalibrated for reading in readings)


def traced_image(cephalometry: Cephalometry) -> QImage:
    """The whole image with its tracing, in its own window, never with a proposal that nobody confirmed."""
    pane = cephalometry.pane
    if pane is None or pane.picture is None or pane.voi is None:
        raise ReportError
    wide, tall = IMAGE_PX
    board = TileBoard(texts=cephalometry.texts)
    board.resize(wide, tall)
    board.show_picture(pane.picture)
    board.setFont(cephalometry.workspace.font())
    image = QImage(2 * wide, 2 * tall, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    painter.scale(2, 2)
    assert board.view is not None
    area = QRectF(0, 0, wide, tall)
    paint_raster(painter, board, Raster(pane.picture), board.view, pane.voi, area)
    cephalometry.layer.paint_confirmed(painter, board, cephalometry.key)
    painter.end()
    board.deleteLater()
    return image


def wiggle_image(cephalometry: Cephalometry, readings: Sequence[Reading]) -> QImage:
    """The wiggle chart on white."""
    lines = wiggle_lines(cephalometry, readings)
    wide, row = CHART_PX
    image = QImage(2 * wide, 2 * row * (len(lines) + 1), QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    painter.scale(2, 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(cephalometry.workspace.font())
    wiggle(painter, QRectF(QPointF(0, 0), QSizeF(wide, row * (len(lines) + 1))), lines, PAPER, row, 11)
    painter.end()
    return image
