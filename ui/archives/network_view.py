"""The network of images: archives, the routes to them and their queues, devices with the monitor, and the search."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_, _
from app.core.settings import Page
from ui.practice.sectioned import Section, SectionedView

SECTIONS: Final = (
    Section(Page("archives", N_("Archives"), "hard-drives", 1), "ui.archives.archives_pane:ArchivePane",
            "see_archives"),
    Section(Page("rules", N_("Routes"), "tree-structure", 2), "ui.archives.rules_pane:RulePane", "see_archives"),
    Section(Page("queues", N_("Queues"), "stack", 3), "ui.archives.queues_pane:QueuesPane", "see_archives"),
    Section(Page("across", N_("Search in archives"), "magnifying-glass", 4), "ui.archives.across_pane:AcrossPane",
            "see_archives"),
    Section(Page("devices", N_("Devices"), "plugs", 5), "ui.archives.devices_pane:DevicePane", "see_gateway"),
    Section(Page("monitor", N_("Monitor"), "heartbeat", 6), "ui.archives.monitor_pane:MonitorPane", "see_gateway"),
    Section(Page("review", N_("To review"), "user-focus", 7), "ui.archives.review_section:ReviewSection",
            "assign_images"),
)  # fmt: skip


class NetworkView(SectionedView):
    """`choose(section="archives")`."""

    sections = SECTIONS

    def subheading(self) -> str:
        """What is looked after here."""
        return _(N_("Where images come from, where they go, and why"))
