"""The commands and their options. Heavy modules are imported inside the commands, so that ``--help`` is instant."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import cyclopts
from cyclopts import Parameter

from xorviz import __version__
from xorviz.errors import UsageError, XorvizError
from xorviz.render.console import Console
from xorviz.render.data_options import Learned, asked
from xorviz.render.embed_commands import embed
from xorviz.render.explore_command import explore
from xorviz.render.import_command import import_
from xorviz.render.options import Arithmetic, Force, Json, Quiet, Recorded, Seed, Source
from xorviz.render.request import Request
from xorviz.render.still_commands import sheet, still
from xorviz.render.sweep_commands import export, sweep

# The matrices here are small: a linear algebra library that wakes threads for them only makes the cores wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

DONE, FAILED, WRONG_USAGE, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143
_AS_IT_IS = Request()

#: The interrupts of this process that were answered.
_HEARD: list[int] = []
app = cyclopts.App(
    name="xorviz",
    help=(
        "Show how a neural network learned.\n\n"
        "xorviz render --out xor.gif\n\n"
        "xorviz render convergence --theme dark --out convergence.mp4\n\n"
        "xorviz train backprop --seed 3 --out run.xorviz\n\n"
        "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted."
    ),
    version=__version__,
    suppress_keyboard_interrupt=False,
    config=cyclopts.config.Env("XORVIZ_", command=False),
)


@app.command
def render(
    source: Source = "",
    /,
    *,
    request: Annotated[Request, Parameter(name="*")] = _AS_IT_IS,
    quiet: Quiet = False,
    json: Json = False,
    dry_run: Annotated[
        bool, Parameter(negative="", help="Say what would be written, how large and how soon, and stop.")
    ] = False,
) -> int:
    """Train XOR, or take another run, draw it, and write the animation.

    python -m xorviz.render --out xor.gif

    xorviz render run.xorviz --out run.mp4 --out run.gif --out run.png --size 1280x720

    xorviz render --data moons --noise 0.2 --validation 0.25 --out moons.gif

    xorviz render --data flowers.csv --target kind --plane pca

    xorviz render backprop --seeds 16 --out seeds.gif
    """
    from xorviz.render.rendering import carry_out

    carry_out(source, request, Console(quiet=quiet, json=json), dry_run=dry_run)
    return DONE


app.command(still)
app.command(sheet)
app.command(import_, name="import")
app.command(explore)
app.command(sweep)
app.command(export)
app.command(embed)


@app.command
def train(
    source: Annotated[str, Parameter(help="An article's name or a recipe *.toml.")] = "",
    /,
    *,
    out: Annotated[Path | None, Parameter(alias="-o", help="The recording to write: *.xorviz.")] = None,
    learned: Learned = None,
    seed: Seed = None,
    arithmetic: Arithmetic = None,
    force: Force = False,
    quiet: Quiet = False,
    json: Json = False,
) -> int:
    """Train an experiment and store its recording.

    xorviz train backprop --seed 0 --out run.xorviz
    """
    from xorviz.render.recordings import train_and_store

    console = Console(quiet, json)
    data = asked(learned)
    train_and_store(source, out, seed=seed, arithmetic=arithmetic, data=data, force=force, console=console)
    return DONE


@app.command
def info(recording: Recorded, /, *, json: Json = False) -> int:
    """Say what a recording holds."""
    from xorviz.render.recordings import describe

    describe(recording, Console(quiet=False, json=json))
    return DONE


@app.command
def verify(recording: Recorded, /, *, json: Json = False) -> int:
    """Run the forward pass of every snapshot again and compare with the recorded loss."""
    from xorviz.render.recordings import check

    return DONE if check(recording, Console(quiet=False, json=json)) else FAILED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        arguments: the words after the program's name; those of this process if not given.

    Returns:
        The exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    console = Console()
    _HEARD.clear()
    # As after Ctrl-C, what is half-written shall not stay.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt_once)
    try:
        result = app(words, exit_on_error=False, print_error=False, result_action="return_value")
    except (UsageError, cyclopts.CycloptsError) as error:
        console.fail(error)
        return WRONG_USAGE
    except XorvizError as error:
        console.fail(error)
        return FAILED
    except KeyboardInterrupt as error:
        return _interrupted(error, console)
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        # What no closer place had a word for: a name that is too long for the file system, say.
        console.fail(f"{str(error.filename or 'a file')!r} cannot be used: {error.strerror or error}.")
        return FAILED
    except Exception as error:
        # Compiled code that Ctrl-C comes upon may make another error of it.
        if not _HEARD:
            raise
        return _interrupted(error, console)
    return result if isinstance(result, int) else DONE


def _interrupted(error: BaseException, console: Console) -> int:
    kept = " ".join(getattr(error, "__notes__", ())) or "Nothing half-written was left behind."
    console.fail(f"interrupted. {kept}")
    return INTERRUPTED


def _interrupt_once(number: int, _: object) -> None:
    """Whoever presses Ctrl-C again is not to interrupt what puts things in order after the first time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _HEARD.append(number)
    raise KeyboardInterrupt
