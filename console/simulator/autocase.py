"""The AutoCase machines: how an action goes through its states, and how it gets stuck (autostore.md 7.4)."""

from functools import partial

from console.autostore.values import CaseState
from console.simulator.changes import CancelAsked, CaseChanged
from console.simulator.course import Course
from console.simulator.ports import CaseAction, Port

_NEXT = {
    CaseState.EXTRACT_REQUESTED: CaseState.EXTRACT_READY_TO_SEND,
    CaseState.EXTRACT_READY_TO_SEND: CaseState.EXTRACT_COMPLETED,
    CaseState.INSERT_REQUESTED: CaseState.INSERT_READY_TO_RECEIVE,
    CaseState.INSERT_READY_TO_RECEIVE: CaseState.INSERT_CASE_RECEIVED,
    CaseState.INSERT_CASE_RECEIVED: CaseState.INSERT_CASE_INSERTED,
    CaseState.INSERT_CASE_INSERTED: CaseState.INSERT_COMPLETED,
}

_STICKS_IN = frozenset({CaseState.EXTRACT_READY_TO_SEND, CaseState.INSERT_READY_TO_RECEIVE})
"""Where a jammed case gets stuck: the moment it would move."""


class CaseMachines:
    """The machines of all AutoCase ports. `jams` are bins whose next action gets stuck."""

    def __init__(self, course: Course) -> None:
        self.jams: set[int] = set()
        self._course = course

    def begin(self, port: Port, bin_id: int, state: CaseState) -> None:
        """Begin an action in its first state, EREQ or IREQ; the rest follows by itself."""
        port.case = CaseAction(bin_id, state)
        self._tell(port)
        self._plan(port)

    def end(self, port: Port) -> None:
        """Put the machine back to NOOP, whatever it did."""
        self._course.agenda.drop(("case", port.port_id))
        bin_id, port.case = port.case.bin_id, CaseAction()
        if bin_id is not None:
            self._course.tell(CaseChanged(port.port_id, bin_id, CaseState.NOTHING, error=False))

    def stick(self, port: Port) -> None:
        """Let the running action stop in error, and somebody ask for its end."""
        self._course.agenda.drop(("case", port.port_id))
        self.jams.discard(port.case.bin_id or 0)
        port.case.error = True
        self._tell(port)
        self._course.tell(CancelAsked(port.port_id, port.case.bin_id or 0))

    def free(self, port: Port) -> None:
        """Let an action in error go on where it stopped."""
        port.case.error = False
        self._tell(port)
        self._plan(port)

    def _plan(self, port: Port) -> None:
        if port.case.state in _NEXT:
            self._course.plan("case", port.port_id, self._course.delays.case_step, partial(self._step, port))

    def _step(self, port: Port) -> None:
        if port.case.state in _STICKS_IN and port.case.bin_id in self.jams:
            self.stick(port)
            return
        port.case.state = _NEXT[port.case.state]
        self._tell(port)
        self._plan(port)

    def _tell(self, port: Port) -> None:
        case = port.case
        self._course.tell(CaseChanged(port.port_id, case.bin_id or 0, case.state, case.error))
