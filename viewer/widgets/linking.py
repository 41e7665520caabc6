"""Linked tiles: what is done to one is done to the others, in proportion, whatever the sizes of their images."""

from __future__ import annotations

from dataclasses import replace

from viewer.model.view import View
from viewer.pixels.voi import Voi, VoiKind
from viewer.widgets.tile_board import TileBoard


class LinkGroup:
    """Tiles of one or of several windows. Linking is off until `enabled` is set."""

    def __init__(self) -> None:
        self.enabled: bool = False
        self._tiles: list[TileBoard] = []
        self._busy = False

    def add(self, tile: TileBoard) -> None:
        """Follow and lead from now on."""
        self._tiles.append(tile)
        tile.view_changed.connect(lambda: self._spread_view(tile))
        tile.voi_changed.connect(lambda _voi: self._spread_voi(tile))

    def remove(self, tile: TileBoard) -> None:
        """Neither follow nor lead any more."""
        if tile in self._tiles:
            self._tiles.remove(tile)

    def align(self, leader: TileBoard) -> None:
        """Bring all others to the leader's view and window: what happens when linking is switched on."""
        self._spread_view(leader)
        self._spread_voi(leader)

    def _others(self, leader: TileBoard) -> list[TileBoard]:
        """The tiles that follow now; none when the leader itself was removed."""
        if not self.enabled or self._busy or leader not in self._tiles:
            return []
        return [tile for tile in self._tiles if tile is not leader and tile.view is not None]

    def _spread_view(self, leader: TileBoard) -> None:
        others = self._others(leader)
        if leader.view is None:
            return
        self._busy = True
        try:
            for tile in others:
                if tile.view is not None:
                    tile.set_view(followed_view(leader.view, tile.view))
        finally:
            self._busy = False

    def _spread_voi(self, leader: TileBoard) -> None:
        others = self._others(leader)
        if leader.voi is None or leader.picture is None:
            return
        self._busy = True
        try:
            for tile in others:
                same_sort = tile.picture is not None and tile.picture.frame.is_grey == leader.picture.frame.is_grey
                if same_sort and tile.picture is not None:
                    tile.set_voi(followed_voi(leader.voi, leader.picture.voi, tile.picture.voi))
        finally:
            self._busy = False


def followed_view(leader: View, follower: View) -> View:
    """The follower at the same zoom relative to its whole image and at the same place of it; its turns stay its own."""
    zoom = leader.scale / leader.fit_scale
    place = leader.center[0] / leader.columns, leader.center[1] / leader.rows
    center = place[0] * follower.columns, place[1] * follower.rows
    return replace(follower, scale=follower.fit_scale * zoom, center=center)


def followed_voi(leader: Voi, leaders_own: Voi, followers_own: Voi) -> Voi:
    """The leader's change of window, in proportion to the windows that both images began with."""
    if leader.kind is VoiKind.TABLE or leader == leaders_own:
        return followers_own
    share = followers_own.width / leaders_own.width
    center = followers_own.center + (leader.center - leaders_own.center) * share
    return followers_own.moved(center, leader.width * share)
