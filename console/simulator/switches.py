"""What no source documents, as switches: the defaults are the assumptions of the protocol pages."""

from enum import StrEnum

from msgspec import Struct

from console.autostore.values import PortMode
from console.mor.calls import Profile


class AutoStoreSwitches(Struct, frozen=True, kw_only=True):
    """How the controller behaves where autostore.md section 8 has to assume.

    `unfitting_fault` is the refusal where no documented code fits, as for OPEN without select
    (row 14) or a malformed flag; `bin_busy_fault` is closebin's while the bin is not open yet or
    its case is moving. `runout_on_open_port` makes that request a mode change (row 12).
    `sequenced_group_fault` refuses to change a task group that stands in a port's sequence (4.4),
    `not_custom_fault` the Port Interface at any other port. `old_task_wrapper` lets add_task's
    tasks stand inside `tasks` (D4). The Log Publisher defines cells if `cell_definitions`, and tells
    that the bins of task groups are prepared if `task_preparation_told` (section 6).
    """

    fault_status: int = 200
    malformed_status: int = 400
    wrong_verb_status: int = 405
    refuse_unknown_parameters: bool = True
    unfitting_fault: int = 1007
    bin_busy_fault: int = 1027
    runout_on_open_port: bool = False
    router: bool = True
    no_router_fault: int = 1000
    closebin_needs_task: bool = True
    case_modes: frozenset[PortMode] = frozenset(
        {PortMode.OPEN, PortMode.SWAP, PortMode.SEQUENCE, PortMode.RUNOUT}
    )
    detailed_port_status: bool = True
    case_error_shown: bool = True
    bin_mode_letters: bool = False
    sequenced_group_fault: int = 1013
    not_custom_fault: int = 1000
    old_task_wrapper: bool = True
    cell_definitions: bool = False
    task_preparation_told: bool = False


class Delivery(StrEnum):
    """How a MOR answer travels (mor.md 1.4); all decode to the same document."""

    DOCUMENTED = "documented"
    PLAIN = "plain"
    GZIP = "gzip"
    RAW_GZIP = "raw-gzip"
    HTML = "html"
    ATTACHMENT = "attachment"


class ErrorPlace(StrEnum):
    """Where the error element sits (mor.md 1.5)."""

    PAGE = "page/error"
    PAGE_STATUS = "page/status/error"
    STATUS = "status/error"


class MorSwitches(Struct, frozen=True, kw_only=True):
    """The MOR server's own switches (mor.md 1.2) and what mor.md section 7 has to assume.

    `registration_allowed` also governs device_delete (mor.md 3.6). `password_required` is the
    habit of old servers; `device_alias` takes `device` for `device_id` in device_rule_create, as
    the example on its page does.
    """

    enabled: bool = True
    get_allowed: bool = False
    hash_checked: bool = True
    registration_allowed: bool = True
    password_required: bool = False
    device_alias: bool = False
    profile: Profile = Profile.Y2019
    delivery: Delivery = Delivery.DOCUMENTED
    declaration: bool = False
    error_place: ErrorPlace = ErrorPlace.PAGE
