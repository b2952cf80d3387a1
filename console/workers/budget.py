"""How many calls a second a controller is asked for; pure, the time is passed in."""

SAVED = 0.25
"""Seconds whose calls may be saved up for later, while nothing was asked."""

OWED = 1.0
"""Seconds whose calls may be overdrawn at most: commands do not wait, reads then do."""


class Budget:
    """Lets reads wait until they are within `rate` calls a second.

    Every call is counted, whoever makes it; only who asks `wait` is ever held back.

    Args:
        at_once: most reads at the same time; so many may always begin together.
    """

    def __init__(self, rate: float, at_once: int) -> None:
        self.rate = rate
        self._most = max(float(at_once), SAVED * rate)
        self._left = self._most
        self._counted_at = float("-inf")

    def spend(self, now: float) -> None:
        """Count a call."""
        self._left = max(self._at(now) - 1.0, -OWED * self.rate)
        self._counted_at = max(self._counted_at, now)

    def wait(self, now: float, promised: int = 0) -> float:
        """Return the seconds until one more read may begin.

        Args:
            promised: reads under way whose calls are not counted yet.
        """
        return max(0.0, (1.0 + promised - self._at(now)) / self.rate)

    def _at(self, now: float) -> float:
        passed = max(0.0, now - self._counted_at)
        return min(self._left + passed * self.rate, self._most)
