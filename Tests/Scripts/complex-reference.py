"""Writes Tests/TensorTests/Complex/ComplexReference.swift to standard output.

Matrices come from NumPy's default_rng; products, factors and log-determinants are NumPy's, inverses and pseudo-inverses are computed with
60 digits by mpmath from the doubles as they are and then rounded.
"""

import mpmath
import numpy as np

SEED = 20210
mpmath.mp.dps = 60
rng = np.random.default_rng(SEED)


def normal(*shape):
    return (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)) / np.sqrt(2)


def with_condition(rows, columns, condition):
    """A matrix whose singular values fall geometrically from 1 to 1 / condition."""
    u, _, v = np.linalg.svd(normal(rows, columns), full_matrices=False)
    n = min(rows, columns)
    return (u * condition ** (-np.arange(n) / (n - 1))) @ v


def hermitian(a):
    return (a + a.conj().T) / 2


def exact(a):
    return mpmath.matrix([[mpmath.mpc(z.real, z.imag) for z in row] for row in a])


def rounded(a):
    return np.array([[complex(a[i, j]) for j in range(a.cols)] for i in range(a.rows)])


def pseudo_inverse(a, loading=0):
    b = exact(a)
    h = b.H
    n = min(a.shape)
    eye = mpmath.eye(n) * mpmath.mpf(loading)
    return rounded(h * (b * h + eye) ** -1 if a.shape[0] <= a.shape[1] else (h * b + eye) ** -1 * h)


def literal(name, comment, a):
    numbers = [f"{x!r}" for z in np.asarray(a).ravel() for x in (float(z.real), float(z.imag))]
    print(f"\n  /// {comment}\n  static let {name}: [Double] = [")
    line = "   "
    for number in numbers:
        if len(line) + len(number) + 2 > 145:
            print(line)
            line = "   "
        line += f" {number},"
    print(line + "\n  ]")


a, b = normal(3, 4), normal(4, 2)
wide, tall = normal(4, 8), normal(8, 4)
wide_hard, tall_hard = with_condition(3, 6, 1e6), with_condition(6, 3, 1e6)
half = normal(5, 8)
positive = hermitian(half @ half.conj().T)
q = np.linalg.qr(normal(5, 5))[0]
positive_hard = hermitian((q * 1e6 ** (-np.arange(5) / 4)) @ q.conj().T)

print(f"""/// Complex matrices with what NumPy and mpmath make of them, in row-major order, real before imaginary part.
///
/// Made by Tests/Scripts/complex-reference.py: numpy {np.__version__}, default_rng({SEED}), mpmath {mpmath.__version__} with {mpmath.mp.dps} digits.
enum ComplexReference {{""", end="")
literal("left", "`[3, 4]`", a)
literal("right", "`[4, 2]`", b)
literal("product", "left right, numpy `@`. `[3, 2]`", a @ b)
literal("rowGram", "left leftᴴ, numpy `@`. `[3, 3]`", a @ a.conj().T)
literal("columnGram", "leftᴴ left, numpy `@`. `[4, 4]`", a.conj().T @ a)
literal("columnNorms", "numpy.linalg.norm(left, axis=0), imaginary parts zero. `[4]`", np.linalg.norm(a, axis=0))
literal("rowNorms", "numpy.linalg.norm(left, axis=1), imaginary parts zero. `[3]`", np.linalg.norm(a, axis=1))
for name, m in (("wide", wide), ("tall", tall), ("wideHard", wide_hard), ("tallHard", tall_hard)):
    literal(name, f"Condition {np.linalg.cond(m):.4g}. `{list(m.shape)}`", m)
    literal(name + "PseudoInverse", f"Of `{name}`, mpmath. `{list(m.T.shape)}`", pseudo_inverse(m))
    assert np.allclose(np.linalg.pinv(m), pseudo_inverse(m), rtol=1e-7)
literal("wideLoaded", "wideᴴ (wide wideᴴ + 0.5)⁻¹, mpmath. `[8, 4]`", pseudo_inverse(wide, 0.5))
for name, m in (("positive", positive), ("positiveHard", positive_hard)):
    literal(name, f"Hermitian, condition {np.linalg.cond(m):.4g}. `[5, 5]`", m)
    literal(name + "Factor", f"numpy.linalg.cholesky({name}). `[5, 5]`", np.linalg.cholesky(m))
    literal(name + "Inverse", f"Of `{name}`, mpmath. `[5, 5]`", rounded(exact(m) ** -1))
    literal(name + "LogDeterminant", f"numpy.linalg.slogdet({name})[1], imaginary part zero.", [np.linalg.slogdet(m)[1]])
print("}")
