"""The controller itself: its mode, why it stopped, and whether its driver can be heard."""

from functools import partial

from console.autostore.values import SystemMode
from console.simulator.changes import Alert, AlertRaised, DriverLost, DriverRegained, SystemChanged
from console.simulator.course import Course

UNTIL_ALERT = 20.0
"""Seconds after which a lost driver is an alert (autostore.md 6, tag AL)."""


class System:
    """Robots move only while it runs. `mode` is autostore.md 2.5, `charging` per cent of the robots."""

    def __init__(self, course: Course) -> None:
        self.mode: int = SystemMode.RUNNING
        self.stopcode = 0
        self.charging = 0
        self.driver_heard = True
        self._course = course

    @property
    def driver_missed(self) -> bool:
        """Whether the driver has been lost for so long that it was an alert."""
        return not self.driver_heard and not self._course.agenda.pending(("driver", 0))

    @property
    def running(self) -> bool:
        return self.mode == SystemMode.RUNNING

    def set(self, mode: int, stopcode: int = 0) -> None:
        """Put the system into a mode, with the reason of a stop."""
        self._course.agenda.drop(("system", 0))
        self._enter(mode, stopcode)

    def stop(self, stopcode: int, *, delayed: bool) -> None:
        """Stop at once, or announce a delayed stop and reach it after a while."""
        if not delayed:
            self.set(SystemMode.STOPPED, stopcode)
            return
        self._course.tell(AlertRaised(Alert.DELAYED_STOP))
        self.set(SystemMode.STOPPING, stopcode)
        stopped = partial(self._enter, SystemMode.STOPPED, stopcode)
        self._course.plan("system", 0, self._course.delays.stopping, stopped)

    def start(self) -> None:
        """Start again, and run after a while."""
        self.set(SystemMode.STARTING)
        self._course.plan(
            "system", 0, self._course.delays.starting, partial(self._enter, SystemMode.RUNNING, 0)
        )

    def lose_driver(self) -> None:
        """Let the Log Publisher lose its driver; after 20 s that is an alert."""
        if self.driver_heard:
            self.driver_heard = False
            self._course.tell(DriverLost())
            raised = partial(self._course.tell, AlertRaised(Alert.NO_CONNECTION))
            self._course.plan("driver", 0, (UNTIL_ALERT, UNTIL_ALERT), raised)

    def regain_driver(self) -> None:
        """Let the Log Publisher hear its driver again."""
        if not self.driver_heard:
            self.driver_heard = True
            self._course.agenda.drop(("driver", 0))
            self._course.tell(DriverRegained())

    def _enter(self, mode: int, stopcode: int) -> None:
        self.mode, self.stopcode = mode, stopcode
        self._course.robots_move = self.running
        self._course.tell(SystemChanged(mode, stopcode))
