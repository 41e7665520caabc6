"""The patient list with filters, saved filters and columns; contacts and consents edited in the chart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.ids import PatientId
from app.journal.queries import SYSTEM
from app.patients.queries import (
    ConsentPurpose,
    ContactKind,
    HolderId,
    contacts_of,
    family_of,
    patient_list,
    patient_list_tools,
    patient_page,
    search_patients,
)
from tests.ui.following.test_lists_view import until
from ui.patients.consent_form import ConsentForm
from ui.patients.family_tab import FamilyTab
from ui.patients.list_columns import STANDARD, columns_menu
from ui.patients.list_filters import SaveForm
from ui.patients.patients_view import PatientsView
from ui.patients.reach import Reach, ReachForm
from ui.patients.summary_tab import SummaryTab
from ui.shell.window import Window
from ui.widgets.fields import Choice, TextField
from ui.widgets.typed_fields import NumberField


def page(window: Window) -> PatientsView:
    window.open("patients")
    view = window.screens["patients"]
    assert isinstance(view, PatientsView)
    until(window, lambda: view._tools is not None and view._model.rowCount() > 0)
    return view


def shown(view: PatientsView) -> set[str]:
    return {item.id for item in view._model.items}


def test_the_list_is_filtered_and_the_filter_saved(
    window: Window, unnamed: Callable[[QWidget], list[str]], clipped: Callable[[QWidget], list[str]]
) -> None:
    view = page(window)
    view._funnel.setChecked(True)
    until(window, view._bar.isVisible)
    assert unnamed(view) == []
    assert clipped(view) == []
    ages = view._bar._fields["age_to"].editor
    assert isinstance(ages, NumberField)
    ages.set_value(12)
    view._bar._tell()
    wanted = {row.id for row in window.bench.runner.ask(SYSTEM, patient_list, filters="age_to=12", limit=500).rows}
    until(window, lambda: shown(view) == wanted)
    assert 0 < len(wanted) < window.bench.runner.ask(SYSTEM, patient_list).total
    assert view._funnel.text() == "1 filter"
    view._bar.keep.click()
    (form,) = view.findChildren(SaveForm)
    name = form.fields["name"].editor
    assert isinstance(name, TextField)
    name.set_value("Children")
    form.send()
    until(window, lambda: view._saved.findText("Children") >= 0)
    view._bar.set_text("")
    until(window, lambda: len(shown(view)) > len(wanted))
    view._saved.setCurrentIndex(view._saved.findText("Children"))
    view._use(None)
    until(window, lambda: shown(view) == wanted)
    assert view._bar.rename.isVisible()
    view._bar.withdraw.click()
    until(window, lambda: view._saved.findText("Children") < 0)


def test_filters_without_result_say_so(window: Window) -> None:
    view = page(window)
    view._bar.set_text("age_from=120")
    until(window, view._none.isVisible)
    assert "No patient matches these filters." in {label.text() for label in view._none.findChildren(QWidget)
                                                  if hasattr(label, "text")}  # fmt: skip


def test_columns_are_chosen_ordered_and_remembered(window: Window) -> None:
    view = page(window)
    menu = columns_menu(view, view._model.names, view._model.offered, view._choose_columns)
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert actions["Phone"].isChecked()
    actions["Next visit"].trigger()
    until(window, lambda: [column.key for column in view._model.heads()] == ["name", *STANDARD, "next_visit"])
    menu.deleteLater()
    menu = columns_menu(view, view._model.names, view._model.offered, view._choose_columns)
    move = next(action for action in menu.actions() if action.text() == "Move “Next visit” to the left")
    move.trigger()
    menu.deleteLater()
    kept = (*STANDARD[:-1], "next_visit", STANDARD[-1])
    until(window, lambda: window.bench.runner.ask(window.bench.actor, patient_list_tools).columns_kept == kept)
    until(window, lambda: view._model.rowCount() > 0 and view._model.brought == ("next_visit",))


def tab(window: Window, name: str, kind: type[QWidget]) -> tuple[PatientId, QWidget]:
    patient = window.bench.runner.ask(SYSTEM, search_patients, "florence").rows[0].id
    window.open("patient", patient_id=patient, tab=name)
    until(window, lambda: bool(window.findChildren(kind)) and window.findChildren(kind)[0].isVisible())
    return patient, window.findChildren(kind)[0]


def test_a_telephone_is_added_changed_and_ended(
    window: Window, unnamed: Callable[[QWidget], list[str]], clipped: Callable[[QWidget], list[str]]
) -> None:
    patient, summary = tab(window, "summary", SummaryTab)
    (reach,) = summary.findChildren(Reach)
    reach.open_form(None)
    (form,) = reach.findChildren(ReachForm)
    assert unnamed(summary) == []
    assert clipped(summary) == []
    value = form.fields["value"].editor
    assert isinstance(value, TextField)
    value.set_value("12")
    form.send()
    until(window, lambda: bool(form.fields["value"].error()))
    value.set_value("514 555-0199")
    form.send()

    def phones() -> list[str]:
        found = window.bench.runner.ask(SYSTEM, contacts_of, HolderId(patient))
        return [contact.value for contact in found if contact.kind is not ContactKind.ADDRESS]

    until(window, lambda: "5145550199" in phones())
    contact = next(c for c in window.bench.runner.ask(SYSTEM, contacts_of, HolderId(patient)) if "0199" in c.value)
    reach.open_form(contact)
    (form,) = [one for one in reach.findChildren(ReachForm) if one.isVisible()]
    value = form.fields["value"].editor
    assert isinstance(value, TextField)
    assert value.text() == "514 555-0199"
    value.set_value("514 555-0198")
    form.send()
    until(window, lambda: "5145550198" in phones())
    reach._end(contact)
    until(window, lambda: "5145550198" not in phones())


def test_an_address_asks_for_its_place(window: Window) -> None:
    _patient, summary = tab(window, "summary", SummaryTab)
    (reach,) = summary.findChildren(Reach)
    reach.open_form(None)
    (form,) = reach.findChildren(ReachForm)
    assert not form.fields["city"].isVisible()
    form._kind.set_value(ContactKind.ADDRESS.value)
    form._fit()
    assert form.fields["city"].isVisible()
    assert not form.fields["may_text"].isVisible()


def test_a_consent_is_recorded_and_withdrawn(window: Window) -> None:
    patient, summary = tab(window, "summary", SummaryTab)
    assert isinstance(summary, SummaryTab)
    family = window.bench.runner.ask(SYSTEM, family_of, patient)
    who = next(person.person_id for person in family.persons if person.may_consent)
    summary._open_consent(None)
    (form,) = summary.findChildren(ConsentForm)
    until(window, lambda: form._by.count() > 1)
    purpose = form.fields["purpose"].editor
    assert isinstance(purpose, Choice)
    purpose.set_value(ConsentPurpose.TEACHING.value)
    form._by.set_value(who)
    form.send()

    def decision() -> str:
        found = {d.purpose: d.decision.value for d in window.bench.runner.ask(SYSTEM, patient_page, patient).decisions}
        return found.get(ConsentPurpose.TEACHING, "")

    until(window, lambda: decision() == "given")
    summary._open_consent(ConsentPurpose.TEACHING)
    form = next(one for one in summary.findChildren(ConsentForm) if "purpose" not in one.fields)
    form.send()
    until(window, lambda: decision() == "withdrawn")


def test_the_family_waits_while_somebody_types(window: Window) -> None:
    _patient, family = tab(window, "family", FamilyTab)
    assert isinstance(family, FamilyTab)
    until(window, lambda: bool(family._reaches))
    reach = family._reaches[0]
    reach.open_form(None)
    family.freshen()
    until(window, lambda: not window.bench.busy)
    assert reach.editing
    (form,) = reach.findChildren(ReachForm)
    form.close_form()
    until(window, lambda: not any(one.editing for one in family._reaches))
