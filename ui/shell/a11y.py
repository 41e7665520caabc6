"""What assistive technology is told: the tree of a window as data."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

STATES = (
    "focusable", "focused", "checkable", "checked", "disabled", "selected", "selectable", "editable", "readOnly",
    "passwordEdit", "expandable", "expanded", "hasPopup", "modal",
)  # fmt: skip


def tree_of(widget: QWidget) -> list[dict[str, Any]]:
    """The visible nodes in order, each with depth, role, name, description, value and states."""
    QAccessible.setActive(True)
    nodes: list[dict[str, Any]] = []
    root = QAccessible.queryAccessibleInterface(widget)
    pending: list[tuple[QAccessibleInterface, int]] = [(root, 0)] if root is not None else []
    while pending:
        node, depth = pending.pop()
        if not node.isValid() or (depth and node.state().invisible):
            continue
        nodes.append(_node(node, depth))
        children = [node.child(place) for place in range(node.childCount())]
        pending.extend((child, depth + 1) for child in reversed(children) if child is not None)
    return nodes


def _node(node: QAccessibleInterface, depth: int) -> dict[str, Any]:
    state = node.state()
    return {
        "depth": depth,
        "role": node.role().name,
        "name": node.text(QAccessible.Text.Name),
        "description": node.text(QAccessible.Text.Description),
        "value": "" if state.passwordEdit else node.text(QAccessible.Text.Value),
        "states": [name for name in STATES if getattr(state, name)],
    }


def mute_nodes(nodes: list[dict[str, Any]]) -> list[str]:
    """The focusable nodes that have no name, as `role at place`."""
    return [
        f"{node['role']} ({place})"
        for place, node in enumerate(nodes)
        if "focusable" in node["states"] and not str(node["name"]).strip()
    ]


def lines_of(nodes: list[dict[str, Any]]) -> list[str]:
    """The tree as indented lines."""
    return [
        f"{'  ' * node['depth']}{node['role']} “{node['name']}”"
        + (f" = {node['value']}" if node["value"] else "")
        + (f" ({', '.join(node['states'])})" if node["states"] else "")
        for node in nodes
    ]
