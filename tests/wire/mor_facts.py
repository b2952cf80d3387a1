"""What the vendor's pages say of each MOR call, written down apart from the catalogue."""

from typing import NamedTuple

NOT_AUTHORISED = "You are not authorised to use this functionality"
DELETED_WITH_CALLS = (
    "Cannot delete device - it has calls. You can only hide device's user. "
    "Why is that and how to do that - please read in manual."
)


class Facts(NamedTuple):
    """One call.

    `params` are in order; `name!` is required, `name=x` has that default. `hashed` are the values that
    are hashed, in order. `place` is where a success, or a row of a list, stands below the root page.
    `given` are values that are right, `success` the inside of a page, and `reply` what it says.
    """

    name: str
    params: str
    hashed: str
    place: str
    given: dict[str, str]
    success: str
    reply: dict[str, object]
    errors: tuple[str, ...]
    old_name: str = ""
    texts: tuple[str, ...] = ()


DOCUMENTED = [
    Facts(
        "devices_get",
        "user_id! show_hidden_devices=1",
        "user_id",
        "devices/device",
        {"user_id": "100"},
        "<devices><device><device_id>5</device_id><port>5060</port></device></devices>",
        {"devices": ({"device_id": 5, "port": "5060"},)},
        ("User not found", "user_id is empty", "Bad login", "Incorrect hash"),
        old_name="device_list",
    ),
    Facts(
        "device_details_get",
        "device_id device_u",
        "device_id device_u",
        "device_type",
        {"device_id": "5"},
        "<id>5</id><device_type>IAX2</device_type><host>dynamic</host><nat>yes </nat>",
        {"id": "5", "device_type": "IAX2", "host": "dynamic", "nat": "yes"},
        ("Access Denied", "Device was not found", "Bad login", "Incorrect hash"),
    ),
    Facts(
        "device_create",
        "user_id! description pin type devicegroup_id caller_id",
        "user_id description pin type devicegroup_id caller_id",
        "id",
        {
            "user_id": "2",
            "description": "dock 4",
            "pin": "0042",
            "type": "SIP",
            "devicegroup_id": "3",
            "caller_id": "x",
        },
        "<status>Device created</status><id>31</id>",
        {"status": "Device created", "id": 31},
        (
            "User was not found",
            "Incorrect hash",
            "Dont be so smart",
            "Access Denied",
            "Device_type_invalid",
            "Device_group_invalid",
            "Pin_is_already_used",
            "Pin_must_be_numeric",
            "Device was not created",
        ),
        texts=("Device created", "Device was created"),
    ),
    Facts(
        "device_update",
        "device! authentication username host port new_location_id callerid_number callerid_name trunk "
        "fax_email_add fax_email_delete call_limit inbound_call_limit fromuser password call_timeout "
        "extension pin hidden language allow_empty_callerid comment encryption transport hostname "
        "device_balance_enabled balance ringing_timeout callerid_control_by_dids",
        "device authentication username host port",
        "status/success",
        {"device": "2", "authentication": "1", "host": "10.0.0.7", "port": "5060", "comment": "moved"},
        "<status><success>Device successfully updated</success></status>",
        {"status": {"success": "Device successfully updated"}},
        ("Incorrect hash", "Access Denied", "Device was not found", "Location was not found"),
        texts=("Device successfully updated",),
    ),
    Facts(
        "device_delete",
        "device!",
        "device",
        "status",
        {"device": "123"},
        "<status>Device was deleted</status>",
        {"status": "Device was deleted"},
        (
            "Device was not found",
            "Incorrect hash",
            "Registration over API is disabled",
            "Dont be so smart",
            "Access Denied",
            DELETED_WITH_CALLS,
            "Device has forwarded calls - we cannot delete it",
            "Unable to delete this device - it is used in Call Flow for Fax Detect",
            "Device has Dial Plans - we cannot delete it",
            "One or more Location rules are using this Device",
            "Cannot delete device - it is assigned to Queue",
        ),
        old_name="device_destroy",
        texts=("Device was deleted",),
    ),
    Facts(
        "morphone_details_get",
        "",
        "",
        "device",
        {},
        "<server_ip>10.0.0.1</server_ip><device><username>101</username></device>",
        {"server_ip": "10.0.0.1", "device": {"username": "101"}},
        ("Bad login", "Device was not found"),
    ),
    Facts(
        "device_rules_get",
        "device_id!",
        "device_id",
        "status/device_rules/device_rule",
        {"device_id": "2"},
        "<status><device_rules><device_rule><id>1</id><add>020</add></device_rule></device_rules></status>",
        {"device_rules": ({"id": 1, "add": "020"},)},
        ("Device was not found", "Device has no rules", "Incorrect hash"),
    ),
    Facts(
        "device_rule_create",
        "device_id! name! cut add minlen=1 maxlen=100 pr_type=dst change_callerid_name=0",
        "device_id name cut add",
        "status/success",
        {"device_id": "2", "name": "myrule", "cut": "353", "add": "0", "pr_type": "src"},
        "<status><success>Rule added</success></status>",
        {"status": {"success": "Rule added"}},
        (
            "Incorrect hash",
            "Add failed",
            "Device was not found",
            "name cannot be blank",
            "cut cannot be blank",
            "add cannot be blank",
            "both add and cut cannot be blank",
        ),
        texts=("Rule added",),
    ),
    Facts(
        "device_rule_delete",
        "device_rule_id!",
        "device_rule_id",
        "status/success",
        {"device_rule_id": "2"},
        "<status><success>Device rule was successfully deleted</success></status>",
        {"status": {"success": "Device rule was successfully deleted"}},
        ("Incorrect hash", "Device rule was not found"),
        texts=("Device rule was successfully deleted",),
    ),
    Facts(
        "device_callflow_get",
        "device_id!",
        "device_id",
        "callflow",
        {"device_id": "100"},
        "<user>A B</user><device>SIP/101</device>"
        "<callflow><state>Busy</state><priority>1</priority><action>Hangup</action></callflow>",
        {
            "user": "A B",
            "device": "SIP/101",
            "callflow": ({"state": "Busy", "priority": 1, "action": "Hangup"},),
        },
        ("Device was not found", NOT_AUTHORISED, "User was not found", "Incorrect hash"),
    ),
    Facts(
        "device_callflow_update",
        "device_id! callflow_action! state! forward_to_device external_number fax_device voicemail "
        "device_callerid src_callerid did_id custom",
        "device_id state callflow_action",
        "status/success",
        {"device_id": "2", "callflow_action": "forward", "state": "busy", "external_number": "370"},
        "<status><success>whatever it says</success></status>",
        {"status": {"success": "whatever it says"}},
        ("Incorrect hash",),
    ),
    Facts(
        "device_clis_get",
        "devices_id users_id",
        "",
        "status/cli_id",
        {"devices_id": "2"},
        "<status><cli_id>7</cli_id><cli_cli>37063011111</cli_cli><cli_banned>0</cli_banned></status>",
        {"clis": ({"cli_id": 7, "cli_cli": "37063011111", "cli_banned": "0"},)},
        (
            "Device was not found",
            "CLIs were not found",
            "Access Denied",
            "You are not authorized to use this functionality",
            "User was not found",
            "Incorrect hash",
        ),
    ),
    Facts(
        "cli_add",
        "device_id! cli_number cli_domain cli_description comment banned ivr_id",
        "device_id cli_number",
        "status",
        {"device_id": "2", "cli_number": "1234678", "cli_domain": "x.example"},
        "<status>CLI successfully created</status>",
        {"status": "CLI successfully created"},
        (
            "CLI must be numeric",
            "CLI already exists. It is assigned to user_name device",
            "CLI Number cannot be empty",
            "IVR was not found",
            "Device ID cannot be empty",
            "Access Denied",
            NOT_AUTHORISED,
            "Incorrect hash",
        ),
        texts=("CLI successfully created",),
    ),
    Facts(
        "cli_delete",
        "cli_number!",
        "cli_number",
        "status",
        {"cli_number": "12345"},
        "<status>CLI successfully deleted</status>",
        {"status": "CLI successfully deleted"},
        ("CLI was not found", "Access Denied", NOT_AUTHORISED, "Incorrect hash"),
        texts=("CLI successfully deleted",),
    ),
    Facts(
        "cli_info_get",
        "cli! domain",
        "",
        "cli/device",
        {"cli": "12345"},
        "<cli><device><user_id>3</user_id><device_id>9</device_id></device></cli>",
        {"cli": ({"user_id": 3, "device_id": 9},)},
        ("CLI not found", "CLI is empty", "Access Denied", "Bad login", "Incorrect hash"),
        old_name="cli_get_info",
    ),
    Facts(
        "users_get",
        "uniquehash",
        "u p",
        "status/users/user",
        {},
        "<status><users><user><id>7</id><username>lea</username></user></users></status>",
        {"users": ({"id": 7, "username": "lea"},)},
        (
            "API Requests are disabled",
            "GET Requests are disabled",
            "Access Denied",
            "Incorrect hash",
            "You are not authorized to view this page",
        ),
    ),
    Facts(
        "user_details_get",
        "user_id username",
        "user_id username",
        "details",
        {"user_id": "123", "username": "lea"},
        "<userid>123</userid><details><main_detail><tariff>t</tariff></main_detail></details>",
        {"userid": 123, "details": {"main_detail": {"tariff": "t"}}},
        ("User was not found", "Incorrect hash"),
        old_name="user_details",
    ),
    Facts(
        "system_version_get",
        "",
        "",
        "version",
        {},
        "<version>MOR X17</version>",
        {"version": "MOR X17"},
        ("API Requests are disabled", "Access Denied", "Incorrect hash"),
        old_name="get_version",
    ),
]

ROW_FIELDS = {
    "devices_get": (
        "device_id device_type devicegroup_id primary_device username secret ipaddr port callerid"
    ),
    "device_rules_get": (
        "id device_id name enabled cut add minlen maxlen pr_type change_callerid_name devicerulegroup_id"
    ),
    "device_callflow_get": "state priority action data data2 data3 data4 data5",
    "device_clis_get": (
        "cli_id cli_cli cli_domain cli_device cli_description cli_added_at cli_updated_at cli_comment "
        "cli_email_callback cli_banned"
    ),
    "cli_info_get": "user_id device_id",
    "users_get": (
        "id username first_name last_name balance blocked lcr_id tariff_id owner_id usertype hidden"
    ),
}
"""The fields of a row, of the calls that answer a list."""
