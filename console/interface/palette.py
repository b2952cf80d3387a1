"""The command palette: every action of the registry by name."""

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from console.interface.actions import ACTIONS, Action

if TYPE_CHECKING:
    from console.interface.screens.workspace import Workspace


class ActionProvider(Provider):
    """Offers the actions; one that cannot be used now says why in its help line."""

    async def discover(self) -> Hits:
        """Offer everything while nothing is typed."""
        for action in ACTIONS:
            yield DiscoveryHit(
                Content(self._title(action)),
                partial(self._workspace.action_act, action.id),
                text=action.title,
                help=Content(self._help(action)),  # type: ignore[arg-type]
            )

    async def search(self, query: str) -> Hits:
        """Offer what matches."""
        matcher = self.matcher(query)
        for action in ACTIONS:
            score = matcher.match(action.title)
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(self._title(action)),
                    partial(self._workspace.action_act, action.id),
                    text=action.title,
                    help=Content(self._help(action)),  # type: ignore[arg-type]
                )

    @property
    def _workspace(self) -> "Workspace":
        from console.interface.screens.workspace import Workspace  # the workspace names the palette too

        screen = self.screen
        assert isinstance(screen, Workspace)
        return screen

    def _title(self, action: Action) -> str:
        return f"{action.title}  ({action.shown})"

    def _help(self, action: Action) -> str:
        reason = self._workspace.reason(action.id)
        return action.help if reason is None else f"not now: {reason}"
