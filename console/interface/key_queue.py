"""One key at a time: a key is done with before the next is looked at.

Textual hands a key to the widget that has the focus and goes on to the next key at once. Over a
bad link keys come in bursts, and then the second key of `/4` or `Tab x` would still reach the
widget that the first one is about to leave. In a console that moves robots, a key must mean what
it meant when it was pressed.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.message_pump import MessagePump

HELD_MOST = 1000
"""Keys held back at most; more are a paste or a stuck key, and are dropped."""

ROUNDS = 3
"""The key itself, the message its widget makes of it, and the message that is made of that one."""


class KeyQueue:
    """Holds keys back while an earlier one is on its way through the widgets.

    Args:
        app: whose keys these are.
        handle: handles one key as Textual would.
        first: the widget that a key is handed to now.
    """

    def __init__(
        self,
        app: MessagePump,
        handle: Callable[[events.Key], Awaitable[None]],
        first: Callable[[], MessagePump],
    ) -> None:
        self._app = app
        self._handle = handle
        self._first = first
        self._held: deque[events.Key] = deque()
        self._busy = False

    async def take(self, event: events.Key) -> None:
        """Handle a key now, or as soon as the ones before it are done with."""
        if len(self._held) < HELD_MOST:
            self._held.append(event)
        if not self._busy:
            await self._next()

    async def _next(self) -> None:
        self._busy = bool(self._held)
        if not self._held:
            return
        first = self._first()
        await self._handle(self._held.popleft())
        self._follow(first, first, ROUNDS)

    def _follow(self, node: MessagePump | None, first: MessagePump, rounds: int) -> None:
        """Go through the queues that the key goes through, from its widget up to the app.

        Each queue is in order, so that what is called there runs after the key was handled there.
        Each further round, from the `first` widget again, runs behind the messages that came of it.
        """
        if node is None or node is self._app:
            if rounds > 1:
                self._app.call_later(self._follow, first, first, rounds - 1)
            else:
                self._app.call_later(self._next)
            return
        after: Any = node._parent
        if not node.call_later(self._follow, after, first, rounds):
            self._follow(after, first, rounds)
