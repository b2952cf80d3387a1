"""Settings files of sites, as a technician would write them."""

from pathlib import Path

KEY = "canary-5f3a91c07be24d68"
"""The MOR key of sites whose server does not check it; a text that is found wherever it leaks."""


def write_site(
    home: Path,
    *,
    autostore_url: str = "",
    mor_url: str = "",
    key: str = KEY,
    ports: str = "1-12",
    autostore: str = "",
    mor: str = "",
    more: str = "",
) -> Path:
    """Write the settings of one site and return their path.

    `autostore` and `mor` are further lines of these tables, `more` of the site's own.
    """
    home.joinpath("mor.key").write_text(key)
    home.joinpath("mor.key").chmod(0o600)
    lines = ['operator = "tess"', "[sites.hall2]", more]
    if autostore_url:
        lines += ["[sites.hall2.autostore]", f'url = "{autostore_url}"', f'ports = "{ports}"', autostore]
    if mor_url:
        lines += ["[sites.hall2.mor]", f'url = "{mor_url}"', 'user = "admin"', 'secret_file = "./mor.key"']
        lines += ['users = "100"', "interval = 1", mor]
    path = home / "settings.toml"
    path.write_text("\n".join(lines) + "\n")
    return path
