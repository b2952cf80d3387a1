"""Users, and the system itself (mor.md 3.14)."""

from console.fields import Field, Kind
from console.mor.calls.call import Call, Evidence
from console.mor.calls.parameters import filled, number, secret, text, texts, user_id

USERS_GET = Call(
    name="users_get",
    summary="Lists the users the caller may see.",
    evidence=Evidence.WIKI,
    since="MOR X8",
    params=(secret("uniquehash", "instead of a password"),),
    hashed=("u", "p"),
    marker="status/users",
    listing="users",
    record="status/users/user",
    returns=(
        number("id"),
        *texts("username", "first_name", "last_name", "balance", "blocked", "lcr_id", "tariff_id"),
        *texts("owner_id", "usertype", "hidden"),
    ),
    errors=(
        "API Requests are disabled",
        "GET Requests are disabled",
        "Access Denied",
        "Incorrect hash",
        "You are not authorized to view this page",
    ),
)

USER_DETAILS_GET = Call(
    name="user_details_get",
    old_name="user_details",
    summary="Reads everything the server keeps about a user.",
    evidence=Evidence.PART,  # what stands in the nested groups is not stored
    since="MOR X4 (user_details before)",
    params=(user_id(), text("username", "login name of the user")),
    hashed=("user_id", "username"),
    one_of=("user_id", "username"),
    checks=(filled("username"),),
    marker="details",
    returns=(
        *texts("pagename", "language"),
        number("userid"),
        Field(name="details", kind=Kind.RECORD),
    ),
    errors=("User was not found", "Incorrect hash"),
)

SYSTEM_VERSION_GET = Call(
    name="system_version_get",
    old_name="get_version",
    summary="Reads the version of the server; shows that user and key are right.",
    evidence=Evidence.WIKI,
    since="MOR X4",
    marker="version",
    returns=texts("version"),
    errors=("API Requests are disabled", "Access Denied", "Incorrect hash"),
)

USERS = (USERS_GET, USER_DETAILS_GET, SYSTEM_VERSION_GET)
