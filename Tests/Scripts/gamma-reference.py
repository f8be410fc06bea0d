"""Reference values for the incomplete gamma function and for the map from Rayleigh to Nakagami fading.

Prints the tables of IncompleteGammaTests.swift and NakagamiMapTests.swift. Needs mpmath (made with 1.3.0).
"""

from mpmath import mp, mpf, gammainc, findroot, exp, log, nstr

mp.dps = 60


def regularised():
    for a in ("0.5", "1", "2.5", "20", "300", "10000"):
        for factor in ("0.01", "0.5", "0.97", "1.1", "3"):
            a_, x = mpf(a), mpf(a) * mpf(factor)
            lower = gammainc(a_, 0, x, regularized=True)
            upper = gammainc(a_, x, mp.inf, regularized=True)
            if lower > mpf("1e-290") and upper > mpf("1e-290"):
                print(f"    {a}, {nstr(x, 17)}, {nstr(lower, 17)}, {nstr(upper, 17)},")


def quantiles():
    """The g with Q(m, m g) = exp(-e)."""
    for m in ("0.5", "0.75", "1", "2.5", "20", "300", "10000"):
        guess = None
        for e in ("1e-7", "1e-4", "0.01", "0.3", "0.69", "1", "2.5", "8", "16", "40"):
            m_, e_ = mpf(m), mpf(e)
            low, high = mpf(-60), mpf(6)
            for _ in range(200):
                middle = (low + high) / 2
                y = m_ * exp(middle)
                if e_ < 0.5:
                    above = gammainc(m_, 0, y, regularized=True) > -mp.expm1(-e_)
                else:
                    above = gammainc(m_, y, mp.inf, regularized=True) < exp(-e_)
                low, high = (low, middle) if above else (middle, high)
            print(f"    {m}, {e}, {nstr(exp(low), 17)},")


print("regularised: a, x, P(a, x), Q(a, x)")
regularised()
print("quantiles: m, e, g")
quantiles()
