"""The screen of a cone-beam volume: the viewer’s workspace over one series of the patient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.imaging.commands import save_volume_plan
from app.imaging.queries import PlanLine, VolumeLine, open_volume, spatial_plans_of, volumes_of
from app.patients.queries import PatientBanner, patient_banner
from ui.imaging.reading_view import look, tile_texts
from ui.patients.words import plain_name
from ui.shell.formats import day
from ui.volumes.keeping import Keeping
from ui.volumes.work_screen import WorkScreen
from viewer.widgets import ViewerError
from viewer.widgets.volume.host import Author, Opened, Progress, SessionCache, Source, Stored, VolumeHost
from viewer.widgets.volume.host import open_volume as put_together
from viewer.widgets.volume.layouts import LAYOUTS
from viewer.widgets.volume.workspace import VolumeWorkspace

REFUSED = N_("This volume cannot be opened: {reason}")
FOLDER = "volumes"
"""Of the data folder: volumes of this session, sealed under a key that dies with it."""


class VolumeView(WorkScreen[VolumeWorkspace]):
    """`choose(patient_id=…, series_id=…, layout=…)`; without a series, the newest volume."""

    def build(self) -> None:
        """The strip, the workspace."""
        self._lay_out(N_("Volume"))
        self._series_id, self._layout = "", ""
        self._volumes: tuple[VolumeLine, ...] | None = None
        self._banner: PatientBanner | None = None
        self._cache: SessionCache | None = None
        self.strip.chosen.connect(self._take_series)
        self.strip.add_button("tooth", N_("Models"), lambda: self._go("models"))
        self.bench.closing.connect(self._close_for_good)

    def choose(self, **chosen: Any) -> None:
        """Take the patient and the series."""
        patient_id, series_id = PatientId(str(chosen["patient_id"])), str(chosen.get("series_id") or "")
        if patient_id != self._patient_id or (series_id and series_id != self._series_id):
            self.close_workspace()
            self._series_id = series_id
        if patient_id != self._patient_id:
            self._volumes = self._banner = None
        self._patient_id, self._layout = patient_id, str(chosen.get("layout") or "")
        if self.workspace is not None and self._layout:
            self.workspace.set_layout(self._layout)
        self.stale = True
        if self.isVisible():
            self.freshen()

    def context(self) -> dict[str, Any]:
        """Whose volume it is, for the palette."""
        return {"patient_id": self._patient_id} if self._patient_id else {}

    @property
    def busy(self) -> bool:
        """Whether the volume is still read or drawn."""
        return self.workspace is not None and self.workspace.busy

    def faces(self) -> dict[str, dict[str, Any]]:
        """Every layout."""
        return {layout.name: {"patient_id": self._patient_id, "layout": layout.name} for layout in LAYOUTS[1:]}

    def focus_first(self) -> None:
        """The picture: its keys work at once."""
        board = self.workspace.board if self.workspace is not None else None
        (board.active if board is not None and board.active is not None else self.strip).setFocus(self.focus_reason)

    def _take_series(self, series_id: str) -> None:
        if series_id != self._series_id:
            self.close_workspace()
            self._series_id = series_id
            self._stand_up()

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for patient, volumes and what was drawn."""
        if not self._patient_id:
            self.show_state("images", N_("No patient is chosen."), N_("Find one with the search, Ctrl K."))
            return
        self.ask(patient_banner, self._show_patient, self._patient_id)
        self.ask(volumes_of, self._show_volumes, self._patient_id)
        self.ask(spatial_plans_of, self._show_plans, self._patient_id)

    def _show_patient(self, banner: PatientBanner) -> None:
        self._banner = banner
        self.strip.show_patient(banner)
        self._stand_up()

    def _show_volumes(self, volumes: tuple[VolumeLine, ...]) -> None:
        self._volumes = volumes
        self._stand_up()

    def _stand_up(self) -> None:
        """With patient and volumes: a report names both."""
        volumes = self._volumes
        if volumes is None or self._banner is None:
            return
        if not volumes:
            self.close_workspace()
            self.show_state(
                "images", N_("This patient has no volume yet."),
                N_("Import the files of a cone-beam scan in the patient file; a series of slices becomes a volume."),
                action=N_("Go back"), act=self.went_back.emit,
            )  # fmt: skip
            return
        line = next((one for one in volumes if one.series_id == self._series_id), volumes[0])
        self._series_id = line.series_id
        self.strip.offer([(one.series_id, volume_words(one)) for one in volumes], line.series_id)
        self.show_body()
        if self.workspace is None:
            self._make_workspace(line)

    def _show_plans(self, plans: tuple[PlanLine, ...]) -> None:
        if self.workspace is not None:
            kept = next((one.document for one in plans if one.plan_id == self._series_id), "")
            self.workspace.set_plan(kept)

    # -- the workspace --------------------------------------------------------------------------------------
    def _make_workspace(self, line: VolumeLine) -> None:
        workspace = VolumeWorkspace(self._host(line), tile_texts(), look())
        self._put(workspace)
        workspace.tool_taken.connect(lambda _tool: self.help_turned.emit())
        workspace.opened.connect(lambda: workspace.set_layout(self._layout) if self._layout else None)
        workspace.load()
        self.ask(spatial_plans_of, self._show_plans, self._patient_id)

    def _host(self, line: VolumeLine) -> VolumeHost:
        bench, keeping = self.bench, Keeping(self, self._patient_id, line.files[0])
        runner, actor, cache = bench.runner, bench.actor, self._session_cache()
        key = "|".join((line.series_id, *line.files))

        def files(progress: Progress) -> Sequence[Source]:
            return [Stored(one.opening, one.size) for one in open_volume(runner, actor, line, progress)]

        def opening(progress: Progress) -> Opened:
            try:
                return put_together(files, progress, cache, key)
            except ClinicError as error:
                raise ViewerError(REFUSED, reason=str(error)) from None

        name = plain_name(self._banner) if self._banner is not None else ""
        number = self._banner.file_number if self._banner is not None else ""
        return VolumeHost(
            opening=opening, keep=keeping.keep, save=keeping.save,
            keep_plan=lambda document: self._keep_plan(line, document),
            author=Author(actor.name, runner.clock.now), title=volume_words(line),
            refusal=bench.reason(save_volume_plan),
            megabytes=line.bytes_needed >> 20, whose=(f"{name} · {number}".strip(" ·"), volume_words(line)),
        )  # fmt: skip

    def _keep_plan(self, line: VolumeLine, document: str) -> None:
        self.bench.run(save_volume_plan, line.series_id, document).say("")

    def _session_cache(self) -> SessionCache:
        if self._cache is None:
            self._cache = SessionCache(self.bench.runner.files.folder.parent / FOLDER)
        return self._cache

    def _let_go(self, workspace: VolumeWorkspace) -> None:
        workspace.close_volume()

    def _close_for_good(self) -> None:
        """The program ends: nothing of the volume stays, not even sealed."""
        self.close_workspace()
        if self._cache is not None:
            self._cache.close()


def volume_words(line: VolumeLine) -> str:
    """Day, description and number of slices of a volume."""
    when = day(line.taken_on) if line.taken_on else _(N_("Date unknown"))
    return " · ".join(part for part in (when, line.description, _(N_("{count} slices"), count=line.slices)) if part)
