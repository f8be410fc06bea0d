"""Writes Tests/ChannelsTests/Links/WaterFillingReference.swift to standard output.

Random instances of water-filling, solved twice without sorting: scipy.optimize.brentq finds the water level at which the powers sum to the
budget (for the least power: at which the rates sum to the rate), and scipy.optimize.minimize (SLSQP) minimises the objective over the powers
themselves. The script stops if the two disagree; the committed numbers are brentq's.
"""

import numpy as np
import scipy
from scipy.optimize import brentq, minimize

SEED = 31007
rng = np.random.default_rng(SEED)


def powers_at(water, levels, weights, caps):
    return np.minimum(caps, np.maximum(0, water * weights - levels))


def solve(levels, weights, caps, budget):
    low = np.min(levels / weights)
    high = low + budget / np.min(weights) + np.max(levels / weights) - low + 1
    water = brentq(lambda w: np.sum(powers_at(w, levels, weights, caps)) - budget, low, high, xtol=1e-300, rtol=4 * np.finfo(float).eps)
    powers = powers_at(water, levels, weights, caps)
    if np.all(levels > 0):
        found = minimize(
            lambda p: -np.sum(weights * np.log(1 + p / levels)), np.minimum(caps, budget / len(levels)) * 0.99,
            jac=lambda p: -weights / (levels + p), bounds=[(0, min(c, budget)) for c in caps],
            constraints={"type": "eq", "fun": lambda p: np.sum(p) - budget, "jac": lambda p: np.ones_like(p)}, method="SLSQP",
            options={"ftol": 1e-15, "maxiter": 1000})
        assert np.max(np.abs(found.x - powers)) < 2e-5 * budget, (found, powers)
    return water, powers


def least_power(levels, rate):
    water = brentq(
        lambda w: np.sum(np.log2(np.maximum(1, w / levels))) - rate, np.min(levels), np.min(levels) * 2.0 ** (rate + 1), xtol=1e-300,
        rtol=4 * np.finfo(float).eps)
    powers = np.maximum(0, water - levels)
    found = minimize(
        np.sum, powers * 1.1 + 0.01, jac=np.ones_like, bounds=[(0, None)] * len(levels),
        constraints={
            "type": "eq", "fun": lambda p: np.sum(np.log2(1 + p / levels)) - rate, "jac": lambda p: 1 / (np.log(2) * (levels + p))},
        method="SLSQP", options={"ftol": 1e-15, "maxiter": 1000})
    assert np.max(np.abs(found.x - powers)) < 2e-5 * np.sum(powers), (found, powers)
    return water, powers


def row(values):
    return "[" + ", ".join(".infinity" if np.isinf(x) else repr(float(x)) for x in values) + "]"


def case(levels, weights, caps, budget, water, powers):
    print("    WaterFillingCase(")
    print(f"      levels: {row(levels)},")
    print(f"      weights: {row(weights)},")
    print(f"      caps: {row(caps)}, total: {float(budget)!r}, water: {float(water)!r},")
    print(f"      powers: {row(powers)}),")


print(f"""/// One instance of water-filling with its solution.
struct WaterFillingCase {{
  var levels: [Double]
  var weights: [Double]
  var caps: [Double]
  /// The budget, or the rate that has to be reached.
  var total: Double
  var water: Double
  var powers: [Double]
}}

/// Made by Tests/Scripts/waterfilling-reference.py: numpy {np.__version__}, default_rng({SEED}), scipy {scipy.__version__}, brentq checked by SLSQP.
enum WaterFillingReference {{
  /// Weights of one, no caps; the last has negative levels.
  static let plain: [WaterFillingCase] = [""")
for n, budget in ((2, 0.7), (5, 3.0), (8, 0.05), (12, 40.0), (6, 2.0)):
    levels = rng.exponential(size=n) if n != 6 else rng.normal(size=n)
    ones, free = np.ones(n), np.full(n, np.inf)
    case(levels, ones, free, budget, *solve(levels, ones, free, budget))
print("  ]\n\n  /// Weights and caps.\n  static let weighted: [WaterFillingCase] = [")
for n, budget, caps in ((3, 1.0, False), (6, 4.0, False), (6, 2.5, True), (10, 6.0, True), (10, 1.0, True)):
    levels, weights = rng.exponential(size=n), rng.uniform(0.2, 3, n)
    limit = rng.uniform(0.1, 1.5, n) if caps else np.full(n, np.inf)
    case(levels, weights, limit, budget, *solve(levels, weights, limit, budget))
print("  ]\n\n  /// The least power for a rate in bit/s/Hz.\n  static let leastPower: [WaterFillingCase] = [")
for n, rate in ((2, 1.5), (5, 0.2), (9, 12.0)):
    levels = rng.exponential(size=n)
    case(levels, np.ones(n), np.full(n, np.inf), rate, *least_power(levels, rate))
print("  ]\n}")
