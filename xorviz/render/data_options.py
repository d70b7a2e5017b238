"""Options that say what is learned: a named problem or a file, and the network's size."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from xorviz.errors import UsageError

if TYPE_CHECKING:
    from xorviz.learning.data import Data


@dataclass(frozen=True)
class DataOptions:
    """What is learned instead of an article's problem; see `xorviz.learning.data.Data`."""

    data: Annotated[
        str, Parameter(help="moons, circles, blobs, spirals, checkerboard, sine, ripple, nand …, parity-3, or a *.csv.")
    ] = ""
    points: Annotated[int | None, Parameter(help="How many points a set has.")] = None
    noise: Annotated[float | None, Parameter(help="Standard deviation of a set's noise.")] = None
    classes: Annotated[int | None, Parameter(help="How many classes blobs or spirals have: 2 to 10.")] = None
    data_seed: Annotated[int | None, Parameter(help="Seed of a set's points and of the split.")] = None
    target: Annotated[str | None, Parameter(help="Column of a file to predict; the last one if not given.")] = None
    features: Annotated[str | None, Parameter(help="Columns to predict it from, with commas; all if not given.")] = None
    task: Annotated[
        str | None, Parameter(help="classification or regression, where a file's column could be both.")
    ] = None
    standardize: Annotated[
        bool | None, Parameter(help="Scale a file's inputs to mean 0 and deviation 1; so by default.")
    ] = None
    validation: Annotated[float, Parameter(help="Share of the points that are only looked at: 0.25.")] = 0.0
    hidden: Annotated[str | None, Parameter(help="Widths of the hidden layers: 16,16.")] = None
    steps: Annotated[int | None, Parameter(help="How many updates are made.")] = None
    learning_rate: Annotated[float | None, Parameter(help="Of Adam.")] = None

    def asked(self) -> Data | None:
        """What these options mean together; None if none is given.

        Raises:
            UsageError: options of data without data, or widths that are no numbers.
        """
        given: dict[str, Any] = {name: value for name, value in asdict(self).items() if value not in (None, "", 0.0)}
        if not given:
            return None
        if not self.data:
            option = next(iter(given)).replace("_", "-")
            raise UsageError(f"--{option} must go with --data, such as --data moons. Add it.")
        from xorviz.learning.data import Data

        names = {
            **{"data": "name", "points": "n_points", "classes": "n_classes", "data_seed": "seed", "steps": "n_steps"},
        }
        renamed = {names.get(name, name): value for name, value in given.items()}
        if self.features is not None:
            renamed["features"] = tuple(name.strip() for name in self.features.split(","))
        if self.hidden is not None:
            words = self.hidden.split(",")
            if not all(word.strip().isdecimal() for word in words):
                raise UsageError(f"--hidden must be widths with commas, such as 16,16; got {self.hidden!r}.")
            renamed["hidden"] = tuple(int(word) for word in words)
        return Data(**renamed)


Learned = Annotated[DataOptions | None, Parameter(name="*")]
Plane = Annotated[
    str | None, Parameter(help="Plane to draw: pca, or two inputs by name or number: petal_length,petal_width or 1,4.")
]
Hold = Annotated[
    tuple[str, ...], Parameter(negative="", help="Value of an input that is not drawn, NAME=VALUE; repeatable.")
]


def asked(options: DataOptions | None) -> Data | None:
    """What some options mean; None if none is given. Errors as for `DataOptions.asked`."""
    return None if options is None else options.asked()


def plane_changes(plane: str | None, hold: tuple[str, ...]) -> dict[str, Any]:
    """Fields of the scene that the two options mean.

    Raises:
        UsageError: a held value that reads otherwise than NAME=VALUE.
    """
    changes: dict[str, Any] = {} if plane is None else {"plane": plane}
    held = {}
    for word in hold:
        name, sign, value = word.partition("=")
        try:
            held[name.strip()] = float(value)
        except ValueError:
            sign = ""
        if not sign:
            raise UsageError(f"--hold-input must be NAME=VALUE, such as x3=0.5; got {word!r}.")
    return {**changes, "held": held} if held else changes
