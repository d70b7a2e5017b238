"""Recordings of the first format stay readable: this one was written by the program of that time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import xorviz

PATH = Path(__file__).with_name("format-1.xorviz")


def test_a_recording_of_format_1_reads_as_it_did(tmp_path: Path) -> None:
    recording = xorviz.load(PATH)
    np.testing.assert_array_equal(recording.steps, [0, 1, 2, 3, 4, 8, 16, 20])
    assert recording.loss[:3].tolist() == [2.9991464995409807, 3.0771067992282806, 3.16738279060219]
    np.testing.assert_array_equal(recording.loss_steps, np.arange(20))
    assert recording.final_loss == 2.8500675437540943
    last = [[1.7880052765815944, 0.5805783038758241], [0.7960967473804191, 1.8314323370505234]]
    assert recording.parameters["W1"][-1].tolist() == last
    assert (recording.complete, dict(recording.metrics)) == (True, {})
    assert recording.verify().ok
    recording.save(tmp_path / "copy.xorviz")
    assert xorviz.load(tmp_path / "copy.xorviz").verify().ok
