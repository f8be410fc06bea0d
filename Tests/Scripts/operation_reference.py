#!/usr/bin/env python3
"""Writes Tests/TensorTests/Resources/operations.json: what PyTorch gives for the operations of the tape.

    python3 Tests/Scripts/operation_reference.py Tests/TensorTests/Resources/operations.json

`cases` hold operands, the result y, the gradient of sum w y with respect to each operand for the given weights w, and the product of the
Hessian of sum w (y + y^2 / 2) with the given directions, all in double precision on one CPU thread, to eight digits. Operands are exact in
single precision; each case draws them from a generator of its own. `specials` hold values of functions at the ends of single precision:
`double` is the result in double precision to nine digits, `single` lists the places where PyTorch's result in single precision is
infinite, zero or not a number although `double` rounded is not, or the other way round, with that result; `operandShape` is the shape of
the operands, which are those of the entry before where they are left out. The file names the versions that made it.
"""

import json
import platform
import sys
import zlib

import numpy as np
import torch
import torch.nn.functional as F

SEED = 20240611
INF = float("inf")
NAN = float("nan")
cases = []
specials = []


# Numbers


def generator(name):
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


class Draw:
    """Distinct magnitudes in steps of 1/16, smaller ones if needed; every second operand lies half a step beside the grid."""

    def __init__(self, *shape, low=0.2, high=2.5, signs=True):
        self.shape, self.low, self.high, self.signs = shape, low, high, signs

    def numbers(self, random, parity):
        count = int(np.prod(self.shape))
        step = 16
        while int(self.high * step) - int(self.low * step) < count:
            step *= 2
        grid = (np.arange(int(self.low * step), int(self.high * step)) + 0.5 * parity) / step
        x = random.choice(grid, size=count, replace=False)
        if self.signs:
            x = x * random.choice([-1.0, 1.0], size=x.shape)
        return x.reshape(self.shape)


def positive(*shape, low=0.4, high=2.5):
    return Draw(*shape, low=low, high=high, signs=False)


def show(x, digits=8):
    """The shortest decimal of at most so many digits; what JSON cannot say stands as a string."""
    if x != x:
        return '"nan"'
    if x in (INF, -INF):
        return '"inf"' if x > 0 else '"-inf"'
    if x == 0:
        return "-0.0" if np.signbit(x) else "0"
    text = f"{x:.{digits}g}"
    return text.replace("e-0", "e-").replace("e+", "e")


def numbers(x, digits=8):
    return "[" + ",".join(show(float(v), digits) for v in np.asarray(x).reshape(-1)) + "]"


def extents(shape):
    return json.dumps(list(shape), separators=(",", ":"))


# Cases


def case(name, function, *operands, gradient=True, hessian=True):
    random = generator(name)
    x = []
    for i, operand in enumerate(operands):
        if isinstance(operand, Draw):
            operand = operand.numbers(random, i % 2)
        operand = np.asarray(operand, dtype=np.float64)
        assert np.array_equal(operand.astype(np.float32).astype(np.float64), operand, equal_nan=True), name
        x.append(torch.tensor(operand, requires_grad=True))
    y = function(*x)
    fields = [
        f'"name":{json.dumps(name)}',
        '"operands":[' + ",".join(f'{{"shape":{extents(v.shape)},"values":{numbers(v.detach(), 9)}}}' for v in x) + "]",
        f'"shape":{extents(y.shape)}',
        f'"values":{numbers(y.detach().double())}',
    ]
    if gradient:
        w = torch.tensor(random.integers(1, 7, tuple(y.shape)) / 4 * random.choice([-1.0, 1.0], tuple(y.shape)), dtype=torch.float64)
        fields.append(f'"weights":{numbers(w)}')
        first = gradients((w * y).sum(), x)
        fields.append('"gradients":[' + ",".join(numbers(g.detach()) for g in first) + "]")
        if hessian:
            direction = [torch.tensor(random.integers(-4, 5, tuple(v.shape)) / 4, dtype=torch.float64) for v in x]
            first = gradients((w * (y + y * y / 2)).sum(), x)
            slope = sum((g * d).sum() for g, d in zip(first, direction))
            second = gradients(slope, x)
            fields.append('"directions":[' + ",".join(numbers(d) for d in direction) + "]")
            fields.append('"hessians":[' + ",".join(numbers(h.detach()) for h in second) + "]")
    assert name not in [c[0] for c in cases], name
    cases.append((name, "{" + ",".join(fields) + "}"))


def gradients(loss, x):
    if not loss.requires_grad:
        return [torch.zeros_like(v) for v in x]
    result = torch.autograd.grad(loss, x, create_graph=True, allow_unused=True)
    return [torch.zeros_like(v) if g is None else g for g, v in zip(result, x)]


UNARY = {
    "negate": torch.neg,
    "exp": torch.exp,
    "expMinusOne": torch.expm1,
    "sin": torch.sin,
    "cos": torch.cos,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "squared": torch.square,
    "magnitude": torch.abs,
    "relu": F.relu,
    "leakyRelu": F.leaky_relu,
    "leakyRelu 0.125": lambda x: F.leaky_relu(x, 0.125),
    "elu": F.elu,
    "elu 0.5": lambda x: F.elu(x, 0.5),
    "gelu": F.gelu,
    "normalCDF": torch.special.ndtr,
    "reciprocal": torch.reciprocal,
    "clamped": lambda x: torch.clamp(x, -0.75, 1.25),
}
OF_POSITIVE = {"log": torch.log, "squareRoot": torch.sqrt}
BINARY = {
    "add": torch.add,
    "subtract": torch.sub,
    "multiply": torch.mul,
    "divide": torch.div,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
}
KINKS = ["relu", "leakyRelu", "leakyRelu 0.125", "elu", "elu 0.5", "magnitude"]
FAR = ["tanh", "sigmoid", "softplus", "elu", "elu 0.5", "gelu", "normalCDF", "relu", "leakyRelu"]


def elementwise():
    for name, function in UNARY.items():
        case(name, function, Draw(3, 6))
    for name, function in OF_POSITIVE.items():
        case(name, function, positive(3, 6))
    case("logOnePlus", torch.log1p, Draw(3, 7, low=0.05, high=0.9))
    for name in KINKS:
        case(f"{name} at 0", UNARY[name], [-1.5, -0.0, 0.0, 1.5])
    for name in FAR:
        case(f"{name} far out", UNARY[name], [-100, -40, -20, -12, -6, 6, 12, 18, 40, 100])
    for name in list(UNARY) + ["logOnePlus"]:
        function = UNARY.get(name, torch.log1p)
        case(f"{name} at infinity", function, [-INF, -1e10, 1e10, INF] if name in UNARY else [-1, 1e10, INF], hessian=False)
    for name, function in [*OF_POSITIVE.items(), ("reciprocal", torch.reciprocal)]:
        case(f"{name} beside infinity", function, [0.0, 2.0**-60, 1, INF], hessian=False)
    case("divide by 0", torch.div, [1.0, -1, 0, INF], [0.0, 0, 0, 0], hessian=False)
    case("divide by infinity", torch.div, [1.0, -1, 0, INF], [INF, -INF, INF, INF], hessian=False)
    case("maximum of infinities", torch.maximum, [INF, -INF, INF, 1], [-INF, 1, 1e10, INF], hessian=False)
    case("minimum of infinities", torch.minimum, [INF, -INF, INF, 1], [-INF, 1, 1e10, INF], hessian=False)
    case("expMinusOne near 0", torch.expm1, [-(2.0**-30), -(2.0**-10), 0, 2.0**-10, 2.0**-30])
    case("logOnePlus near 0", torch.log1p, [-(2.0**-30), -(2.0**-10), 0, 2.0**-10, 2.0**-30, 1e6])
    case("sin of large arguments", torch.sin, [-1e6, -355, 22, 1000, 123456])
    case("cos of large arguments", torch.cos, [-1e6, -355, 11, 1000, 123456])
    case("clamped on the bounds", UNARY["clamped"], [-0.75, 1.25, -1, 0, 2])
    case("x + 0.75", lambda x: x + 0.75, Draw(5))
    case("0.75 + x", lambda x: 0.75 + x, Draw(5))
    case("x - 0.75", lambda x: x - 0.75, Draw(5))
    case("0.75 - x", lambda x: 0.75 - x, Draw(5))
    case("x * 0.75", lambda x: x * 0.75, Draw(5))
    case("0.75 * x", lambda x: 0.75 * x, Draw(5))
    case("x / 0.75", lambda x: x / 0.75, Draw(5))
    case("0.75 / x", lambda x: 0.75 / x, Draw(5))
    for name, function in BINARY.items():
        case(name, function, Draw(4, 5), Draw(4, 5))
    case("maximum at ties", torch.maximum, [1, 2, 3, 0.0], [1, 2, 1, -0.0])
    case("minimum at ties", torch.minimum, [1, 2, 3, 0.0], [1, 2, 1, -0.0])
    case("x * x", lambda x: x * x, Draw(5))
    case("x / x", lambda x: x / x, Draw(5))
    case("greater", lambda a, b: (a > b).double(), [1, 2, 3, -1], [1, 3, 2, -2])
    case("less", lambda a, b: (a < b).double(), [1, 2, 3, -1], [1, 3, 2, -2])
    case("equal", lambda a, b: (a == b).double(), [1, 2, 3, -1], [1, 3, 3, -2])
    case("choosing", lambda a, b, c: torch.where(c > 1, a.exp(), b * c), Draw(3, 4), Draw(3, 4), positive(3, 4))
    case("choosing with a broadcast mask", lambda a, b, c: torch.where(c > 1, a, b), Draw(3, 4), Draw(4), [[2.0], [0.5], [3.0]])
    case("choosing a number", lambda a: torch.where(a > 1, a * a, torch.tensor(0.5, dtype=torch.float64)), Draw(3, 4))
    case("choosing beside infinity", lambda a: torch.where(a > 0, a, torch.tensor(0.0, dtype=torch.float64)), [1, -INF, 2, -1], hessian=False)
    case("stopped", lambda x: x.detach() * x, Draw(5))
    case("replacingValue", lambda x, v: x + (v - x).detach(), Draw(5), Draw(5))


def powers():
    case("power", torch.pow, positive(4, 5), Draw(4, 5))
    for exponent in [2.5, 0.5, -1.5]:
        case(f"power {exponent}", lambda x: torch.pow(x, exponent), positive(5))
    for exponent in [0, 1, 2, 3, -1, -2]:
        case(f"power {exponent}", lambda x: torch.pow(x, float(exponent)), Draw(6))
    for exponent in [0, 1, 2, 3]:
        case(f"power {exponent} at 0", lambda x: torch.pow(x, float(exponent)), [0.0, 1.5, -2])
    case("power 1.5 at 0", lambda x: torch.pow(x, 1.5), [0.0, 2.25], hessian=False)
    case("power 0.5 at 0", lambda x: torch.pow(x, 0.5), [0.0, 2.25], hessian=False)
    # PyTorch's second derivatives are NaN here.
    case("power 2 at infinity", lambda x: torch.pow(x, 2.0), [-INF, INF, 1e10], hessian=False)
    case("power of 0", torch.pow, [0.0, 0, 0, 0, 0], [1, 2, 3, 2.5, 4], hessian=False)
    case("power 0 of 0", torch.pow, [0.0], [0.0], hessian=False)
    case("power 0 of a variable", torch.pow, [1.5, 0.5], [0.0, 0.0])
    case("power of negative numbers", torch.pow, [-1.5, -2, -0.5, -1.25], [2, 3, -1, 0], hessian=False)


BROADCASTS = [
    ([3, 4], [4]),
    ([4], [3, 4]),
    ([3, 1], [3, 4]),
    ([3, 1], [1, 4]),
    ([], [2, 3]),
    ([2, 3], [1, 1]),
    ([2, 3, 4], [1, 3, 1]),
    ([2, 1, 4], [3, 1]),
    ([4], [2, 2, 1]),
    ([2, 1, 2, 3], [1, 3, 1, 3]),
    ([2, 2, 2, 2], [2]),
]


def broadcasts():
    for i, (first, second) in enumerate(BROADCASTS):
        for j, name in enumerate(["add", "multiply", "divide", "subtract", "maximum", "minimum", "power"]):
            if name == "multiply" or i % 4 == j % 4:
                function = torch.pow if name == "power" else BINARY[name]
                case(f"{name} {first} {second}", function, positive(*first), Draw(*second))


SHAPES = [[5], [3, 5], [2, 2, 3], [2, 3, 1, 2]]
REDUCTIONS = {
    "sum": lambda x, axis, keep: x.sum(axis, keepdim=keep),
    "mean": lambda x, axis, keep: x.mean(axis, keepdim=keep),
    "variance 0": lambda x, axis, keep: x.var(axis, correction=0, keepdim=keep),
    "variance 1": lambda x, axis, keep: x.var(axis, correction=1, keepdim=keep),
    "norm one": lambda x, axis, keep: torch.linalg.vector_norm(x, 1, axis, keepdim=keep),
    "norm two": lambda x, axis, keep: torch.linalg.vector_norm(x, 2, axis, keepdim=keep),
    "norm infinity": lambda x, axis, keep: torch.linalg.vector_norm(x, INF, axis, keepdim=keep),
    "max": lambda x, axis, keep: x.max(axis, keepdim=keep).values,
    "min": lambda x, axis, keep: x.min(axis, keepdim=keep).values,
    "logSumExp": lambda x, axis, keep: torch.logsumexp(x, axis, keepdim=keep),
    "softmax": lambda x, axis, keep: torch.softmax(x, axis),
    "logSoftmax": lambda x, axis, keep: torch.log_softmax(x, axis),
}
PLACES = {"argmax": torch.argmax, "argmin": torch.argmin}


def reductions():
    for name, function in REDUCTIONS.items():
        for shape in SHAPES:
            for axis in range(len(shape)):
                # Divided by one less than one, a variance is not a number.
                derivatives = name != "variance 1" or shape[axis] > 1
                case(f"{name} along {axis} of {shape}", lambda x: function(x, axis, False), Draw(*shape), gradient=derivatives)
        if "oftmax" not in name:
            case(f"{name} along 1 of [2, 3, 4], kept", lambda x: function(x, 1, True), Draw(2, 3, 4))
        if name in ("sum", "max", "softmax", "norm two"):
            case(f"{name} along -2 of [2, 3, 4]", lambda x: function(x, -2, False), Draw(2, 3, 4))
        if "og" not in name and "oft" not in name:
            case(f"{name} of all", lambda x: function(x.reshape(-1), 0, False), Draw(2, 3, 3))
    for name, function in PLACES.items():
        for shape in SHAPES:
            for axis in range(len(shape)):
                case(f"{name} along {axis} of {shape}", lambda x: function(x, axis).double(), Draw(*shape), gradient=False)
        case(f"{name} at ties", lambda x: function(x, 1).double(), [[1, 3, 3, 1], [2, 2, 2, 2]], gradient=False)
        case(f"{name} with NaN", lambda x: function(x, 1).double(), [[1, NAN, 3, NAN], [INF, -INF, 0, NAN]], gradient=False)
    case("oneHotOfLargest", lambda x: F.one_hot(x.argmax(-1), 5).double(), Draw(3, 5))

    ties = [[1, 3, 3, -2], [2, 2, 2, 2]]
    for name in ["max", "min"]:
        case(f"{name} along 1 at ties", lambda x: REDUCTIONS[name](x, 1, False), ties)
        case(f"{name} along 1 at ties, shared", lambda x: getattr(torch, "a" + name)(x, 1), ties)
        case(f"{name} of all at ties", lambda x: getattr(torch, name)(x), ties)
    case("norm infinity at ties", lambda x: REDUCTIONS["norm infinity"](x, 1, False), [[1, -3, 3, 1], [2, 2, -2, -2]])
    zeros = [[0, 0, 0], [0, -3, 4]]
    for name in ["norm one", "norm two", "norm infinity"]:
        case(f"{name} at 0", lambda x: REDUCTIONS[name](x, 1, False), zeros, hessian=name != "norm two")
    case("norm two beside 0", lambda x: REDUCTIONS["norm two"](x, 1, False), [[0, -3, 4], [1, 0, 0]])
    for name in ["norm one", "norm two", "norm infinity", "sum", "max"]:
        case(f"{name} of infinities", lambda x: REDUCTIONS[name](x, 1, False), [[INF, 1], [-INF, 2], [-INF, -1]], hessian=False)
    case("variance of equals", lambda x: x.var(1, correction=1), [[2, 2, 2], [1, 2, 3]])

    infinite = [[-INF, 0.5, 1], [0.25, -INF, -INF], [1.5, 0.5, 1]]
    for name in ["softmax", "logSoftmax", "logSumExp"]:
        large = [[1000, 1001, 1002], [-1000, -1001, -1000.5], [-1000, 0, 1000], [1e30, 0, -1e30]]
        large = np.float32(large).astype(np.float64)
        # A weight on a result of minus infinity makes the square of that result the loss.
        second = name != "logSoftmax"
        case(f"{name} along 1 with -inf", lambda x: REDUCTIONS[name](x, 1, False), infinite, hessian=second)
        case(f"{name} along 0 with -inf", lambda x: REDUCTIONS[name](x, 0, False), np.transpose(infinite), hessian=second)
        case(f"{name} along 1 of large numbers", lambda x: REDUCTIONS[name](x, 1, False), large, hessian=name == "softmax")
        case(f"{name} along 0 of large numbers", lambda x: REDUCTIONS[name](x, 0, False), np.transpose(large), hessian=name == "softmax")
    case("logSumExp of -inf only", lambda x: torch.logsumexp(x, 1), [[-INF, -INF], [0.5, 1]], hessian=False)
    case("logSumExp with inf", lambda x: torch.logsumexp(x, 1), [[INF, 0.5], [0.5, 1]], hessian=False)


def products():
    def turned(x, yes):
        return x.transpose(-1, -2) if yes else x

    def draw(*shape):
        return Draw(*shape, low=0.1, high=1.5)

    for ta in [False, True]:
        for tb in [False, True]:
            suffix = (" T" if ta else "") + (" by T" if tb else "")

            def product(a, b):
                return turned(a, ta) @ turned(b, tb)

            a, b = ([2, 3] if ta else [3, 2]), ([4, 2] if tb else [2, 4])
            case("matmul" + suffix, product, draw(*a), draw(*b))
            case("matmul batched" + suffix, product, draw(2, *a), draw(2, *b))
            case("matmul with one right matrix" + suffix, product, draw(2, *a), draw(*b))
            case("matmul of rank 4" + suffix, product, draw(2, 2, *a), draw(2, 2, *b))
            case("matmul of rank 4 with one right matrix" + suffix, product, draw(2, 2, *a), draw(*b))
    activations = {"linear": lambda x: x, "relu": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
    activations |= {"softplus": F.softplus, "elu": F.elu, "gelu": F.gelu}
    for name, act in activations.items():
        case(f"product {name}", lambda x, w, s: act(x @ w + s), draw(3, 4), draw(4, 2), draw(2))
    for width in [5, 21]:
        case(f"standardized {width}", lambda x: F.layer_norm(x, [x.shape[-1]], eps=0.125), draw(3, width))
    case("product transposed", lambda x, w, s: torch.tanh(x @ w.T + s), draw(3, 4), draw(2, 4), draw(2))
    case("product with a whole start", lambda x, w, s: torch.sigmoid(x @ w + s), draw(3, 4), draw(4, 2), draw(3, 2))
    case("product batched with starts", lambda x, w, s: torch.tanh(x @ w + s[:, None]), draw(2, 3, 4), draw(2, 4, 2), draw(2, 2))
    case("product batched with one start", lambda x, w, s: torch.tanh(x @ w + s), draw(2, 3, 4), draw(2, 4, 2), draw(2))
    case("product of one row", lambda x, w, s: torch.tanh(x @ w + s), draw(1, 4), draw(4, 3), draw(3))
    case("product of a variable with itself", lambda x: x @ x.T, draw(3, 4))


def rearrangements():
    x = Draw(2, 3, 4)
    case("reshaped", lambda x: x.reshape(4, 6) * x.exp().reshape(4, 6), x)
    case("expanded", lambda x: x[:, None] * x[None], Draw(2, 3))
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [0, 1, 3, 2], [2, 3, 0, 1], [1, 0, 2, 3], [0, 3, 1, 2]]:
        case(f"transposed {order}", lambda x: x.permute(order), Draw(2, 3, 2, 2))
    case("transposed [2, 0, 1]", lambda x: x.permute(2, 0, 1), x)
    case("transposed", lambda x: x.mT, x)
    for first, second in [([4], [3, 4]), ([3, 1], [3, 4]), ([], [2, 2]), ([2, 1, 3], [2, 4, 3]), ([1, 3, 1], [2, 3, 2]), ([2, 1], [3, 2, 2])]:
        case(f"broadcast {first} to {second}", lambda x: x.broadcast_to(second), Draw(*first))
    indices = torch.tensor([1, 0, 1, 1])
    for axis, extent in enumerate([2, 3, 4]):
        case(f"slice along {axis}", lambda x: x.narrow(axis, 1, extent - 1), x)
        padding = [0, 0] * (2 - axis) + [2, 1]
        case(f"padded along {axis}", lambda x: F.pad(x, padding), x)
        case(f"concatenate along {axis}", lambda a, b: torch.cat([a, b, a], axis), Draw(2, 2, 2), Draw(*[1 if i == axis else 2 for i in range(3)]))
        case(f"gathering along {axis}", lambda x: x.index_select(axis, indices), x)
        shape = [1 if i == axis else n for i, n in enumerate([2, 3, 4])]
        places = torch.arange(np.prod(shape)).reshape(shape) * 5 % extent
        case(f"selecting along {axis}", lambda x: torch.gather(x, axis, places), x)
    for axis in range(3):
        case(f"stack along {axis}", lambda a, b: torch.stack([a, b, a * 2], axis), Draw(2, 3), Draw(2, 3))
    case("columns", lambda x: x[..., 1:3], Draw(3, 4))
    case("gathering all but one", lambda x: x.index_select(0, torch.tensor([2, 0])), Draw(3, 2))
    case("oneHot", lambda x: x * F.one_hot(torch.tensor([2, 0, 1]), 3), Draw(3, 3))

    choices = [[2, 0], [-1, 1], [1, 2], [0, 0]]

    def rows(table, start):
        return torch.stack([sum((table[g * 3 + c] for g, c in enumerate(row) if c >= 0), start) for row in choices])

    case("sumOfRows", lambda table: rows(table, torch.zeros(5, dtype=torch.float64)), Draw(6, 5))
    case("sumOfRows plus a start", rows, Draw(6, 5), Draw(5))


def losses():
    case("meanSquaredError", F.mse_loss, Draw(3, 4), Draw(3, 4))
    for delta in [1.0, 0.5]:
        case(f"huber {delta}", lambda a, b: F.huber_loss(a, b, reduction="none", delta=delta), Draw(4, 3), Draw(4, 3))
        kinks = [delta, -delta, 0, 0.25, -0.25, delta + 1, -delta - 1]
        case(f"huber {delta} at the kinks", lambda a, b: F.huber_loss(a, b, reduction="none", delta=delta), kinks, [0.0] * 7)
        far = [INF, -INF, 1e10, -1e10]
        case(f"huber {delta} at infinity", lambda a, b: F.huber_loss(a, b, reduction="none", delta=delta), far, [0.0] * 4, hessian=False)
    targets = torch.tensor([4, 0, 2])
    case("crossEntropy", lambda x: F.cross_entropy(x, targets, reduction="none")[:, None], Draw(3, 5))
    extreme = [[0, 50, 0, 0, 100], [200, 0, -200, 0, 0], [-100, 0, 100, 0, 0]]
    case("crossEntropy of certain rows", lambda x: F.cross_entropy(x, targets, reduction="none")[:, None], extreme)


# Ends of single precision

TINY = float(np.finfo(np.float32).smallest_subnormal)
LEAST = float(np.finfo(np.float32).tiny)
LARGEST = float(np.finfo(np.float32).max)
MAGNITUDES = [0.0, TINY, 1e-40, LEAST, 1e-30, 1e-10, 1e-4, 0.5, 1, 2, 5, 9, 13, 17, 40, 87, 88.7, 88.8, 103, 104, 150, 4096, 1e10, 1e30, LARGEST, INF]
PAIRED = [0.0, TINY, 0.5, 1, 2, 3, LARGEST, INF]


def single(x):
    return np.float32(x).astype(np.float64)


def both_signs(x):
    return single([s * v for v in x for s in (1, -1)] + [NAN])


def kind(x):
    """What must be equal at the ends: NaN, an infinity or a zero with its sign, or a finite number."""
    return "nan" if x != x else (x, bool(np.signbit(x))) if x == 0 or x in (INF, -INF) else "finite"


def special(name, function, *operands, shape):
    """Values only, in both precisions."""
    operands = [np.asarray(v, dtype=np.float64).reshape(shape) for v in operands]
    double = function(*[torch.tensor(v) for v in operands]).double().numpy()
    low = function(*[torch.tensor(v, dtype=torch.float32) for v in operands]).double().numpy()
    with np.errstate(over="ignore"):
        rounded = single(double)
    marks = []
    for i, (s, d) in enumerate(zip(low.reshape(-1), rounded.reshape(-1))):
        if kind(s) != kind(d):
            marks.append(f"[{i},{show(float(s), 9)}]")
    fields = [
        f'"name":{json.dumps(name)}',
        '"operands":[' + ",".join(numbers(v, 9) for v in operands) + "]",
        f'"shape":{extents(double.shape)}',
        f'"double":{numbers(double, 9)}',
        '"single":[' + ",".join(marks) + "]",
    ]
    specials.append((name, fields, list(shape)))


def ends():
    x = both_signs(MAGNITUDES)
    functions = {**UNARY, **OF_POSITIVE, "logOnePlus": torch.log1p}
    functions.update({"power 2": lambda x: torch.pow(x, 2.0), "power -1": lambda x: torch.pow(x, -1.0), "power 0.5": lambda x: torch.pow(x, 0.5)})
    functions.update({"power 0": lambda x: torch.pow(x, 0.0), "power 3": lambda x: torch.pow(x, 3.0)})
    functions.update({"0.75 - x": lambda x: 0.75 - x, "x * 0.75": lambda x: x * 0.75, "0.75 / x": lambda x: 0.75 / x})
    for name, function in functions.items():
        special(name, function, x, shape=x.shape)
    v = both_signs(PAIRED)
    a, b = (m.reshape(-1) for m in np.meshgrid(v, v, indexing="ij"))
    pairs = {**BINARY, "power": torch.pow}
    pairs.update({"greater": lambda a, b: (a > b).to(a.dtype), "less": lambda a, b: (a < b).to(a.dtype), "equal": lambda a, b: (a == b).to(a.dtype)})
    pairs["choosing"] = lambda a, b: torch.where(a > b, a, b)
    for name, function in pairs.items():
        special(name, function, a, b, shape=a.shape)
    rows = [
        [-INF, 0, 1],
        [INF, 0, 1],
        [INF, -INF, 0],
        [INF, INF, 0],
        [-INF, -INF, -INF],
        [NAN, 0, 1],
        [0, 1, NAN],
        [NAN, INF, -INF],
        [LARGEST, -LARGEST, 0],
        [LARGEST, LARGEST, LARGEST],
        [-LARGEST, -LARGEST, -LARGEST],
        [1e30, 1e30, -1e30],
        [100, 0, -100],
        [0, -90, -104],
        [TINY, -TINY, 0],
        [0.0, -0.0, -0.0],
        [-0.0, -0.0, -0.0],
        [1e-25, 1e-25, 0],
        [2.0**-66, 0, -0.0],
    ]
    rows = single(rows)
    for name, function in REDUCTIONS.items():
        special(f"{name} along 1", lambda x: function(x, 1, False), rows, shape=rows.shape)
        special(f"{name} along 0", lambda x: function(x, 0, False), rows.T, shape=rows.T.shape)


def write(path):
    # Operands that follow each other are written once.
    lines, seen = [], None
    for name, fields, shape in specials:
        if fields[1] != seen:
            seen = fields[1]
        else:
            fields = [fields[0]] + fields[2:]
        lines.append("{" + ",".join(fields + [f'"operandShape":{extents(shape)}']) + "}")
    origin = (
        f"PyTorch {torch.__version__}, NumPy {np.__version__}, Python {platform.python_version()}, seed {SEED},"
        " by Tests/Scripts/operation_reference.py"
    )
    with open(path, "w") as file:
        file.write('{"origin":' + json.dumps(origin) + ',\n"cases":[\n' + ",\n".join(c[1] for c in cases))
        file.write('\n],\n"specials":[\n' + ",\n".join(lines) + "\n]}\n")


torch.set_num_threads(1)
for part in [elementwise, powers, broadcasts, reductions, products, rearrangements, losses, ends]:
    part()
write(sys.argv[1])
print(f"{len(cases)} cases, {len(specials)} special cases", file=sys.stderr)
