"""The engine of a workstation: from what was said and what has happened to what is said next. No input or output.

It asks its store for rows and hands it answers; who carries the messages (HTTP, a simulation) is not its business.
Rules (sync.md §4.7, §4.8): hello first; at most one push and one pull on their way; a push answer never moves the
cursor; a failure waits with full jitter; a poke only says that there is something to pull.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from random import Random
from typing import Final

from sync.client.store import ClientStore
from sync.protocol.messages import (
    CATCH_UP_OPERATIONS,
    PAGE_OPERATIONS,
    PUSH_OPERATIONS,
    Hello,
    HelloReply,
    Must,
    Page,
    Pull,
    Push,
    PushReply,
    Reply,
    Request,
)

FIRST_WAIT: Final = 1_000
LONGEST_WAIT: Final = 60_000
FAR_BEHIND: Final = 5_000
"""Sequences behind the head from which pages are long."""
STALL: Final = 30_000
"""Milliseconds without an answer after which a request is given up."""


class Standing(enum.StrEnum):
    """How the workstation stands towards its server."""

    OFFLINE = "offline"
    LIVE = "live"
    STOPPED = "stopped"
    """It must do something that needs a person or a snapshot: `Engine.must` says what."""


@dataclass(slots=True)
class _Lane:
    """One kind of request: what is on its way, since when, and when it may be tried again."""

    sent: Request | None = None
    since: int = 0
    not_before: int = 0
    failures: int = 0

    def is_free(self, now: int) -> bool:
        if self.sent is not None and now - self.since > STALL:
            self.sent = None
        return self.sent is None and now >= self.not_before


@dataclass(slots=True)
class Engine:
    """Times are milliseconds of the workstation's monotonic or simulated clock, except `offset`."""

    store: ClientStore
    random: Random
    standing: Standing = Standing.OFFLINE
    must: Must | None = None
    epoch: str = ""
    head: int = 0
    offset: int = 0
    """What to add to the workstation's wall clock to have the server's, in milliseconds."""
    since: int = 0
    """Since when it stands so."""
    _hello: _Lane = field(default_factory=_Lane)
    _push: _Lane = field(default_factory=_Lane)
    _pull: _Lane = field(default_factory=_Lane)
    _push_size: int = PUSH_OPERATIONS
    _wants_push: bool = True

    # -- what to say ----------------------------------------------------------------------------------------
    def next(self, now: int) -> list[Request]:
        """What should be sent now; each is then on its way until `received` or `failed`."""
        if self.standing is Standing.STOPPED:
            return []
        if self.standing is Standing.OFFLINE:
            return self._say(self._hello, self.store.hello(), now) if self._hello.is_free(now) else []
        said: list[Request] = []
        if self._wants_push and self._push.is_free(now):
            relayed = [] if self.must is Must.REVOKED else self.store.to_relay(self._push_size)
            operations = relayed or self.store.unsent(self._push_size)
            if operations:
                cursor = self.store.cursor()
                push = Push(self.store.device, self.epoch, tuple(operations), bool(relayed), cursor)
                said += self._say(self._push, push, now)
            self._wants_push = bool(operations)
        if self.must is Must.REVOKED:
            if not self._wants_push and self._push.sent is None:
                self._stand(Standing.STOPPED, now)  # what was written here has been handed over
            return said
        if self._pull.is_free(now):
            cursor = self.store.cursor()
            if cursor < self.head:
                maximum = CATCH_UP_OPERATIONS if self.head - cursor > FAR_BEHIND else PAGE_OPERATIONS
                whole = cursor < self.store.whole_until()
                said += self._say(self._pull, Pull(self.store.device, self.epoch, cursor, maximum, whole), now)
        return said

    def _say(self, lane: _Lane, request: Request, now: int) -> list[Request]:
        lane.sent, lane.since = request, now
        return [request]

    def written(self) -> None:
        """Something was written here: there may be operations to push."""
        self._wants_push = True

    def poked(self, head: int) -> None:
        """The server has come this far."""
        self.head = max(self.head, head)

    def retry_now(self) -> None:
        """The person asked, or the network came back: wait no longer."""
        for lane in (self._hello, self._push, self._pull):
            lane.not_before = lane.failures = 0

    # -- what was answered ----------------------------------------------------------------------------------
    def received(self, request: Request, reply: Reply, now: int) -> None:
        """Take in the answer to a request; answers to requests that are no longer on their way are passed over."""
        lane = self._lane_of(request)
        if lane.sent is not request:
            return
        lane.sent, lane.failures, lane.not_before = None, 0, 0
        if isinstance(reply, HelloReply):
            self._greeted(reply, now)
        elif isinstance(reply, PushReply):
            self._answered(reply, now, relayed=isinstance(request, Push) and request.relayed)
        else:
            self._got(reply, now)

    def failed(self, request: Request, now: int, *, too_large: bool = False) -> None:
        """The request did not get through."""
        lane = self._lane_of(request)
        if lane.sent is not request:
            return
        lane.sent = None
        lane.failures += 1
        if too_large and isinstance(request, Push):
            self._push_size = max(1, len(request.operations) // 2)
            return
        longest = min(LONGEST_WAIT, FIRST_WAIT << min(lane.failures - 1, 6))
        lane.not_before = now + self.random.randrange(longest + 1)
        if isinstance(request, Hello) or lane.failures > 1:
            self._stand(Standing.OFFLINE, now)

    def shut_out(self, request: Request, now: int) -> None:
        """The server does not let this device in: nothing is sent, and nothing dropped, until it is enrolled anew."""
        lane = self._lane_of(request)
        if lane.sent is request:
            lane.sent = None
            self._stop(Must.REENROL, now)

    def lost(self, now: int) -> None:
        """The stream broke: greet the server again to see whether it is there."""
        if self.standing is Standing.LIVE:
            self._stand(Standing.OFFLINE, now)

    def resume(self) -> None:
        """What it was stopped for may be mended: greet the server again."""
        if self.standing is Standing.STOPPED:
            self.standing, self.must = Standing.OFFLINE, None

    @property
    def has_failed(self) -> bool:
        """Whether the last greeting did not get through."""
        return self._hello.failures > 0

    @property
    def hello_failures(self) -> int:
        """How many greetings in a row have not got through."""
        return self._hello.failures

    @property
    def is_refused_again(self) -> bool:
        """Whether the server answers a greeting, but neither takes what is sent nor gives what is asked for."""
        return max(self._push.failures, self._pull.failures) > 1

    def rest(self, now: int) -> int | None:
        """Milliseconds until `next` may have something to say by itself; None: only when something happens."""
        if self.standing is Standing.STOPPED:
            return None
        lanes = [self._hello]
        if self.standing is Standing.LIVE:
            lanes = [self._push] * self._wants_push + [self._pull] * (self.store.cursor() < self.head)
        return min((max(0, lane.not_before - now) for lane in lanes), default=None)

    def _lane_of(self, request: Request) -> _Lane:
        return {Hello: self._hello, Push: self._push, Pull: self._pull}[type(request)]

    def _stand(self, standing: Standing, now: int) -> None:
        if standing is not self.standing:
            self.standing, self.since = standing, now

    def _stop(self, must: Must, now: int) -> None:
        self.must = must
        if must is Must.REPUSH:
            self._stand(Standing.OFFLINE, now)  # the next hello brings the new epoch
            return
        if must is Must.REVOKED:
            self._wants_push = True
            self._stand(Standing.LIVE, now)  # to hand over what it has written; `next` then stops
            return
        if must is Must.BOOTSTRAP:
            self.store.require_bootstrap()
        self._stand(Standing.STOPPED, now)

    def _greeted(self, reply: HelloReply, now: int) -> None:
        if reply.must is Must.REVOKED:
            self.epoch = reply.epoch
        if reply.must is not None and reply.must is not Must.REPUSH:
            self._stop(reply.must, now)
            return
        self.store.join_epoch(reply)
        if self.store.needs_bootstrap():
            self._stop(Must.BOOTSTRAP, now)
            return
        self.epoch, self.head, self.must = reply.epoch, reply.head, None
        self._wants_push, self._push_size = True, PUSH_OPERATIONS
        self._stand(Standing.LIVE, now)

    def _answered(self, reply: PushReply, now: int, *, relayed: bool) -> None:
        if reply.epoch == self.epoch:
            (self.store.relayed if relayed else self.store.acknowledge)(reply)
            self.poked(reply.head)
            self._wants_push = True
        if reply.must is not None:
            self._stop(reply.must, now)
        elif self.store.needs_bootstrap():
            self._stop(Must.BOOTSTRAP, now)

    def _got(self, page: Page, now: int) -> None:
        if page.must is not None:
            self._stop(page.must, now)
            return
        if page.epoch == self.epoch:
            self.store.apply(page)
            self.poked(page.head)
