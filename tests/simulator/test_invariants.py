"""What stays true whatever is asked of the warehouse, in whatever order."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from console.autostore.values import OPENABLE, BinMode, PortType
from console.simulator.bins import AT_PORT

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

    @invariant()
    def a_bin_is_selected_at_most_once_and_bound_for_that_port(self) -> None:
        selected = [port for port in self.world.ports.values() if port.selected_bin is not None]
        assert len({port.selected_bin for port in selected}) == len(selected)
        for port in selected:
            assert self.world.bins[port.selected_bin or 0].port_id == port.port_id
            assert port.is_open

    @invariant()
    def a_port_that_is_not_open_has_nothing_selected(self) -> None:
        for port in self.world.ports.values():
            if not port.is_open:
                assert (port.selected_bin, port.selected_task) == (None, None)
                assert (port.selected_taskgroup, port.selected_shipment) == (None, None)
                assert not port.case.active
            if not port.is_open and not port.closing:
                assert not port.visitors
                assert (port.categories, port.contents, port.req_time) == ((), (), None)

    @invariant()
    def bins_and_ports_agree_on_who_visits_whom(self) -> None:
        visits = {(bin_id, port.port_id) for port in self.world.ports.values() for bin_id in port.visitors}
        assert visits == {(bin_.bin_id, bin_.port_id) for bin_ in self.world.bins if bin_.port_id is not None}
        for bin_ in self.world.bins:
            assert bin_.port_id is not None or bin_.mode is BinMode.GRID
            assert bin_.mode is BinMode.GRID or bin_.mode in AT_PORT

    @invariant()
    def ports_and_task_groups_agree_on_who_works_which(self) -> None:
        selected = {
            port.selected_taskgroup: port.port_id
            for port in self.world.ports.values()
            if port.selected_taskgroup is not None
        }
        groups = self.world.tasks.groups.values()
        assert selected == {
            group.taskgroup_id: group.port_id for group in groups if group.port_id is not None
        }
        assert all(group.tasks for group in groups)
        unbound = {group.taskgroup_id for group in self.world.tasks.unbound((1, 2))}
        assert unbound == {group.taskgroup_id for group in groups if group.port_id is None}

    @invariant()
    def a_case_moves_only_at_an_autocase_port_with_that_bin_open(self) -> None:
        for port in self.world.ports.values():
            if port.case.active:
                assert port.port_type is PortType.AUTOCASE
                assert port.case.bin_id == port.selected_bin
                assert self.world.bins[port.selected_bin or 0].mode is BinMode.OPEN
            assert port.case.active or not port.case.error


TestCommands = Commands.TestCase
TestCommands.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
