"""All panes over one volume, in layouts, with the panel at their side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from viewer.errors import N_, ViewerError
from viewer.mesh.mesh import Mesh
from viewer.mesh.reading import stl_bytes
from viewer.model.volume_plan import Side
from viewer.volume.arch import Arch, propose_arch
from viewer.volume.curved import sections_about
from viewer.volume.planes import View
from viewer.widgets.look import Look
from viewer.widgets.posting import Post
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume import making
from viewer.widgets.volume.airway_page import AirwayPage
from viewer.widgets.volume.arch_page import ArchPage, nearness_words
from viewer.widgets.volume.cells_view import CellsView
from viewer.widgets.volume.curved_views import JointView, PanoramicView, SectionView
from viewer.widgets.volume.form import say
from viewer.widgets.volume.host import Opened, VolumeHost
from viewer.widgets.volume.keep_page import KEEPING, VIEWS, KeepPage
from viewer.widgets.volume.layouts import LAYOUTS, SECTIONS, Layout
from viewer.widgets.volume.plane_view import NAMES, PlaneView
from viewer.widgets.volume.planes_page import PlanesPage
from viewer.widgets.volume.report import write_report
from viewer.widgets.volume.scene_page import AIRWAY, ScenePage
from viewer.widgets.volume.scene_view import SceneView
from viewer.widgets.volume.state import VolumeState

PANEL_PX, PANEL_PART, GAP_PX, TABS_EDGE = 330, 0.36, 2, 12
CUTTERS = 2
PAGES = (N_("Planes"), N_("Arch"), N_("Airway"), N_("3D"), N_("Keep"))
CEPH, PANO = N_("Cephalogram of a volume, {view}"), N_("Panoramic of a volume")
CAPTURE, SECTION_WORDS = N_("Picture of a volume"), N_("Section of a volume, {view}")
NO_ARCH = N_("There is no panoramic yet: the arch comes first.")


class Board(QWidget):
    """Panes by name: `axial`, `coronal`, `sagittal`, `scene`, `panoramic`, `section n`, `joint side n`."""

    def __init__(
        self, opened: Opened, host: VolumeHost, texts: TileTexts, look: Look, pool: Executor, post: Post
    ) -> None:  # fmt: skip
        super().__init__()
        self.host, self.texts, self.look = host, texts, look
        self.reference = opened.reference
        self.state = VolumeState(opened.volume, self)
        self._pool, self._post = pool, post
        self._cutters = ThreadPoolExecutor(CUTTERS, thread_name_prefix="volume planes")
        """For the planes alone: no arch that is looked for keeps a hand waiting."""
        self.layout_name = ""
        self._large: QWidget | None = None
        self.panes: dict[str, QWidget] = {}
        self.active: QWidget | None = None
        self._make_panes()
        self.panel, self.tabs = QFrame(), QTabWidget()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(GAP_PX, GAP_PX, GAP_PX, GAP_PX)
        self._grid.setSpacing(GAP_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(self._grid, 1)
        row.addWidget(self.panel)
        self.furnish = self._furnish()
        """Makes the panel page by page; `next` until it ends. All at once would stand the screen still."""

    def _make_panes(self) -> None:
        state, texts, look = self.state, self.texts, self.look
        for view in View:
            self.panes[view.value] = PlaneView(view, state, texts, look, self._cutters, self._post)
        self.scene = SceneView(texts, look, N_("Three dimensions"))
        self.panes["scene"] = self.scene
        self.panorama = PanoramicView(state, texts, look, self._pool, self._post)
        self.panes["panoramic"] = self.panorama
        self.sections = [
            SectionView(n, self.panorama, state, texts, look, self._cutters, self._post) for n in range(1, SECTIONS + 1)
        ]
        for number, section in enumerate(self.sections, 1):
            self.panes[f"section {number}"] = section
        for side in Side:
            for index in (0, 1):
                self.panes[f"joint {side.value} {index}"] = JointView(
                    side, index, state, texts, look, self._cutters, self._post
                )
        for pane in self.panes.values():
            pane.setParent(self)
            pane.hide()
            pane.entered.connect(self._enter)  # type: ignore[attr-defined]  # every kind of pane has both
            pane.enlarged.connect(self._enlarge)  # type: ignore[attr-defined]  # as above
            if isinstance(pane, PlaneView):
                pane.seeded.connect(self._seeded)
        self.panorama.moved.append(self._stand_sections)

    def _furnish(self) -> Iterator[None]:
        state, texts, look = self.state, self.texts, self.look
        self.panel.setObjectName("panel")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setStyleSheet("QTabBar::tab { padding: 8px 6px; }")
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        titles = iter(PAGES)
        self.planes_page = PlanesPage(state, texts, look)
        self.tabs.addTab(self.planes_page, texts.say(next(titles)))
        yield
        self.arch_page = ArchPage(state, texts, look, self.propose_arch)
        self.arch_page.changed = self._stand_sections
        self.tabs.addTab(self.arch_page, texts.say(next(titles)))
        yield
        self.airway_page = AirwayPage(state, texts, look, self._pool, self._post, self._show_airway)
        self.tabs.addTab(self.airway_page, texts.say(next(titles)))
        yield
        self.scene_page = ScenePage(state, self.scene, texts, look, self._pool, self._post, self._export)
        self.tabs.addTab(self.scene_page, texts.say(next(titles)))
        yield
        self.keep_page = KeepPage(texts, look, self._deeds(), self.host.refusal)
        self.tabs.addTab(self.keep_page, texts.say(next(titles)))
        self._fit_panel()
        yield
        self.set_layout(LAYOUTS[0].name)

    def _deeds(self) -> dict[str, Callable[[], None]]:
        return {
            "cephalogram": self.keep_cephalogram, "panoramic": self.keep_panoramic, "section": self.keep_section,
            "pane": self.keep_pane, "all": self.keep_all, "report": self.report,
        }  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel takes at most a third, or what its tabs need in large text: none is behind an arrow."""
        super().resizeEvent(event)
        self._fit_panel()

    def _fit_panel(self) -> None:
        tabs = self.tabs.tabBar().sizeHint().width() + 2 * TABS_EDGE
        self.panel.setFixedWidth(max(tabs, min(self.look.px(PANEL_PX), round(PANEL_PART * self.width()))))

    # -- layouts --------------------------------------------------------------------------------------------
    def set_layout(self, name: str) -> None:
        """Stand the panes as a layout says."""
        layout = next(one for one in LAYOUTS if one.name == name)
        self.layout_name, self._large = name, None
        self._stand(layout)
        self.tabs.setCurrentIndex(layout.page)
        if any(cell[0] == "scene" for cell in layout.cells):
            self.scene_page.begin()

    def _stand(self, layout: Layout) -> None:
        for pane in self.panes.values():
            self._grid.removeWidget(pane)
            pane.hide()
        for line in range(8):
            self._grid.setRowStretch(line, layout.rows[line] if line < len(layout.rows) else 0)
            self._grid.setColumnStretch(line, layout.columns[line] if line < len(layout.columns) else 0)
        for name, row, column, rows, columns in layout.cells:
            self._grid.addWidget(self.panes[name], row, column, rows, columns)
            for line in range(row, row + rows):
                self._grid.setRowStretch(line, layout.rows[line] if layout.rows else 1)
            for line in range(column, column + columns):
                self._grid.setColumnStretch(line, layout.columns[line] if layout.columns else 1)
        for name, *_place in layout.cells:
            self.panes[name].show()
        first = self.panes[layout.cells[0][0]]
        self.active = first
        self._stand_sections()

    def _enter(self, pane: QWidget) -> None:
        self.active = pane

    def _enlarge(self, pane: QWidget) -> None:
        if self._large is None:
            name = next(name for name, one in self.panes.items() if one is pane)
            self._stand(Layout("alone", "", ((name, 0, 0, 1, 1),)))
            self._large = pane
            pane.setFocus()
        else:
            self.leave_large()

    def leave_large(self) -> bool:
        """Back from one pane alone; whether there was one."""
        if self._large is None:
            return False
        pane, self._large = self._large, None
        self._stand(next(one for one in LAYOUTS if one.name == self.layout_name))
        pane.setFocus()
        return True

    @property
    def busy(self) -> bool:
        """Whether a picture is still to come."""
        return self.scene.busy or any(view.busy for view in self.views())

    # -- the arch -------------------------------------------------------------------------------------------
    def propose_arch(self) -> None:
        """Look for an arch in the background."""
        state = self.state

        def work() -> None:
            try:
                found: Arch | ViewerError = propose_arch(state.upright_volume)
            except ViewerError as error:
                found = error
            self._post.post(lambda: self._take_arch(found))

        self.arch_page.propose.setEnabled(False)
        self._pool.submit(work)

    def _take_arch(self, found: Arch | ViewerError) -> None:
        self.arch_page.propose.setEnabled(True)
        if isinstance(found, ViewerError):
            say(self.arch_page.words, self.texts.sentence(found))
            return
        self.state.set_plan(replace(self.state.plan, arch=found.points, arch_z_mm=found.z_mm))
        x, y, _z = self.state.crossing.centre_mm.tolist()
        self.state.cross_at((x, y, found.z_mm))

    def _stand_sections(self) -> None:
        made = self.panorama.panoramic
        if made is None:
            return
        lengths = sections_about(made.arch, self.panorama.length_mm, SECTIONS, self.arch_page.apart_mm)
        for number, section in enumerate(self.sections):
            if number < len(lengths) and not section.isHidden():
                section.stand_at(made.arch, lengths[number])

    def _seeded(self, place: tuple[float, float, float]) -> None:
        if self.state.tool == "airway":
            self.airway_page.seed(place)

    def _show_airway(self, mesh: Mesh | None) -> None:
        self.scene_page.show_mesh(AIRWAY, mesh)

    def warning(self) -> str:
        """A canal that is nearer than it should be; '' otherwise."""
        near = self.state.near_canal()
        if near is None or near.distance_mm >= self.state.plan.warning_mm:
            return ""
        return nearness_words(self.state, self.texts, self.locale())

    # -- what is kept ---------------------------------------------------------------------------------------
    def _keep(self, work: Callable[[], making.Kept]) -> None:
        """Make a file in the background and hand it to the host."""
        say(self.keep_page.words, self.texts.say(KEEPING))

        def run() -> None:
            try:
                found: making.Kept | ViewerError = work()
            except ViewerError as error:
                found = error
            self._post.post(lambda: self._made(found))

        self._pool.submit(run)

    def _made(self, found: making.Kept | ViewerError) -> None:
        if isinstance(found, ViewerError):
            say(self.keep_page.words, self.texts.sentence(found))
            return
        say(self.keep_page.words, "")
        self.host.keep([found])

    def keep_cephalogram(self) -> None:
        """Make the cephalogram that is chosen, keep it, and go on to measure it."""
        choice, state, of, author = self.keep_page.chosen, self.state, self.reference, self.host.author
        words = self.texts.say(CEPH, view=self.texts.say(VIEWS[choice[0]]))
        self._keep(lambda: making.cephalogram_file(of, state.upright_volume, choice, author, words))

    def keep_panoramic(self) -> None:
        """The panoramic as it is shown."""
        made, window, of, author = self.panorama.panoramic, self.state.window, self.reference, self.host.author
        if made is None:
            say(self.keep_page.words, self.texts.say(NO_ARCH))
            return
        volume, words = self.state.volume, self.texts.say(PANO)
        self._keep(lambda: making.panoramic_file(of, volume, made, window, author, words))

    def keep_section(self) -> None:
        """The plane in hand with its values; the axial one when another kind of pane is."""
        pane = self.active if isinstance(self.active, PlaneView) else self.panes["axial"]
        assert isinstance(pane, PlaneView)
        plane, state, of, author = self.state.plane(pane.view), self.state, self.reference, self.host.author
        words = self.texts.say(SECTION_WORDS, view=self.texts.say(NAMES[pane.view]))
        self._keep(lambda: making.section_file(of, state.volume, plane, state.window, author, words))

    def keep_pane(self) -> None:
        """A picture of the pane in hand."""
        pane = self.active or self.panes["axial"]
        self._capture(pane, pane.rect())

    def keep_all(self) -> None:
        """A picture of all panes that are shown."""
        self._capture(self, self.panes_area())

    def panes_area(self) -> QRect:
        """Where the panes stand that are shown: all but the panel."""
        area = QRect()
        for pane in self.panes.values():
            area = area.united(QRect() if pane.isHidden() else pane.geometry())
        return area

    def _capture(self, widget: QWidget, area: QRect) -> None:
        try:
            image = making.grabbed(widget, area)
        except ViewerError as error:
            say(self.keep_page.words, self.texts.sentence(error))
            return
        of, author, words = self.reference, self.host.author, self.texts.say(CAPTURE)
        self._keep(lambda: making.capture_file(of, image, author, words))

    def report(self) -> None:
        """A PDF of what is shown and measured."""
        self.host.save("volume.pdf", write_report(self))

    def _export(self, name: str, mesh: Mesh) -> None:
        self.host.save(f"{name.lower()}.stl", lambda: stl_bytes(mesh))

    def views(self) -> list[CellsView]:
        """The panes of cells that are shown."""
        return [pane for pane in self.panes.values() if isinstance(pane, CellsView) and pane.isVisible()]

    def close_board(self) -> None:
        """End the thread of the scene, and let the volume go."""
        for page in self.findChildren(ScenePage):
            page.forget()
        self.scene.close_scene()
        self._cutters.shutdown(wait=False, cancel_futures=True)
        self.panorama.stop()
        self.state.blockSignals(True)
        self.state.release()
        self.panorama.panoramic = None
        for pane in self.panes.values():
            if isinstance(pane, CellsView):
                pane.let_go()
