"""The screen of the study models: the viewer’s workspace over the surface models of one patient."""

from __future__ import annotations

from typing import Any

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.imaging.commands import align_model, save_model_plan
from app.imaging.queries import (
    InstanceId,
    ModelLine,
    PlanLine,
    SeriesId,
    VolumeLine,
    models_of,
    open_image,
    open_model,
    open_volume,
    spatial_plans_of,
    volumes_of,
)
from app.patients.queries import PatientBanner, patient_banner
from ui.imaging.reading_view import look, tile_texts
from ui.patients.words import plain_name
from ui.shell.formats import day
from ui.volumes.keeping import Keeping
from ui.volumes.volume_view import volume_words
from ui.volumes.work_screen import WorkScreen
from viewer.widgets import ViewerError
from viewer.widgets.models.host import (
    Author,
    Entry,
    Mesh,
    ModelsHost,
    Reference,
    read_mesh,
    reference_of_document,
    teeth_of,
)
from viewer.widgets.models.workspace import ModelsWorkspace
from viewer.widgets.volume.host import Stored

REFUSED = N_("This model cannot be opened: {reason}")
PAGES = ("show", "align", "occlusion", "dates", "analysis")


class ModelsView(WorkScreen[ModelsWorkspace]):
    """`choose(patient_id=…, instance_id=…, page=…)`."""

    def build(self) -> None:
        """The strip, the workspace."""
        self._lay_out(N_("Models"))
        self._instance_id, self._page = "", ""
        self._models: tuple[ModelLine, ...] | None = None
        self._volumes: tuple[VolumeLine, ...] | None = None
        self._shown: object = None
        self._banner: PatientBanner | None = None
        self.strip.list.hide()
        self.strip.add_button("cube", N_("Volume"), lambda: self._go("volume"))
        self.bench.closing.connect(self.close_workspace)

    def choose(self, **chosen: Any) -> None:
        """Take the patient and the model."""
        patient_id = PatientId(str(chosen["patient_id"]))
        if patient_id != self._patient_id:
            self.close_workspace()
            self._models = self._volumes = self._banner = None
        self._patient_id = patient_id
        self._instance_id, self._page = str(chosen.get("instance_id") or ""), str(chosen.get("page") or "")
        self._begin()
        self.stale = True
        if self.isVisible():
            self.freshen()

    def context(self) -> dict[str, Any]:
        """Whose models they are, for the palette."""
        return {"patient_id": self._patient_id} if self._patient_id else {}

    @property
    def busy(self) -> bool:
        """Whether models are still read or drawn."""
        return self.workspace is not None and self.workspace.busy

    def faces(self) -> dict[str, dict[str, Any]]:
        """Every page of the panel."""
        return {page: {"patient_id": self._patient_id, "page": page} for page in PAGES[1:]}

    def focus_first(self) -> None:
        """The picture: its keys work at once."""
        (self.workspace.scene if self.workspace is not None else self.strip).setFocus(self.focus_reason)

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for patient, models and volumes."""
        if not self._patient_id:
            self.show_state("images", N_("No patient is chosen."), N_("Find one with the search, Ctrl K."))
            return
        self.ask(patient_banner, self._show_patient, self._patient_id)
        self.ask(volumes_of, self._show_volumes, self._patient_id)
        self.ask(models_of, self._show_models, self._patient_id)
        self.ask(spatial_plans_of, self._show_plans, self._patient_id)

    def _show_patient(self, banner: PatientBanner) -> None:
        self._banner = banner
        self.strip.show_patient(banner)
        self._stand_up()

    def _show_volumes(self, volumes: tuple[VolumeLine, ...]) -> None:
        self._volumes = volumes
        self._stand_up()

    def _show_models(self, models: tuple[ModelLine, ...]) -> None:
        self._models = models
        self._stand_up()

    def _stand_up(self) -> None:
        """With patient, models and volumes: the workspace needs all three."""
        models, volumes = self._models, self._volumes
        if models is None or volumes is None or self._banner is None:
            return
        if not models:
            self.close_workspace()
            self.show_state(
                "images", N_("This patient has no study model yet."),
                N_("Import STL, PLY or OBJ files in the patient file."),
                action=N_("Go back"), act=self.went_back.emit,
            )  # fmt: skip
            return
        self.show_body()
        if self.workspace is None or self._shown != (models, volumes):
            self.close_workspace()
            self._make_workspace(models, volumes)

    def _show_plans(self, plans: tuple[PlanLine, ...]) -> None:
        if self.workspace is not None:
            kept = {str(line.plan_id): line.document for line in plans}
            for model in self._models or ():
                self.workspace.set_plan(model.instance_id, kept.get(model.instance_id, ""))

    # -- the workspace --------------------------------------------------------------------------------------
    def _make_workspace(self, models: tuple[ModelLine, ...], lines: tuple[VolumeLine, ...]) -> None:
        workspace = ModelsWorkspace(self._host(models, lines), tile_texts(), look())
        self._shown = (models, lines)
        self._put(workspace)
        workspace.load()
        self._begin()
        self.ask(spatial_plans_of, self._show_plans, self._patient_id)

    def _begin(self) -> None:
        """With the model and on the page that are asked for."""
        if self.workspace is None:
            return
        if self._instance_id in self.workspace.state.models:
            self.workspace.state.show(self._instance_id, True)
        if self._page in PAGES:
            self.workspace.tabs.setCurrentIndex(PAGES.index(self._page))

    def _host(self, models: tuple[ModelLine, ...], lines: tuple[VolumeLine, ...]) -> ModelsHost:
        runner, actor, volumes = self.bench.runner, self.bench.actor, {line.series_id: line for line in lines}
        entries = [Entry(model.instance_id, model_words(model)) for model in models]
        entries += [
            Entry(key, _(N_("Teeth of the volume · {volume}"), volume=volume_words(volume)), volume=True)
            for key, volume in volumes.items()
        ]

        def read(key: str) -> Mesh:
            try:
                if SeriesId(key) in volumes:
                    line = volumes[SeriesId(key)]
                    return teeth_of([Stored(one.opening, one.size) for one in open_volume(runner, actor, line, _on)])
                kind, content = open_model(runner, actor, InstanceId(key))
            except ClinicError as error:
                raise ViewerError(REFUSED, reason=str(error)) from None
            return read_mesh(content, kind)

        def reference(key: str) -> Reference:
            try:
                return reference_of_document(open_image(runner, actor, InstanceId(key)).dicom)
            except ClinicError as error:
                raise ViewerError(REFUSED, reason=str(error)) from None

        keeping = Keeping(self, self._patient_id, models[0].instance_id)
        name = plain_name(self._banner) if self._banner is not None else ""
        number = self._banner.file_number if self._banner is not None else ""
        return ModelsHost(
            entries=tuple(entries), read=read, keep_plan=self._keep_plan, keep_placement=self._keep_placement,
            save=keeping.save, reference=reference, keep=keeping.keep, author=Author(actor.name, runner.clock.now),
            whose=(f"{name} · {number}".strip(" ·"),), refusal=self.bench.reason(save_model_plan),
        )  # fmt: skip

    def _keep_plan(self, key: str, document: str) -> None:
        self.bench.run(save_model_plan, InstanceId(key), document).say("")

    def _keep_placement(self, key: str, document: str) -> None:
        self.bench.run(align_model, InstanceId(key), document).say(_(N_("The alignment is kept with the model.")))

    def _let_go(self, workspace: ModelsWorkspace) -> None:
        workspace.close_models()


def model_words(line: ModelLine) -> str:
    """Day and name of a model."""
    when = day(line.taken_on) if line.taken_on else _(N_("Date unknown"))
    return " · ".join(part for part in (when, line.name) if part)


def _on(_part: float) -> bool:
    return True
