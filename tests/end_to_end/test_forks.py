"""What the tests of verbs stand on: a fork that does not end is ended, and leaves no trace in the next."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from patience import PATIENCE

from .forks import Nursery
from .programs import environment


def test_a_verb_that_does_not_end_is_killed_and_the_next_one_runs(home: Path) -> None:
    with closing(Nursery(environment(home))) as nursery, TemporaryFile("w+") as out:
        with pytest.raises(TimeoutError):
            nursery.run(["journal", "follow"], environment(home), out, out, seconds=0.5)
        code = nursery.run(["--version"], environment(home), out, out, seconds=PATIENCE)
        out.seek(0)
        assert (code, out.read().startswith("portside ")) == (0, True)
