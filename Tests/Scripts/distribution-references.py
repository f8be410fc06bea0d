"""Writes DistributionReference.swift: values of torch.distributions, scipy.stats and mpmath for arguments in single precision.

python3 Tests/Scripts/distribution-references.py > Tests/TensorTests/Distributions/DistributionReference.swift
"""

import math

import mpmath
import numpy
import scipy
import scipy.stats
import torch
from torch.distributions import Categorical, Independent, Normal, kl_divergence
from torch.distributions.relaxed_categorical import ExpRelaxedCategorical
from torch.distributions.transforms import AffineTransform, TanhTransform
from torch.distributions import TransformedDistribution

random = numpy.random.default_rng(20260101)
torch.set_default_dtype(torch.float64)
mpmath.mp.dps = 60


def single(values):
    return [float(numpy.float32(v)) for v in values]


def number(x):
    if math.isinf(x):
        return ".infinity" if x > 0 else "-.infinity"
    return repr(float(x))


def array(values):
    return "[" + ", ".join(number(v) for v in values) + "]"


def wrapped(text):
    """One case over lines of at most 150 characters."""
    lines, line = [], "     "
    for word in text.split(" "):
        if len(line) + len(word) + 1 > 140:
            lines.append(line)
            line = "       "
        line += " " + word
    return "\n".join(lines + [line])


out = []
out.append("/// Values of distributions in double precision, for arguments that are exact in single precision.")
out.append("///")
out.append(f"/// Origin: torch.distributions of PyTorch {torch.__version__.split('+')[0]}, scipy.stats of SciPy {scipy.__version__} and mpmath {mpmath.__version__} with 60 digits;")
out.append("/// arguments from numpy.random.default_rng(20260101). Made by Tests/Scripts/distribution-references.py.")
out.append("enum DistributionReference {")

out.append("  /// `Categorical`: two rows of logits, ln p of the first, its entropy, and KL(first ‖ second). torch.distributions.")
out.append("  static let categorical: [(p: [Float], q: [Float], logProbabilities: [Double], entropy: Double, divergence: Double)] = [")
inf = math.inf
pairs = [(random.normal(0, s, k), random.normal(0, s, k)) for k, s in [(2, 1), (3, 0.01), (5, 3), (17, 1), (33, 5)]]
pairs += [([1.5], [-2]), ([80, -80, 0, 79], [-80, 80, 0, 1]), ([0, -inf, 1, 2], [0, -inf, 2, -1]), ([0, -inf, -inf], [1, 2, 3]), ([0, 1, 2], [0, 1, -inf])]
for p, q in pairs:
    p, q = single(p), single(q)
    a, b = Categorical(logits=torch.tensor(p)), Categorical(logits=torch.tensor(q))
    logs = torch.log_softmax(torch.tensor(p), 0).tolist()
    probabilities = torch.exp(torch.tensor(logs)).numpy()
    # SciPy's entropy of the same probabilities, as a second opinion.
    assert abs(scipy.stats.entropy(probabilities) - a.entropy().item()) < 1e-12
    out.append(wrapped(f"({array(p)}, {array(q)}, {array(logs)}, {number(a.entropy().item())}, {number(kl_divergence(a, b).item())}),"))
out.append("  ]\n")

out.append("  /// `RelaxedCategorical`: logits, temperature, the logarithms of a point of the simplex, the density of these logarithms.")
out.append("  /// torch.distributions, ExpRelaxedCategorical.")
out.append("  static let relaxed: [(logits: [Float], temperature: Float, point: [Float], logDensity: Double)] = [")
for k, t in [(2, 1.0), (3, 0.5), (5, 0.1), (17, 2.0)]:
    logits = single(random.normal(0, 1, k))
    point = single(torch.log_softmax(torch.tensor(random.normal(0, 2, k)), 0).tolist())
    t = single([t])[0]
    value = ExpRelaxedCategorical(torch.tensor(t), logits=torch.tensor(logits)).log_prob(torch.tensor(point)).item()
    out.append(wrapped(f"({array(logits)}, {number(t)}, {array(point)}, {number(value)}),"))
out.append("  ]\n")

out.append("  /// `DiagonalGaussian`: mean, ln σ, those of another, a point, ln p of it (scipy.stats.norm), entropy and KL(first ‖ second) (torch.distributions).")
out.append("  static let gaussian:")
out.append("    [(mean: [Float], logDeviation: [Float], otherMean: [Float], other: [Float], x: [Float], logProbability: Double, entropy: Double, divergence: Double)] =")
out.append("    [")
for d, s in [(1, 1.0), (2, 0.3), (3, 2.0), (17, 1.0), (2, 0.001)]:
    m, n = single(random.normal(0, 2, d)), single(random.normal(0, 2, d))
    l, o = single(random.normal(0, s, d)), single(random.normal(0, s, d))
    if s == 0.001:
        n, o = single(numpy.array(m) + 1e-3), single(numpy.array(l) + 2e-3)
    x = single(numpy.array(m) + numpy.exp(l) * random.normal(0, 1, d))
    a = Independent(Normal(torch.tensor(m), torch.exp(torch.tensor(l))), 1)
    b = Independent(Normal(torch.tensor(n), torch.exp(torch.tensor(o))), 1)
    logs = scipy.stats.norm.logpdf(x, m, numpy.exp(l)).sum()
    assert abs(logs - a.log_prob(torch.tensor(x)).item()) < 1e-10
    out.append(wrapped(f"({array(m)}, {array(l)}, {array(n)}, {array(o)}, {array(x)}, {number(logs)}, {number(a.entropy().item())}, {number(kl_divergence(a, b).item())}),"))
out.append("    ]\n")

out.append("  /// `SquashedGaussian` of one component: μ, ln σ, the range, u, ln p(a) at a = c + h tanh u. mpmath; where |u| ≤ 3 torch.distributions agrees.")
out.append("  static let squashed: [(mean: Float, logDeviation: Float, low: Float, high: Float, u: Float, logProbability: Double)] = [")
for m, l, low, high, u in [
    (0, 0, -1, 1, 0), (0.5, -1, -1, 1, 0.25), (-1, 0.5, 0, 2, -2.5), (1, -0.5, -3, 5, 1e-3), (2, -1, -1, 1, 3), (0, 2, -1, 1, 9), (0, 2, -1, 1, -9),
    (5, 1, -1, 1, 20), (-5, 1, 0, 1, -20), (20, -20, -1, 1, 20),
]:
    m, l, low, high, u = single([m, l, low, high, u])
    z = (mpmath.mpf(u) - m) / mpmath.exp(mpmath.mpf(l))
    value = -z * z / 2 - l - mpmath.log(2 * mpmath.pi) / 2 - mpmath.log((mpmath.mpf(high) - low) / 2 * (1 - mpmath.tanh(mpmath.mpf(u)) ** 2))
    if abs(u) <= 3:
        half, centre = (high - low) / 2, (high + low) / 2
        d = TransformedDistribution(Normal(m, math.exp(l)), [TanhTransform(), AffineTransform(centre, half)])
        assert abs(d.log_prob(torch.tensor(centre + half * math.tanh(u))).item() - float(value)) < 1e-9
    out.append(f"    ({m!r}, {l!r}, {low!r}, {high!r}, {u!r}, {float(value)!r}),")
out.append("  ]")
out.append("}")
print("\n".join(out))
