"""What stays true whatever is asked of the warehouse, in whatever order."""

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from console.autostore.values import OPENABLE
from console.simulator.incidents import INCIDENTS

from .consistency import check
from .small import AUTOCASE, CASE_BIN, DISABLED, OTHER, PLAIN, at, hand_over, outcome, site, wait

ports = st.sampled_from([PLAIN, OTHER, AUTOCASE, DISABLED, 3])
bins = st.sampled_from([1, 2, 3, CASE_BIN, 77])
flags = st.booleans()


class Commands(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = site(runout_on_open_port=True)
        for number in range(6):
            hand_over(
                self.world,
                20 + number,
                *(1 + number % 3, CASE_BIN, 4 + number),
                category=1 + number % 2,
                req_time=at(6 + number),
                shipment=77 if number < 2 else None,
                suspended=number == 3,
            )

    @rule(
        port_id=ports,
        category=st.sampled_from([(), (1,), (1, 2)]),
        content=st.sampled_from([(), (7,)]),
        port_mode=st.sampled_from([None, *OPENABLE]),
    )
    def openport(
        self, port_id: int, category: tuple[int, ...], content: tuple[int, ...], port_mode: str | None
    ) -> None:
        select = {"category": category, "content": content}
        outcome(self.world, "openport", port_id=port_id, port_mode=port_mode, **select)

    @rule(port_id=ports, suspend=flags)
    def closeport(self, port_id: int, suspend: bool) -> None:
        outcome(self.world, "closeport", port_id=port_id, suspend_taskgroup=suspend)

    @rule(port_id=ports)
    def openbin(self, port_id: int) -> None:
        outcome(self.world, "openbin", port_id=port_id)

    @rule(
        port_id=ports,
        wish=st.sampled_from(
            [{"bin_id": 1}, {"bin_id": CASE_BIN}, {"taskgroup_id": 23}, {"task_id": 22006}, {"shipment": 77}]
        ),
    )
    def openbin_ad_hoc(self, port_id: int, wish: dict[str, int]) -> None:
        outcome(self.world, "openbin", port_id=port_id, **wish)

    @rule(port_id=ports, complete=flags)
    def closebin(self, port_id: int, complete: bool) -> None:
        port = self.world.ports.get(port_id)
        if port is not None and port.selected_bin is not None:
            outcome(
                self.world,
                "closebin",
                port_id=port_id,
                bin_id=port.selected_bin,
                task_id=port.selected_task,
                taskcomplete=complete,
            )

    @rule(port_id=ports, bin_id=bins, verb=st.sampled_from(["extract", "cancel"]), jam=flags)
    def case(self, port_id: int, bin_id: int, verb: str, jam: bool) -> None:
        if jam:
            self.world.jams.add(CASE_BIN)
        outcome(self.world, f"case_{verb}", port_id=port_id, bin_id=bin_id)

    @rule(seconds=st.sampled_from([0.0, 0.5, 1.0, 2.0, 5.0]))
    def wait(self, seconds: float) -> None:
        wait(self.world, seconds)

    @rule(
        port_id=ports,
        incident=st.sampled_from(
            ["stick_case", "free_case", "insert_case", "take_port_down", "bring_port_up"]
        ),
    )
    def something_happens(self, port_id: int, incident: str) -> None:
        with suppress(ValueError):
            INCIDENTS[incident](self.world, port_id=port_id)

    @rule(groups=st.lists(st.integers(20, 26), max_size=3).map(tuple), port_id=ports)
    def setportsequence(self, groups: tuple[int, ...], port_id: int) -> None:
        outcome(self.world, "setportsequence", port_id=port_id, taskgroup_id=groups)

    @rule(running=flags)
    def the_system_stops_or_starts(self, running: bool) -> None:
        self.world.set_system(20 if running else 70)

    @invariant()
    def everything_is_consistent(self) -> None:
        check(self.world)


TestCommands = Commands.TestCase
TestCommands.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
