"""How deep properties are tried: quickly by default, and for a night with `--hypothesis-profile nightly`."""

from hypothesis import HealthCheck, settings

settings.register_profile("quick", deadline=None, max_examples=100)
settings.register_profile(
    "nightly", deadline=200, max_examples=100_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("quick")
