"""Takes the picture of the README: a person's way through the demo, up to a case that jams.

    python docs/make_picture.py

The picture is the one that the key P saves.
"""

import shutil
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

# Found by the line above.
from end_to_end.at_the_console import Console  # noqa: E402
from end_to_end.terminal import without  # noqa: E402
from end_to_end.test_story import call_bin, extract_case, open_port  # noqa: E402


def main() -> None:
    """Play the way, press P, keep what it saved."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with closing(Console(home, "demo")) as console:
            open_port(console)
            call_bin(console)
            extract_case(console)
            console.press("esc")
            console.wait_for("Ports 40", without("~"))
            console.press("P")
            console.wait_for("saved ")
            console.quit()
        (saved,) = (home / "state" / "pictures").glob("*.svg")
        shutil.copyfile(saved, ROOT / "docs" / "workspace.svg")


if __name__ == "__main__":
    main()
