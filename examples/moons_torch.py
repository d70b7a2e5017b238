"""Two moons, a 2–8–1 network in PyTorch."""

import torch
import xorviz
from xorviz.problems import moons

torch.manual_seed(0)
problem = moons(seed=0)
X, y = torch.tensor(problem.inputs).float(), torch.tensor(problem.targets).float()
net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=1.0)

with xorviz.record("torch.xorviz", net, X, y, title="moons") as recorder:
    for _ in range(400):
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(net(X), y)
        loss.backward()
        optimizer.step()
        recorder.step(loss=loss)
