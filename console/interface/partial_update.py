"""Sends the terminal only the cells that changed, and only when it has taken those before.

Textual asks a widget for a changed region and then writes the widget's line from its left edge to
the end of that region, because it crops the line at the right only; it names the colours afresh
for every piece; a cell that changes behind a dialog makes it send the whole screen; and it paints
though the terminal has not taken the last frame. On a slow link that is what people wait for.
`install` replaces three methods; Textual is pinned to the exact version this was written for, and
tests compare.
"""

import time
from functools import lru_cache

from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.screen import Screen

from console.interface.paced_driver import Pace, PacedDriver

_refresh_top = Screen._compositor_refresh
_update_now = Screen._on_timer_update


def install() -> None:
    """Let every partial update of this process be as short as it can, and wait for the terminal."""
    ChopsUpdate.render_segments = _render_cropped  # type: ignore[method-assign]
    Screen._compositor_refresh = _refresh  # type: ignore[method-assign,assignment]
    Screen._on_timer_update = _update_in_turn  # type: ignore[method-assign,assignment]


def _update_in_turn(self: Screen[object]) -> None:
    """Paint if the terminal is ready for a frame; if not, the timer that runs goes on asking."""
    pace = _pace(self)
    if pace is None or pace.may_paint(time.monotonic()):
        _update_now(self)


def _pace(screen: Screen[object]) -> Pace | None:
    driver = screen.app._driver
    return driver.pace if isinstance(driver, PacedDriver) else None


def _refresh(self: Screen[object]) -> None:
    """Hand what changed on a covered screen to the one on top; the top one is drawn as ever."""
    regions = self._compositor._dirty_regions
    if self is self.app.screen or self not in self.app._background_screens or not regions:
        _refresh_in_turn(self)
        return
    top = self.app.screen
    if top._compositor.size == self._compositor.size:  # if not, it has yet to be painted as a whole
        # Not by its `refresh`: that forgets those of its own widgets that wait to be painted.
        top._compositor._dirty_regions.update(regions)
        _paint_soon(top)
    regions.clear()
    self._dirty_widgets.clear()


def _refresh_in_turn(self: Screen[object]) -> None:
    """Paint a screen, or leave it to the timer when the terminal is not ready, as after a new layout."""
    pace, now = _pace(self), time.monotonic()
    if pace is not None and not pace.may_paint(now):
        _paint_soon(self)
        return
    if pace is not None:
        pace.paint(now)
    _refresh_top(self)


def _paint_soon(screen: Screen[object]) -> None:
    screen._dirty_widgets.add(screen)
    screen._update_timer.resume()


def _render_cropped(self: ChopsUpdate, console: Console) -> str:
    """Return the terminal sequences of a partial update: per changed span a move and its cells."""
    pieces: list[str] = []
    begun, end_of_style, stands_at = "", "", (-1, -1)
    for y, first, last in self.spans:
        if y >= len(self.chops):  # it was asked for before the screen got smaller
            continue
        for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
            if strip is None or x >= last or end <= first:
                continue
            left, right = max(x, first), min(end, last)
            part = strip if (left, right) == (x, end) else strip.crop(left - x, right - x)
            if stands_at != (left, y):
                pieces.append(Control.move_to(left, y).segment.text)
            stands_at = right, y
            for text, style, _ in part:
                begins, ends = _sequences(style, console._color_system)
                if begins != begun:
                    pieces += (end_of_style, begins)
                    begun, end_of_style = begins, ends
                pieces.append(text)
    pieces.append(end_of_style)
    return "".join(pieces)


@lru_cache(maxsize=512)
def _sequences(style: Style | None, colours: ColorSystem | None) -> tuple[str, str]:
    """Return what turns a style on, and what turns it off."""
    if style is None:
        return "", ""
    begins, _, ends = style.render("\0", color_system=colours).partition("\0")
    return begins, ends
