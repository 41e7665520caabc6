"""An operation of many changes is laid out a part at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.access.queries import AuditLine, ChangeLine, FieldChange, OperationDetail
from tests.conftest import NOW
from ui.journal.detail import AT_ONCE, OperationPanel
from ui.theme.style import Theme
from ui.widgets.buttons import Button
from ui.widgets.labels import WrapLabel


def filled(record: Any, **values: Any) -> Any:
    """A record of which most columns do not matter."""
    return record(**(dict.fromkeys(record.__dataclass_fields__, "") | values))


def operation(changes: int) -> OperationDetail:
    line = filled(AuditLine, operation_id="one", at=datetime(2026, 11, 24, tzinfo=UTC), origin="here", is_undone=False)
    field = filled(FieldChange, column="given_name", before=None, after="")
    change = filled(ChangeLine, table="patient", kind="ins", is_readable=True, fields=())
    told = tuple(replace(change, fields=(replace(field, after=f"Name {n}"),)) for n in range(changes))
    return filled(OperationDetail, line=line, changes=told)


def names(panel: OperationPanel) -> list[str]:
    """The values on show, less what is about to go."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return [label.text() for label in panel.findChildren(WrapLabel) if label.text().startswith("Name ")]


def test_many_changes_come_on_request(themed: Theme) -> None:
    from app.core.clock import Clock

    bench: Any = SimpleNamespace(runner=SimpleNamespace(clock=Clock.fixed(NOW)), actor=SimpleNamespace(id="x"))
    panel = OperationPanel(bench, lambda _operation: None)
    detail = operation(2 * AT_ONCE + 1)
    panel.show_line(detail.line)
    panel.show_detail(detail)
    assert names(panel) == [f"Name {n}" for n in range(AT_ONCE)]
    for shown, rest in ((2 * AT_ONCE, 1), (2 * AT_ONCE + 1, 0)):
        (more,) = [button for button in panel.findChildren(Button) if button.text().startswith("Show ")]
        more.click()
        assert names(panel) == [f"Name {n}" for n in range(shown)]
        words = [button.text() for button in panel.findChildren(Button) if button.text().startswith("Show ")]
        assert words == (["Show 1 more change"] if rest else [])
    panel.show_detail(operation(3))
    assert names(panel) == ["Name 0", "Name 1", "Name 2"]
    panel.deleteLater()
