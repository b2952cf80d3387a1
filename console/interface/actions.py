"""The registry of everything a key can do: commands from operations, and ways to look.

Footer, help, palette and the key table in the docs are made from here. A command is never
bound to a widget: what it acts on is fixed when its key goes down.
"""

from enum import StrEnum

from msgspec import Struct

from console.operations.commands import PORT_COMMANDS, Danger, PortCommand


class Where(StrEnum):
    """Where a key works, and where a person is."""

    ANYWHERE = "anywhere"
    LISTS = "ports and devices"
    PORTS = "ports"
    DEVICES = "devices"
    ACTIVITY = "activity"

    def covers(self, here: "Where") -> bool:
        """Return whether what works in this place works for a person who is `here`."""
        return self in (Where.ANYWHERE, here) or (self is Where.LISTS and here is not Where.ACTIVITY)


class Action(Struct, frozen=True, kw_only=True):
    """One thing a person can do. `key` is the key as Textual names it, `shown` as people read it.

    `run` is the name of the workspace's method; for a command on ports, `command` says which.
    `footer` is the word beside the key in the last line of the screen, blank to keep it out.
    """

    id: str
    key: str
    shown: str
    title: str
    help: str
    where: Where = Where.ANYWHERE
    danger: Danger = Danger.NONE
    run: str = ""
    footer: str = ""
    command: PortCommand | None = None


def _view(
    id: str, key: str, shown: str, title: str, help: str, where: Where = Where.ANYWHERE, footer: str = ""
) -> Action:
    run = id.replace(".", "_")
    return Action(id=id, key=key, shown=shown, title=title, help=help, where=where, run=run, footer=footer)


def _list_view(id: str, key: str, shown: str, title: str, help: str, footer: str = "") -> Action:
    return _view(id, key, shown, title, help, Where.LISTS, footer)


def _port_action(command: PortCommand) -> Action:
    return Action(
        id=command.id,
        key=command.key,
        shown=command.key,
        title=command.title,
        help=command.help,
        where=Where.PORTS,
        danger=command.danger,
        run="port_command",
        footer=command.word,
        command=command,
    )


ACTIONS: tuple[Action, ...] = (
    _view("filter.edit", "slash", "/", "filter", "Show only what matches; Esc clears it.", footer="filter"),
    _list_view("mark.toggle", "space", "space", "mark", "Mark or unmark the row under the cursor.", "mark"),
    _list_view("mark.shown", "asterisk", "*", "mark all shown", "Mark all rows shown, or none of them."),
    _view("mark.clear", "escape", "esc", "clear", "Clear the filter; a second time, the marks."),
    *(_port_action(command) for command in PORT_COMMANDS),
    _list_view("sort.next", "s", "s", "sort", "Sort by the next order: id, type, what needs a person ..."),
    _view("density.next", "v", "v", "density", "Rows, tiles, dots: more ports at once.", Where.PORTS),
    _view("freeze.toggle", "f", "f", "freeze", "Let no row move; values go on.", Where.PORTS),
    _view("alarm.go", "g", "g", "go to alarm", "Put the cursor where the first alarm is."),
    _view("alarms.open", "a", "a", "alarms", "All alarms: acknowledge, shelve, see what can be done."),
    Action(
        id="rule.add",
        key="r",
        shown="r",
        title="new rule",
        help="Give the device, or all marked devices, a rule.",
        where=Where.DEVICES,
        run="rule_add",
        footer="new rule",
    ),
    _view(
        "rule.try",
        "p",
        "p",
        "try number",
        "Shows what the device's rules would make of a number; nothing is sent.",
        Where.DEVICES,
    ),
    _view("user.choose", "u", "u", "choose user", "Choose whose devices are listed.", Where.DEVICES, "user"),
    _view("list.refresh", "R", "R", "read again", "Read users, devices and rules again now.", Where.DEVICES),
    _view("runs.open", "L", "L", "runs", "The runs of this host: watch, report, retry, undo, settle."),
    _view("plan.file", "F", "F", "plan from file", "Plan what a table or a saved plan says."),
    _view(
        "plan.shown",
        "A",
        "A",
        "plan from filter",
        "Plan one thing for all ports that the filter shows.",
        Where.PORTS,
    ),
    _view("pane.ports", "1", "1", "ports", "Go to the ports."),
    _view("pane.detail", "2", "2", "detail", "Show the detail pane (on small screens)."),
    _view("pane.devices", "3", "3", "devices", "Go to the devices."),
    _view("pane.activity", "4", "4", "activity", "Go to the commands given here."),
    _view("theme.next", "t", "t", "theme", "Change the colours."),
    _view("wire.open", "w", "w", "wire", "The last calls in full: what was sent, what came back."),
    _view("picture.save", "P", "P", "save picture", "Save the screen as a picture (SVG) for others to see."),
    _view("palette.open", "colon,ctrl+p", ":", "command", "Find anything by typing.", footer="command"),
    _view("help.open", "question_mark,f1", "?", "help", "All keys and what they do.", footer="help"),
    _view("app.leave", "q,ctrl+q", "q", "quit", "Leave; a command under way ends as UNKNOWN.", footer="quit"),
)

BY_ID = {action.id: action for action in ACTIONS}
