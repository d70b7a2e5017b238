"""Linear algebra on one thread while xorviz computes.

A few points are multiplied by a few weights, thousands of times: a second thread costs more in waiting than it gives.
Measured on 2 cores, fields of a 2–64–64–64–1 network: a quarter of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Returned = TypeVar("_Returned")


@cache
def _libraries() -> Any:
    """The linear algebra libraries that are loaded; looking for them takes milliseconds, so it is done once."""
    from threadpoolctl import ThreadpoolController

    # Loads its own, which are looked for.
    import_module("numpy")
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """NumPy's linear algebra keeps to the thread that asks; afterwards it does as before."""
    with _libraries().limit(limits=1, user_api="blas"):
        yield


def on_one_thread(function: Callable[_Given, _Returned]) -> Callable[_Given, _Returned]:
    """The same function, within `one_thread`."""

    @wraps(function)
    def call(*args: _Given.args, **kwargs: _Given.kwargs) -> _Returned:
        with one_thread():
            return function(*args, **kwargs)

    return call


def stay_on_one_thread() -> None:
    """As `one_thread`, to the end of this process: for those that xorviz starts."""
    _libraries().limit(limits=1, user_api="blas")
