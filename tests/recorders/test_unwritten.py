"""Rows that a reader makes of a journal, with a framework's own gradients."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import xorviz
from tests.rows import HEADER
from xorviz.recorders import session


def test_rows_made_of_a_journal_are_those_that_the_recorder_would_have_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever of the journal rows tell already, too, as when somebody looks between a commit and its end."""
    torch = pytest.importorskip("torch", reason="records a model of PyTorch: pip install torch")
    monkeypatch.setattr(session, "_LONGEST_S", 1e9)
    monkeypatch.setattr(session, "_MOST_WAITING", 10**9)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    x, y = (torch.tensor(of, dtype=torch.float32) for of in (HEADER.inputs, HEADER.targets))
    path = tmp_path / "run.xorviz"
    early = []
    with xorviz.record(path, model, HEADER.inputs, HEADER.targets, every=2, strict=True) as recorder:
        for step in range(30):
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
            recorder.step(loss=loss, lr=0.1)
            if step in (3, 9, 20):
                recorder._session.write(recorder._session._waiting[:2])
                early.append(xorviz.load(path))
    late = xorviz.load(path)
    for one in early:
        n = one.n_snapshots
        np.testing.assert_array_equal(one.steps, late.steps[:n])
        np.testing.assert_array_equal(one.parameter_vectors(), late.parameter_vectors()[:n])
        np.testing.assert_array_equal(one.loss, late.loss[: len(one.loss)])
        np.testing.assert_array_equal(one.snapshot_losses, late.snapshot_losses[:n])
        # Of the last snapshot the framework has no gradient yet, so it is computed.
        np.testing.assert_array_equal(one.gradient_vectors()[:-1], late.gradient_vectors()[: n - 1])
        np.testing.assert_allclose(one.gradient_vectors()[-1], late.gradient_vectors()[n - 1], atol=1e-6)
    assert [one.n_snapshots for one in early] == [3, 6, 11]
