"""What every route of one server shares."""

from __future__ import annotations

from sync.server.http.authentication import Replays
from sync.server.http.limits import Buckets
from sync.server.http.metrics import Metrics
from sync.server.practices import PracticeStores
from sync.server.settings import ServerSettings


class Server:
    """The practices, the settings, and what is counted and remembered while the process runs."""

    def __init__(self, practices: PracticeStores, settings: ServerSettings) -> None:
        self.practices = practices
        self.settings = settings
        self.metrics = Metrics()
        self.replays = Replays()
        self.devices = Buckets(settings.device_rate, settings.device_burst)
        self.strangers = Buckets(settings.stranger_rate, settings.stranger_burst)
