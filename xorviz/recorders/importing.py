"""Old runs: checkpoints in a folder, or arrays in memory, become a recording."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Unpack

from xorviz.errors import UsageError, XorvizError
from xorviz.recorders._base import Array, as_array, need
from xorviz.recorders.arrays import Arrays
from xorviz.recorders.options import Options, RecorderOptions, options_of
from xorviz.recorders.recorder import Recorder
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import SnapshotSchedule

#: What checkpoints are called; weights are never unpickled as anything but tensors.
_TORCH, _SAFETENSORS = (".pt", ".pth", ".bin"), (".safetensors",)
#: Where a checkpoint that holds more than weights keeps them.
_INSIDE = ("state_dict", "model_state_dict", "model")


def import_run(
    checkpoints: str | os.PathLike[str] | Iterable[Mapping[str, Any]],
    inputs: Any,
    targets: Any,
    *,
    out: str | os.PathLike[str] | None = None,
    model: Any = None,
    steps: Sequence[int] | None = None,
    **options: Unpack[RecorderOptions],
) -> Recording:
    """Make a recording of a run that is over.

    Args:
        checkpoints: a folder of PyTorch's ``state_dict`` files (``.pt``, ``.pth``, ``.bin``) or of safetensors, in the
            order of the numbers in their names; or mappings of arrays in memory, one a checkpoint.
        inputs: training points, rows of numbers.
        targets: what the outputs should be there.
        out: the file to be; None records in memory.
        model: a PyTorch module into which the weights are loaded; without it they must be those of a dense network,
            whose ``activations`` are given.
        steps: of each checkpoint, rising from 0; the numbers in the files' names, less the first one, if not given.
        **options: as for `xorviz.record`; ``loss`` and ``link`` have to be said where they are not the usual ones,
            because no reported loss tells.

    Returns:
        The recording, with a snapshot for every checkpoint.

    Raises:
        UsageError: no checkpoints, or such as do not fit each other, the model or the data.
        XorvizError: a file that cannot be read.
    """
    found = (
        _in_folder(Path(checkpoints)) if isinstance(checkpoints, str | os.PathLike) else list(_numbered(checkpoints))
    )
    if not found:
        raise UsageError(f"checkpoints must hold weights; found none in {str(checkpoints)!r}.")
    numbers = [number for number, _ in found] if steps is None else list(steps)
    at = [number - numbers[0] for number in numbers]
    if len(at) != len(found) or at != sorted(set(at)):
        raise UsageError(f"steps must be {len(found)} rising numbers, one a checkpoint; got {numbers!r}.")
    chosen = options_of({**options, "schedule": SnapshotSchedule(n_dense=1 << 62), "strict": True})
    return _recorded(found, at, inputs, targets, out, model, chosen)


def _recorded(
    found: Sequence[tuple[int, Any]],
    at: Sequence[int],
    inputs: Any,
    targets: Any,
    out: Any,
    model: Any,
    options: Options,
) -> Recording:
    first = _weights(found[0][1])
    if model is None:
        subject: Any = Arrays(first, options, "network", ("checkpoints", str(len(found))))
    else:
        from xorviz.recorders.torch_module import TorchModule

        _load(model, found[0][1])
        subject = TorchModule(model)
    with Recorder(out, subject, inputs, targets, options) as recorder:
        for (_, checkpoint), step in zip(found[1:], at[1:], strict=True):
            if model is not None:
                _load(model, checkpoint)
            recorder.jump(step, None if model is not None else _weights(checkpoint))
    assert recorder.recording is not None
    return recorder.recording


def _numbered(states: Iterable[Mapping[str, Any]]) -> Iterable[tuple[int, Any]]:
    return enumerate(states)


def _in_folder(folder: Path) -> list[tuple[int, Path]]:
    """The checkpoints of a folder, by the last number in each one's name; by name where one has none."""
    if not folder.is_dir():
        raise UsageError(f"checkpoints must be a folder; got {str(folder)!r}.")
    paths = sorted(path for path in folder.iterdir() if path.suffix in (*_TORCH, *_SAFETENSORS))
    numbers = [re.findall(r"\d+", path.stem) for path in paths]
    if not all(numbers):
        return list(enumerate(paths))
    return sorted((int(found[-1]), path) for found, path in zip(numbers, paths, strict=True))


def _weights(checkpoint: Any) -> dict[str, Array]:
    """The arrays of a checkpoint by name, copied."""
    return {name: as_array(value).copy() for name, value in _state(checkpoint).items()}


def _load(model: Any, checkpoint: Any) -> None:
    try:
        model.load_state_dict(_state(checkpoint))
    except RuntimeError as error:
        raise UsageError(f"model must be the one whose weights were kept; {error}") from error


def _state(checkpoint: Any) -> dict[str, Any]:
    if isinstance(checkpoint, Mapping):
        return dict(checkpoint)
    read = _read_safetensors if checkpoint.suffix in _SAFETENSORS else _read_torch
    try:
        state = read(checkpoint)
    except UsageError:
        raise
    except Exception as error:
        raise XorvizError(f"{str(checkpoint)!r} cannot be read as weights: {str(error).splitlines()[0]}") from error
    for name in _INSIDE:
        if isinstance(state.get(name), Mapping):
            state = state[name]
    # What `torch.compile` and `DistributedDataParallel` put before every name.
    return {re.sub(r"^(_orig_mod\.|module\.)+", "", name): value for name, value in state.items()}


def _read_torch(path: Path) -> Any:
    from xorviz.recorders.torch_module import read_state

    return read_state(path)


def _read_safetensors(path: Path) -> Any:
    try:
        from safetensors.numpy import load_file
    except ImportError:
        raise need("safetensors", "safetensors") from None
    return load_file(path)
