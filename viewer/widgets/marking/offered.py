"""The marking tools and actions as rows, and what puts them into a workspace."""

from __future__ import annotations

from collections.abc import Callable

from viewer.errors import N_
from viewer.model.marks import Kind
from viewer.widgets.actions import MARK_MENU, ActionRow
from viewer.widgets.marking.board import Marking
from viewer.widgets.marking.drawing import DrawTool, SelectTool
from viewer.widgets.marking.exchange import Exchange
from viewer.widgets.marking.key_exchange import KeyExchange
from viewer.widgets.marking.questions import Questions
from viewer.widgets.marking.words import KIND_NAMES
from viewer.widgets.tools import Tool, ToolRow
from viewer.widgets.workspace import Workspace

GROUP = 1
IN_BAR = {Kind.LENGTH: ("ruler", "D"), Kind.ANGLE: ("angle", "A"), Kind.TEXT: ("text-t", "T")}
"""Kinds with a button of their own; the others stand in the menu of marks."""
KEYS = {Kind.ARROW: "J", Kind.AREA: "O", Kind.TOOTH: "N", Kind.RULER: "Q", Kind.FREEHAND: "F"}
IN_MENU = (
    Kind.POLYLINE, Kind.COBB, Kind.RATIO, Kind.AREA, Kind.RECTANGLE, Kind.ELLIPSE, Kind.PROFILE, Kind.ARROW,
    Kind.FREEHAND, Kind.TOOTH, Kind.RULER,
)  # fmt: skip
DRAW = {
    Kind.POLYLINE: N_("Measure a polyline"),
    Kind.COBB: N_("Measure a Cobb angle"),
    Kind.RATIO: N_("Measure a ratio"),
    Kind.AREA: N_("Measure an area"),
    Kind.RECTANGLE: N_("Statistics in a rectangle"),
    Kind.ELLIPSE: N_("Statistics in an ellipse"),
    Kind.PROFILE: N_("Profile along a line"),
    Kind.ARROW: N_("Draw an arrow"),
    Kind.FREEHAND: N_("Draw freehand"),
    Kind.TOOTH: N_("Label a tooth"),
    Kind.RULER: N_("Calibrate with a ruler"),
}


def install_marking(workspace: Workspace, author: str = "", questions: Questions | None = None) -> Marking:
    """Give a workspace its marking tools; `author` signs calibrations and exports."""
    marking = Marking(workspace, author, questions)
    _tools(workspace, marking)
    for row in _actions(marking, Exchange(marking), KeyExchange(workspace, author)):
        workspace.actions_offered.append(row)
    workspace.fill_bar()
    workspace.second_opened.connect(lambda second: _tools(second, marking, refill=True))
    return marking


def _tools(workspace: Workspace, marking: Marking, refill: bool = False) -> None:
    workspace.tools.add(ToolRow("select", N_("Select"), "cursor", "V", lambda: SelectTool(marking)))
    for kind in Kind:
        icon, key = IN_BAR.get(kind, ("polygon", KEYS.get(kind, "")))
        row = ToolRow(
            kind.value, KIND_NAMES[kind], icon, key, _maker(marking, kind), measures=True, group=GROUP,
            in_bar=kind in IN_BAR,
        )  # fmt: skip
        workspace.tools.add(row)
    if refill:
        workspace.fill_bar()


def _maker(marking: Marking, kind: Kind) -> Callable[[], Tool]:
    return lambda: DrawTool(marking, kind)


def _taker(kind: Kind) -> Callable[[Workspace], object]:
    return lambda workspace: workspace.take_tool(kind.value)


def _holds(kind: Kind) -> Callable[[Workspace], bool]:
    return lambda workspace: workspace.tool_name == kind.value


def _actions(marking: Marking, exchange: Exchange, keys: KeyExchange) -> list[ActionRow]:
    rows = [ActionRow(f"draw_{k}", DRAW[k], _taker(k), place=MARK_MENU, checked=_holds(k)) for k in IN_MENU]
    plain = (
        ("mark_rename", N_("Rename the mark"), marking.rename),
        ("mark_duplicate", N_("Duplicate the mark"), marking.duplicate),
        ("mark_delete", N_("Delete the mark"), marking.delete),
        ("marks_out_state", N_("Export the marks (GSPS)…"), exchange.export_state),
        ("marks_out_report", N_("Export the measurements (SR)…"), exchange.export_report),
        ("marks_in", N_("Import marks…"), exchange.import_file),
        ("keys_out", N_("Export the key images (KOS)…"), keys.export),
        ("keys_in", N_("Import key images…"), keys.take_in),
    )
    return rows + [ActionRow(name, label, _doer(act), place=MARK_MENU) for name, label, act in plain]


def _doer(act: Callable[[], object]) -> Callable[[Workspace], object]:
    return lambda _workspace: act()
