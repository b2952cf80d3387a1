"""One measured figure beside its floor."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` and `floor` were measured in the same run and have the same `unit`; `goal` is the highest ratio
    of the two that is good, or, where `absolute`, the highest value; with `least` it is the lowest."""

    name: str
    value: float
    unit: str
    floor: float
    goal: float
    absolute: bool = False
    least: bool = False

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.value / self.floor if self.floor else float("inf")

    @property
    def reached(self) -> bool:
        """Whether the goal was reached."""
        judged = self.value if self.absolute else self.ratio
        return judged >= self.goal if self.least else judged <= self.goal

    def as_dict(self) -> dict[str, object]:
        """The figure as `--json` prints it."""
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "floor": round(self.floor, 4),
            "ratio": round(self.ratio, 3),
            "goal": self.goal,
            "reached": self.reached,
        }

    def as_row(self) -> str:
        """The figure as a line of the printed table."""
        goal = f"{'>=' if self.least else '<='} {self.goal:g} {self.unit if self.absolute else 'x'}"
        mark = "yes" if self.reached else "NO"
        return (
            f"{self.name:<34} {self.value:>10.4g} {self.unit:<3} {self.floor:>10.4g} {self.unit:<3}"
            f" {self.ratio:>7.2f} x  {goal:<12} {mark}"
        )


HEADING = f"{'figure':<34} {'value':>14} {'floor':>14} {'ratio':>9}  {'goal':<12} reached"
