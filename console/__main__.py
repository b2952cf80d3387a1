"""`python -m console` is `portside`."""

from console.cli.main import run

if __name__ == "__main__":
    run()
