"""The report of study models as a PDF: whose they are, the models as they are shown, the analysis."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.errors import N_
from viewer.widgets.volume.report import WIDE_PX, body_of, printed

if TYPE_CHECKING:
    from viewer.widgets.models.workspace import ModelsWorkspace

TITLE = N_("Model report")
OCCLUSION, DATES = N_("Distance to the other jaw"), N_("Difference between two dates")


def write_report(workspace: ModelsWorkspace) -> Callable[[], bytes]:
    """Compose the report now, on the screen's thread; what is given back paints it anywhere."""
    picture, body, title = _picture(workspace), report_body(workspace), workspace.texts.say(TITLE)
    return lambda: printed(picture, body, title)


def report_body(workspace: ModelsWorkspace) -> str:
    """What it says, as HTML."""
    texts, shown = workspace.texts, [model for model in workspace.state.models.values() if model.shown]
    lines = [*workspace.host.whose, *(model.entry.words for model in shown)]
    figures = [(texts.say(N_("Analysis")), line) for line in workspace.analysis_page.lines()]
    for title, page in ((OCCLUSION, workspace.occlusion_page), (DATES, workspace.dates_page)):
        if page.words.text():
            figures.append((texts.say(title), page.words.text()))
    return body_of(texts, TITLE, lines, figures, workspace.host.author.name)


def _picture(workspace: ModelsWorkspace) -> QImage:
    """The scene, as large as it is printed."""
    scene = workspace.scene
    ratio = 2 * WIDE_PX / max(1, scene.width())
    image = QImage(scene.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(0, 0, 0))
    painter = QPainter(image)
    scene.render(painter, QPoint())
    painter.end()
    return image
