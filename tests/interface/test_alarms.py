"""What needs a person is said on a line of its own, and `g` leads there."""

from console.state.entities import Phase, SourceName

from .screen import running
from .world import BIN, IN_ERROR, Site, closed, command, hall


def well(site: Site) -> None:
    """See a hall where nothing needs a person."""
    hall(site)
    site.see(closed(IN_ERROR))


async def test_without_an_alarm_there_is_no_line_and_the_key_says_so() -> None:
    async with running(well) as console:
        assert console.lines()[1].startswith("┌")
        await console.press("g")
        assert console.toasts() == ["go to alarm: there is no alarm"]


async def test_an_alarm_comes_says_since_when_and_goes() -> None:
    async with running(well) as console:
        hall(console.site)
        await console.settle()
        assert f" ! port {IN_ERROR}: case action" in console.lines()[1]
        console.site.clock.pass_(2)
        console.site.see_again()
        console.workspace.tick()
        await console.settle()
        assert "(ERSO), 2 s   g go there" in console.lines()[1]
        well(console.site)
        await console.settle()
        assert console.lines()[1].strip() == "alarms: 1 came and went   a all"


async def test_g_goes_to_the_port_whatever_is_shown() -> None:
    async with running(size=(80, 24)) as console:
        await console.press("slash")
        await console.write(str(BIN))
        await console.press("enter", "3", "g")
        assert console.focus == "port-rows"
        assert console.workspace.ports.rows.cursor == IN_ERROR
        assert f"{IN_ERROR:04d} AC" in console.text()


async def test_g_goes_to_a_port_far_down_the_list_though_the_filter_hid_it() -> None:
    async with running(well, ports=200, size=(80, 24)) as console:
        await console.press("s", "slash")
        await console.write("1-3")
        await console.press("enter")
        from .world import case_in_error

        console.site.see(case_in_error(150))
        await console.burst("g")
        assert console.workspace.ports.rows.cursor == 150
        assert "0150 AC" in console.text(), "the cursor is in sight"


async def test_a_lost_source_is_one_alarm_and_g_says_why() -> None:
    async with running() as console:
        console.site.store.source_is_lost(SourceName.AUTOSTORE, "connection refused", console.site.clock())
        await console.settle()
        assert " ! AutoStore does not answer, 0 s" in console.lines()[1]
        await console.press("g")
        assert console.toasts() == ["AutoStore: connection refused"]


async def test_g_goes_to_a_command_of_which_nobody_knows() -> None:
    async with running(well) as console:
        console.site.store.note_command(command("a", phase=Phase.STILL_UNKNOWN, changed_at=1000.0))
        console.site.store.note_command(command("b", phase=Phase.CONFIRMED))
        await console.settle()
        assert "1 UNKNOWN" in console.text()
        await console.press("g")
        assert console.focus == "command-rows"
        assert console.workspace.activity.rows.cursor == "a"
