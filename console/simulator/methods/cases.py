"""AutoCase: taking the case out of a bin (source pages case_extract and case_cancel, autostore.md 7.4)."""

from console.autostore.values import BinMode, CaseState, PortType
from console.simulator.codes import Code, Refusal
from console.simulator.methods.values import Values, present
from console.simulator.ports import Port
from console.simulator.warehouse import Warehouse


def case_extract(world: Warehouse, *, port_id: int, bin_id: int) -> Values:
    """Begin to take the case out of the open bin; after ECMP it may begin again.

    Raises:
        Refusal: 1000, 1087, 1099 as `_working_port`; 1149 the bin is not selected here, or not open
            yet; 1148 an action is running, in error or not.
    """
    port = _working_port(world, port_id)
    if port.selected_bin != bin_id or world.bins[bin_id].mode is not BinMode.OPEN:
        raise Refusal(Code.BIN_IS_NOT_SELECTED)
    if port.case.active:
        raise Refusal(Code.PREVIOUS_ACTION_NOT_COMPLETED)
    world.cases.begin(port, bin_id, CaseState.EXTRACT_REQUESTED)
    return {}


def case_cancel(world: Warehouse, *, port_id: int, bin_id: int) -> Values:
    """End an action that is in error; the machine is then at NOOP (assumed).

    Raises:
        Refusal: 1000, 1087, 1099 as `_working_port`; 1149 the bin is not selected here; 1152 no
            action is running; 1153 it is not in error.
    """
    port = _working_port(world, port_id)
    if port.selected_bin != bin_id:
        raise Refusal(Code.BIN_IS_NOT_SELECTED)
    if not port.case.active:
        raise Refusal(Code.NOTHING_TO_CANCEL)
    if not port.case.error:
        raise Refusal(Code.AUTOCASE_HAS_NO_ERROR)
    world.cases.end(port)
    return {}


def case_getstate(world: Warehouse, *, port_id: int) -> Values:
    """Tell how far the case action is; `case_error` is assumed, and by switch.

    Raises:
        Refusal: 1000 no such port; 1087 not an AutoCase port.
    """
    case = _autocase_port(world, port_id).case
    return present(
        port_id=port_id,
        bin_id=case.bin_id,
        case_state=case.state.value,
        case_error=case.error if world.switches.case_error_shown else None,
    )


def _autocase_port(world: Warehouse, port_id: int) -> Port:
    port = world.port(port_id)
    if port.port_type is not PortType.AUTOCASE:
        raise Refusal(Code.NOT_AN_AUTOCASE_PORT)
    return port


def _working_port(world: Warehouse, port_id: int) -> Port:
    """Return the AutoCase port.

    Raises:
        Refusal: 1000 no such port; 1087 not an AutoCase port; 1099 not in a mode that works bins.
    """
    port = _autocase_port(world, port_id)
    if not port.is_open or port.mode not in world.switches.case_modes:
        raise Refusal(Code.PORT_IS_NOT_IN_OPEN_MODE)
    return port
