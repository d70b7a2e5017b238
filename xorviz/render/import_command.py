"""``xorviz import``: checkpoints of a run that is over become a recording."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from xorviz.render.console import Console
from xorviz.render.options import Force, Json, Quiet


def import_(
    folder: Annotated[Path, Parameter(help="A folder of .pt, .pth, .bin or .safetensors files.")],
    /,
    *,
    data: Annotated[Path, Parameter(help="The training points: a .csv or .npz.")],
    target: Annotated[str, Parameter(help="Its column of targets; the last one if not given.")] = "",
    standardize: Annotated[
        bool, Parameter(help="Scale inputs as xorviz does; off where the model saw them raw.")
    ] = False,
    activation: Annotated[
        tuple[str, ...], Parameter(negative="", help="Of each layer, the output last; repeatable. tanh, sigmoid.")
    ] = (),
    out: Annotated[Path | None, Parameter(alias="-o", help="The recording to write: *.xorviz.")] = None,
    force: Force = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Make a recording of checkpoints: the weights of a dense network, in the order of the numbers in the files' names.

    xorviz import checkpoints --data points.csv --activation tanh --activation sigmoid --out run.xorviz
    """
    from xorviz.problems.tables import read_table
    from xorviz.recorders.importing import import_run
    from xorviz.render.recordings import details

    console, path = Console(quiet, json), out or Path(f"{folder.name}.xorviz")
    problem = read_table(data, target=target, standardize=standardize)
    console.may_write(path, force=force)
    recording = import_run(
        folder,
        problem.inputs,
        problem.targets,
        out=path,
        task=problem.task,
        activations=activation or None,
        feature_names=problem.feature_names,
        class_names=problem.class_names,
        bounds=problem.bounds,
        title=problem.name,
        force=True,
    )
    console.result(str(path), {"path": str(path), **details(recording)})
    console.say(f"{recording.n_snapshots} checkpoints, {path.stat().st_size / 1e3:.0f} kB")
