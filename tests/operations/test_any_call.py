"""Any documented call through a site: what is offered, what is asked, and what the server does not know."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from wire.scripted import Answer, Server, http, playing

from console.autostore.catalogue import Interface
from console.autostore.methods import offered
from console.fields import Invalid
from console.mor.calls import CALLS
from console.operations.bulk.wishes import same_for_all
from console.operations.commands import any_order
from console.outcome import Outcome, Refused, Unknown
from console.secret import Secret
from console.settings import AutoStore, Mor, MorKeys
from console.settings import Site as SiteSettings
from console.settings.values import BaseUrl, PortIds, VariableName
from console.site import Site
from console.site_spec import Endpoints, SiteSpec
from console.state.entities import Phase, SourceName

AUTOSTORE, MOR = SourceName.AUTOSTORE, SourceName.MOR
DONE = Answer(http(b"<response><params/></response>"))
REFUSED = Answer(http(b"<response><fault><code>1000</code></fault></response>"))
NOT_KNOWN = Answer(http(b"no such method", "404 Not Found", "text/plain"))


@asynccontextmanager
async def connected(
    state_dir: Path, *answers: Answer, interface: Interface = Interface.TASK, mor: bool = False
) -> AsyncIterator[tuple[Site, Server]]:
    """Connect a site whose servers are one, which plays the answers; nothing is read by itself."""
    async with playing(*answers) as server:
        url = BaseUrl(server.url)
        settings = SiteSettings(
            autostore=AutoStore(url=url, ports=PortIds((4,)), interface=interface),
            mor=Mor(url=url, user="admin", secret_env=VariableName("UNUSED")) if mor else None,
        )
        keys = MorKeys(Secret("c4nary"), None, ()) if mor else None

        async def connect() -> Endpoints:
            return Endpoints(settings, keys)

        spec = SiteSpec(name="Hall", mode="LIVE", operator="tess", role="technician", state_dir=state_dir)
        site = Site(spec, connect)
        assert site.offered() == []
        await site.connect()
        try:
            yield site, server
        finally:
            await site.close()


def names(site: Site) -> Sequence[str]:
    return [entry.name for _, entry in site.offered()]


@pytest.mark.parametrize("mor", [False, True])
@pytest.mark.parametrize("interface", Interface)
async def test_every_documented_call_of_the_systems_there_are_is_offered(
    tmp_path: Path, interface: Interface, mor: bool
) -> None:
    async with connected(tmp_path, DONE, interface=interface, mor=mor) as (site, _):
        calls = [(MOR, call) for call in CALLS] if mor else []
        assert site.offered() == [*((AUTOSTORE, method) for method in offered(interface)), *calls]


async def test_what_the_server_does_not_know_is_offered_no_more_until_it_does(tmp_path: Path) -> None:
    async with connected(tmp_path, NOT_KNOWN, REFUSED) as (site, _):
        everything = names(site)
        with pytest.raises(Unknown):
            await site.ask(AUTOSTORE, "getportconfig", {"port_id": 4})
        assert set(everything) - set(names(site)) == {"getportconfig"}
        with pytest.raises(Refused):
            await site.ask(AUTOSTORE, "getportconfig", {"port_id": 4})
        assert names(site) == everything


async def test_a_command_that_the_server_does_not_know_is_unknown_and_offered_no_more(tmp_path: Path) -> None:
    async with connected(tmp_path, NOT_KNOWN) as (site, server):
        assert site.commands is not None
        result = await site.commands.send(any_order(AUTOSTORE, "flushportbin", {"port_id": 4, "bin_id": 7}))
        assert (result.phase, result.outcome) == (Phase.UNKNOWN, Outcome.UNKNOWN)
        assert "flushportbin" not in names(site)
        assert len(server.requests) == 1


async def test_only_reads_are_asked(tmp_path: Path) -> None:
    async with connected(tmp_path, DONE) as (site, server):
        with pytest.raises(ValueError, match="openport is a command"):
            await site.ask(AUTOSTORE, "openport", {"port_id": 4})
        with pytest.raises(Invalid):
            await site.ask(AUTOSTORE, "getportconfig", {"port_id": 0})
        with pytest.raises(LookupError):
            await site.ask(MOR, "users_get", {})
        assert server.requests == []
        assert await site.ask(AUTOSTORE, "getsystemmode", {}) == {}
        assert [(number, one.request.method) for number, one in site.wire_log] == [(1, "getsystemmode")]


async def test_ports_of_the_bin_interface_say_why_they_are_not_commanded(tmp_path: Path) -> None:
    async with connected(tmp_path, DONE, interface=Interface.BIN) as (site, server):
        assert site.bulk is not None
        ((_, seen),) = (await site.bulk.survey(same_for_all("port.close", [4]))).items()
        assert "the bin interface does not tell what ports are doing" in seen.reason
        assert server.requests == []
