"""What portside is told about its sites: found, read, checked against types, and explained.

`tables` has a line for each setting; `reading` checks a file against it, `files` and `keys` touch
the disk, `document` writes settings out again.
"""

from console.settings.files import begin, find, load, site_files, state_dir
from console.settings.keys import MorKeys, read_keys, secret_from_file
from console.settings.reading import SettingsError, choose, parse
from console.settings.tables import AutoStore, Mor, Role, Settings, Site
from console.settings.values import Unfit, base_url, port_ids

__all__ = [
    "AutoStore",
    "Mor",
    "MorKeys",
    "Role",
    "Settings",
    "SettingsError",
    "Site",
    "Unfit",
    "base_url",
    "begin",
    "choose",
    "find",
    "load",
    "parse",
    "port_ids",
    "read_keys",
    "secret_from_file",
    "site_files",
    "state_dir",
]
