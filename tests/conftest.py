"""How deep properties are tried, and how many tests run at the same time.

Quickly by default, and for a night with `--hypothesis-profile nightly`.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("quick", deadline=None, max_examples=100)
settings.register_profile(
    "nightly", deadline=200, max_examples=100_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("quick")


def pytest_xdist_auto_num_workers() -> int:
    """Two a core: half of the tests wait for a program that they have started, or for a clock."""
    return 2 * (os.cpu_count() or 1)
