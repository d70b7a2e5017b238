from __future__ import annotations

from threadpoolctl import threadpool_info, threadpool_limits

from xorviz.parallel.threads import on_one_thread, one_thread


def n_threads() -> set[int]:
    """Of NumPy's own libraries: another package may bring more."""
    blas = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return {library["num_threads"] for library in blas if "numpy" in library["filepath"]}


def test_linear_algebra_keeps_to_one_thread_and_then_does_as_before() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        before = n_threads()
        with one_thread():
            assert n_threads() == {1}
        assert on_one_thread(n_threads)() == {1}
        assert n_threads() == before
