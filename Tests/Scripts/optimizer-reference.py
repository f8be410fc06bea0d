#!/usr/bin/env python3
"""Writes Tests/TensorTests/Optimizers/OptimizerReference.swift from PyTorch's optimisers and schedulers.

    python3 Tests/Scripts/optimizer-reference.py > Tests/TensorTests/Optimizers/OptimizerReference.swift

The committed data were made with Python 3.11, PyTorch 2.15.0 and NumPy 2.4.6, in double precision on one CPU thread. No random numbers:
parameters and gradients follow from whole-number formulas, which the test repeats, and are exact in single precision. Settings are
rounded to single precision first, because that is how the optimisers under test hold them.
"""

import platform
import warnings

import numpy as np
import torch
from torch.optim import SGD, Adam, AdamW, RMSprop
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LinearLR, SequentialLR, StepLR

# One register of 16 and a rest.
COUNT = 18
STEPS = 20
SHOWN = (1, 2, STEPS)

CASES = [
    ("sgd", SGD, dict(lr=0.1)),
    ("sgdDecay", SGD, dict(lr=0.1, weight_decay=0.25)),
    ("sgdMomentum", SGD, dict(lr=0.05, momentum=0.9)),
    ("sgdMomentumDecay", SGD, dict(lr=0.05, momentum=0.9, weight_decay=0.25)),
    ("sgdNesterov", SGD, dict(lr=0.05, momentum=0.9, nesterov=True)),
    ("sgdNesterovDecay", SGD, dict(lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.25)),
    ("adam", Adam, dict(lr=0.01)),
    ("adamSettings", Adam, dict(lr=0.02, betas=(0.8, 0.95), eps=0.01)),
    ("adamW", AdamW, dict(lr=0.01)),
    ("adamWSettings", AdamW, dict(lr=0.02, betas=(0.8, 0.95), eps=0.01, weight_decay=0.5)),
    ("rmsProp", RMSprop, dict(lr=0.01)),
    ("rmsPropDecay", RMSprop, dict(lr=0.01, alpha=0.9, eps=0.01, weight_decay=0.25)),
    ("rmsPropCentered", RMSprop, dict(lr=0.01, alpha=0.9, eps=0.01, centered=True)),
    ("rmsPropMomentum", RMSprop, dict(lr=0.01, alpha=0.9, eps=0.01, momentum=0.5)),
    ("rmsPropAll", RMSprop, dict(lr=0.01, alpha=0.9, eps=0.01, momentum=0.5, centered=True, weight_decay=0.25)),
]


def single(value):
    if isinstance(value, tuple):
        return tuple(single(v) for v in value)
    return value if isinstance(value, bool) else float(np.float32(value))


def start():
    return [((5 * i) % 33 - 16) / 8 for i in range(COUNT)]


def gradient(step):
    return [((7 * step + 13 * i + step * step * i) % 65 - 32) / 32 for i in range(COUNT)]


def trajectory(kind, settings):
    parameters = torch.tensor(start(), dtype=torch.float64, requires_grad=True)
    optimizer = kind([parameters], **{name: single(value) for name, value in settings.items()})
    rows = []
    for step in range(1, STEPS + 1):
        parameters.grad = torch.tensor(gradient(step), dtype=torch.float64)
        optimizer.step()
        if step in SHOWN:
            rows.append(parameters.detach().tolist())
    return rows


def rates(base, steps, scheduler):
    optimizer = SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=base)
    schedule = scheduler(optimizer)
    values = []
    for _ in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return values


SCHEDULES = [
    ("linear", rates(0.5, 15, lambda o: LinearLR(o, start_factor=1.0, end_factor=0.2, total_iters=10))),
    ("cosine", rates(0.5, 11, lambda o: CosineAnnealingLR(o, T_max=10, eta_min=0.1))),
    ("exponential", rates(0.5, 12, lambda o: ExponentialLR(o, gamma=0.9))),
    ("steps", rates(0.5, 12, lambda o: StepLR(o, step_size=4, gamma=0.3))),
    (
        "warmUp",
        rates(
            0.5,
            14,
            lambda o: SequentialLR(
                o, [LinearLR(o, start_factor=0.25, total_iters=4), CosineAnnealingLR(o, T_max=10, eta_min=0.1)], milestones=[4]
            ),
        ),
    ),
]


def literal(values, indent):
    lines, line = [], " " * indent
    for value in values:
        text = repr(value) + ", "
        if len(line) + len(text) > 140:
            lines.append(line.rstrip())
            line = " " * indent
        line += text
    return "\n".join(lines + [line.rstrip()])


def main():
    print("/// Steps of PyTorch's optimisers and rates of its schedulers, in double precision.")
    print("///")
    versions = f"Python {platform.python_version()}, PyTorch {torch.__version__.split('+')[0]}, NumPy {np.__version__}"
    print(f"/// Origin: Tests/Scripts/optimizer-reference.py with {versions}. No random numbers.")
    print("enum OptimizerReference {")
    print(f"  static let count = {COUNT}")
    print(f"  static let steps = {STEPS}")
    print("  /// The steps after which the parameters are given, one row of `count` numbers each.")
    print(f"  static let shown = [{', '.join(map(str, SHOWN))}]")
    for name, kind, settings in CASES:
        words = ", ".join(f"{key}={value}" for key, value in settings.items())
        print(f"\n  /// {kind.__name__}({words})")
        print(f"  static let {name}: [Double] = [")
        for row in trajectory(kind, settings):
            print(literal(row, 4))
        print("  ]")
    for name, values in SCHEDULES:
        print(f"\n  /// The rate of each step from 0.")
        print(f"  static let {name}Rates: [Double] = [")
        print(literal(values, 4))
        print("  ]")
    print("}")


torch.set_num_threads(1)
warnings.simplefilter("ignore")
main()
