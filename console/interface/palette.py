"""The command palette: every action of the registry by name, and every documented call."""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from console.interface.actions import ACTIONS, Action
from console.interface.screens.workspace import Workspace


def workspace_of(provider: Provider) -> Workspace:
    """Return the workspace that the palette was opened on."""
    screen = provider.screen
    assert isinstance(screen, Workspace)
    return screen


class CallProvider(Provider):
    """Offers every documented call of the systems that this site has, once something is typed."""

    async def search(self, query: str) -> Hits:
        """Offer what matches a name or what the call is for."""
        matcher = self.matcher(query)
        workspace = workspace_of(self)
        for system, entry in workspace.site.offered():
            score = max(matcher.match(entry.name), 0.5 * matcher.match(entry.summary))
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(entry.name),
                    partial(workspace.make_call, system, entry),
                    text=entry.name,
                    help=Content(entry.summary),  # type: ignore[arg-type]
                )


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
    def _workspace(self) -> Workspace:
        return workspace_of(self)

    def _title(self, action: Action) -> str:
        return f"{action.title}  ({action.shown})"

    def _help(self, action: Action) -> str:
        reason = self._workspace.reason(action.id)
        return action.help if reason is None else f"not now: {reason}"
