"""Task groups, tasks and the order in which a port takes them."""

from console.autostore.catalogue import Effect, Method, Repeat
from console.autostore.methods.parameters import BIG, PORT_ASSUMED, TASK, bin_id, flag, number, port_id, time
from console.fields import Field, Kind


def _task(container: str = "") -> Field:
    return Field(
        name="task",
        kind=Kind.RECORD,
        meaning="a task of the group",
        required=True,
        repeated=True,
        container=container,
        fields=(
            number("task_id", 1, BIG, "unique over all groups", required=True),
            bin_id("the bin to present"),
            number("item", 1, BIG, "equal items are picked together"),
            number("order", 1, BIG, "lower first"),
            number("estpicktime", 1, BIG, "estimated pick time", unit="s"),
        ),
    )


_GROUP_PARAMS = (
    number("taskgroup_id", 1, BIG, "the task group", required=True),
    number("shipment", 1, BIG, "groups meant to finish together"),
    number("category", 1, 10_000_000, "decides which ports may take it", required=True),
    time("req_time", "earliest first", required=True),
    number("priority", 1, BIG, "lower number first", required=True),
    time("start_time", "not selected before it"),
    flag("suspended", "not selected unless openbin names it"),
)

TASKS = (
    Method(
        name="create_taskgroup",
        interfaces=TASK,
        effect=Effect.ACT,
        repeat=Repeat.REFUSED,
        summary="Hands over a task group; its preparation starts at once.",
        params=(*_GROUP_PARAMS, _task(container="tasks")),
        assumed=(1007, 1008, 1010, 1011, 1012, 1013, 1014, 1048),
    ),
    Method(
        name="update_taskgroup",
        interfaces=TASK,
        effect=Effect.SET_STATE,
        repeat=Repeat.HARMLESS,
        summary="Changes a task group; leaving suspended out un-suspends it.",
        params=_GROUP_PARAMS,
        assumed=(1007, 1008, 1013, 1014, 1018, 1048),
    ),
    Method(
        name="add_task",
        interfaces=TASK,
        effect=Effect.ACT,
        repeat=Repeat.REFUSED,
        summary="Adds tasks to a task group.",
        params=(_GROUP_PARAMS[0], _task()),
        assumed=(1010, 1011, 1012, 1013, 1018, 1048),
    ),
    Method(
        name="cancel_task",
        interfaces=TASK,
        effect=Effect.ACT,
        repeat=Repeat.REFUSED,
        summary="Cancels a task.",
        params=(number("task_id", 1, BIG, "the task", required=True),),
        assumed=(1012, 1017, 1048),
    ),
    Method(
        name="gettaskinfo",
        interfaces=TASK,
        effect=Effect.READ,
        repeat=Repeat.FREE,
        summary="Lists tasks and task groups; the last three filters can be slow.",
        params=(
            number("taskgroup_id", 1, BIG, "one task group", excludes="task_id"),
            number("min_taskgroup_id", 1, BIG, "lowest group, inclusive"),
            number("max_taskgroup_id", 1, BIG, "highest group, inclusive"),
            number("task_id", 1, BIG, "one task", excludes="taskgroup_id"),
            number("category", 1, 10_000_000, "groups of this category"),
            flag("suspended", "suspended groups or the others", default=""),
            number("shipment", 1, BIG, "groups of this shipment"),
        ),
        assumed=(1012, 1013, 1017, 1018, 1048),
    ),
)


def _sequence(name: str, summary: str, repeat: Repeat, *, required: bool) -> Method:
    group = number(
        "taskgroup_id",
        1,
        BIG,
        "task groups in order",
        repeated=True,
        container="taskgroups",
        required=required,
    )
    return Method(
        name=name,
        interfaces=TASK,
        effect=Effect.SET_STATE if repeat is Repeat.HARMLESS else Effect.ACT,
        repeat=repeat,
        summary=summary,
        params=(port_id(), group),
        assumed=(*PORT_ASSUMED, 1009, 1013, 1018),
        router=True,
    )


SEQUENCES = (
    _sequence("setportsequence", "Replaces a port's task-group sequence.", Repeat.HARMLESS, required=False),
    _sequence("appendportsequence", "Extends a port's task-group sequence.", Repeat.UNSAFE, required=True),
    Method(
        name="getportsequence",
        interfaces=TASK,
        effect=Effect.READ,
        repeat=Repeat.FREE,
        summary="Reads a port's task-group sequence.",
        params=(port_id(),),
        assumed=(*PORT_ASSUMED, 1009),
        router=True,
    ),
)
