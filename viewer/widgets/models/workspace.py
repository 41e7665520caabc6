"""The workspace over study models: a list, the scene, and the panel with its pages."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import N_, ViewerError
from viewer.mesh.colouring import DIFFERENCE, OCCLUSION
from viewer.mesh.mesh import Points
from viewer.mesh.picking import hit
from viewer.mesh.reading import stl_bytes
from viewer.model.model_plan import ModelPlan, model_plan_from_json, model_plan_to_json
from viewer.volume.rendering import Eye
from viewer.widgets.form_style import form_sheet
from viewer.widgets.look import Look
from viewer.widgets.models.analysis_page import AnalysisPage
from viewer.widgets.models.host import ModelsHost
from viewer.widgets.models.pages import AlignPage, DistancePage, ShowPage
from viewer.widgets.models.report import write_report
from viewer.widgets.models.state import ModelsState, jaw_in
from viewer.widgets.posting import Post
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume.form import say
from viewer.widgets.volume.making import capture_file, grabbed
from viewer.widgets.volume.scene_view import SceneView

SAVE_MS = 700
LIST_PX, PANEL_PX, SIDE_PART, PANEL_PART, TABS_EDGE = 240, 330, 0.22, 0.34, 12
SHOWN_AT_FIRST = 2
PAGES = (N_("Show"), N_("Align"), N_("Occlusion"), N_("Dates"), N_("Analysis"))
HINT = N_("Drag: turn · Right drag: move · Wheel: zoom · F B L R U D: the six sides")
READING = N_("Reading the model…")
CAPTURE = N_("Picture of study models")


class ModelsWorkspace(QWidget):
    """`load()` begins; `close_models()` ends all work."""

    page_turned = Signal(int)

    def __init__(self, host: ModelsHost, texts: TileTexts, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workspace")
        self.host, self.texts, self.look = host, texts, look
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(look.sheet() + form_sheet(look))
        self._post = Post(self)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="models work")
        self._unsaved: set[str] = set()
        self._known: dict[str, str] = {}
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._save_timer.timeout.connect(self.save_plans)
        self.scene = SceneView(texts, look, N_("Models"))
        self.scene.pointed.connect(self._pointed)
        self.state = ModelsState(host, self.scene, self._pool, self._post, texts.sentence)
        self._build()
        self.state.changed.connect(self._show_list)
        self.state.planned.connect(self._touched)
        self.state.aligned.connect(self._keep_placement)
        self._show_list()

    def _build(self) -> None:
        self.list = QListWidget()
        self.list.setAccessibleName(self.texts.say(N_("Models")))
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setStyleSheet(self._ticks())
        self.list.itemChanged.connect(self._ticked)
        side = QFrame()
        side.setObjectName("side")
        self.side = side
        self.words = QLabel()
        self.words.setObjectName("warning")
        self.words.setWordWrap(True)
        self.words.setContentsMargins(10, 4, 10, 8)
        left = QVBoxLayout(side)
        left.setContentsMargins(6, 8, 6, 8)
        left.addWidget(self.list, 1)
        left.addWidget(self.words)
        self.panel = QFrame()
        self.panel.setObjectName("panel")
        self._make_pages()
        status = QLabel(self.texts.say(HINT))
        status.setObjectName("status")
        status.setFixedHeight(self.look.px(26))
        status.setSizePolicy(status.sizePolicy().Policy.Ignored, status.sizePolicy().Policy.Fixed)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part, stretch in ((side, 0), (self.scene, 1), (self.panel, 0)):
            row.addWidget(part, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(status)

    def _ticks(self) -> str:
        """Boxes that are seen empty, too."""
        look = self.look
        return f"""
        QListWidget::item {{ padding: 6px 4px; }}
        QListWidget::indicator {{ width: 14px; height: 14px; border: 2px solid {look.control}; border-radius: 4px;
            background: {look.canvas}; }}
        QListWidget::indicator:checked {{ background: {look.accent}; border-color: {look.accent};
            image: url("{(look.icons / "check.svg").as_posix()}"); }}"""

    def _make_pages(self) -> None:
        state, scene, texts, look = self.state, self.scene, self.texts, self.look
        self.show_page = ShowPage(state, scene, texts, look)
        self.keep = self.show_page.button(N_("Keep a picture with the patient’s images"), self.keep_picture)
        self.keep.setEnabled(not self.host.refusal)
        self.keep.setToolTip(self.host.refusal)
        self.show_page.button(N_("Report as PDF…"), self.report)
        self.show_page.button(N_("Export the shown models as STL…"), self._export)
        self.align_page = AlignPage(state, scene, texts, look, self._pool, self._post)
        pair = N_("Upper jaw"), N_("Lower jaw")
        self.occlusion_page = DistancePage(state, texts, look, self._pool, self._post, OCCLUSION, pair)
        dates = N_("Later model"), N_("Earlier model")
        self.dates_page = DistancePage(state, texts, look, self._pool, self._post, DIFFERENCE, dates)
        self.analysis_page = AnalysisPage(state, scene, texts, look)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setStyleSheet("QTabBar::tab { padding: 8px 6px; }")
        pages = (self.show_page, self.align_page, self.occlusion_page, self.dates_page, self.analysis_page)
        for page, title in zip(pages, PAGES, strict=True):
            self.tabs.addTab(page, texts.say(title))
        self.tabs.currentChanged.connect(self._turn_page)
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)

    def load(self) -> None:
        """Show the first models, from the front."""
        self.scene.look_from(Eye(0, 15))
        shown = [model for jaw in ("upper", "lower") if (model := self.state.of_jaw(jaw)) is not None]
        models = shown or [model for model in self.state.models.values() if not model.entry.volume][:SHOWN_AT_FIRST]
        for model in models:
            self.state.show(model.entry.key, True)

    @property
    def busy(self) -> bool:
        """Whether something is still read or drawn."""
        return self.state.loading > 0 or self.scene.busy

    # -- the list -------------------------------------------------------------------------------------------
    def _show_list(self) -> None:
        with QSignalBlocker(self.list):
            while self.list.count() < len(self.state.models):
                self.list.addItem(QListWidgetItem())
            for row, (key, model) in enumerate(self.state.models.items()):
                item = self.list.item(row)
                item.setData(Qt.ItemDataRole.UserRole, key)
                item.setText(model.entry.words)
                item.setCheckState(Qt.CheckState.Checked if model.shown else Qt.CheckState.Unchecked)
                item.setToolTip(model.error)
        refused = [f"{model.entry.words}: {model.error}" for model in self.state.models.values() if model.error]
        say(self.words, self.texts.say(READING) if self.state.loading else "\n".join(refused))

    def _ticked(self, item: QListWidgetItem) -> None:
        key = str(item.data(Qt.ItemDataRole.UserRole))
        self.state.show(key, item.checkState() is Qt.CheckState.Checked)

    def _turn_page(self, index: int) -> None:
        self.align_page.pick.setChecked(False)
        self.analysis_page.pick.setChecked(False)
        self.page_turned.emit(index)

    def _pointed(self, ray: tuple[Points, Points]) -> None:
        """A click on the scene while points are placed: where it meets the model that is wanted."""
        align, analysis = self.align_page.wanted, self.analysis_page.wanted
        model = self.state.models.get(align or analysis)
        mesh = model.placed_mesh if model is not None else None
        if model is None or mesh is None:
            return
        origin, direction = ray

        def work() -> None:
            place = hit(mesh, origin, direction)
            if place is not None and align:
                self._post.post(lambda: self.align_page.take(place))
            elif place is not None:
                self._post.post(lambda: self.analysis_page.take(ModelsState.back(model, place)))

        self._pool.submit(work)

    def _export(self) -> None:
        for model in self.state.models.values():
            mesh = model.placed_mesh
            if model.shown and mesh is not None:
                name = model.entry.words.rsplit(" · ", 1)[-1].removesuffix(".stl")
                self.host.save(f"{name}.stl", partial(stl_bytes, mesh))

    def keep_picture(self) -> None:
        """The scene as it stands, as an image of the study of the first model that is shown."""
        key = next((key for key, model in self.state.models.items() if model.shown and not model.entry.volume), "")
        if not key:
            say(self.words, self.texts.say(N_("Show a model first: what is shown is kept.")))
            return
        image, author, words = grabbed(self.scene, self.scene.rect()), self.host.author, self.texts.say(CAPTURE)

        def work() -> None:
            try:
                found = capture_file(self.host.reference(key), image, author, words)
            except ViewerError as error:
                sentence = self.texts.sentence(error)
                self._post.post(lambda: say(self.words, sentence))
            else:
                self._post.post(lambda: self.host.keep([found]))

        self._pool.submit(work)

    def report(self) -> None:
        """A PDF of what is shown and measured."""
        self.host.save("models.pdf", write_report(self))

    # -- what is placed -------------------------------------------------------------------------------------
    def set_plan(self, key: str, document: str) -> None:
        """The points that are kept of a model; '' for none. What is being placed goes before it."""
        model = self.state.models.get(key)
        if model is None or key in self._unsaved or document == self._known.get(key, ""):
            return
        self._known[key] = document
        try:
            guess = ModelPlan(jaw=jaw_in(model.entry.words))
            self.state.take_plan(key, model_plan_from_json(document) if document else guess)
        except ViewerError as error:
            model.error = self.texts.sentence(error)
        self.state.changed.emit()

    def _touched(self, key: str) -> None:
        self._unsaved.add(key)
        self._save_timer.start()

    def save_plans(self) -> None:
        """Hand what was placed to the host."""
        self._save_timer.stop()
        unsaved, self._unsaved = self._unsaved, set()
        for key in unsaved:
            self._hand_over(key, self.host.keep_plan)

    def _keep_placement(self, key: str) -> None:
        self._unsaved.discard(key)
        self._hand_over(key, self.host.keep_placement)

    def _hand_over(self, key: str, keep: Callable[[str, str], None]) -> None:
        document = model_plan_to_json(self.state.models[key].plan)
        if not self.host.refusal and document != self._known.get(key):
            self._known[key] = document
            keep(key, document)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel takes at most a third, or what its tabs need in large text: none is behind an arrow."""
        super().resizeEvent(event)
        tabs = self.tabs.tabBar().sizeHint().width() + 2 * TABS_EDGE
        self.panel.setFixedWidth(max(tabs, min(self.look.px(PANEL_PX), round(PANEL_PART * self.width()))))
        self.side.setFixedWidth(min(self.look.px(LIST_PX), round(SIDE_PART * self.width())))

    def close_models(self) -> None:
        """Keep what was placed, end all work."""
        self.save_plans()
        self.scene.close_scene()
        self._post.close()
        with contextlib.suppress(RuntimeError):
            self._pool.shutdown(wait=False, cancel_futures=True)
