"""Sweeps: many runs over a grid of settings.

`engines` trains blocks of runs (``engine_for(experiment).run(experiment, parameters)``), `seeds` says where each run
starts. From a run's address (point, block, index) `seeds.experiment_at` gives the experiment that ``train`` records in
full. Engines work at full speed from ``Engine.runs_at_once`` runs on; several blocks may go into one call.
"""
