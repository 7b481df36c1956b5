"""What values a number may take: an interval, its ends in it or not."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """Numbers from low to high; above, below: without that end. whole: no fractions."""

    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    below: bool = False
    whole: bool = False

    def __contains__(self, number):
        """Is the number inside? One that is not whole may be, whatever `whole` says."""
        if (self.above and number == self.low) or (self.below and number == self.high):
            return False
        return self.low <= number <= self.high

    def words(self, number):
        """What a number must be that is not: `between 0 and 1, but not 1`."""
        if self == SWITCH:
            return "0 or 1"
        if self.whole:  # the other end may be too far away to be of interest
            low, high = f"at least {self.low:,}", f"at most {self.high:,}"
            return low if number < self.low else high
        low, high = f"{self.low:g}", f"{self.high:g}"
        if self.high == math.inf:
            return f"above {low}" if self.above else f"at least {low}"
        if self.low == -math.inf:
            return f"below {high}" if self.below else f"at most {high}"
        ends = [end for end, out in ((low, self.above), (high, self.below)) if out]
        words = f"between {low} and {high}"
        return f"{words}, but not {' or '.join(ends)}" if ends else words


ANY, SWITCH = Bounds(), Bounds(0, 1, whole=True)
NONNEGATIVE, POSITIVE = Bounds(0), Bounds(0, above=True)
UNIT, BELOW_ONE = Bounds(0, 1), Bounds(0, 1, below=True)
SHARE = Bounds(0, 1, above=True)
# Counts go as far as float64 tells whole numbers apart.
COUNT, FROM_ZERO = Bounds(1, 2**53, whole=True), Bounds(0, 2**53, whole=True)

# What hyper-parameters of these names may be in every optimizer of ours that does not
# say otherwise. A rate beta of 1 divides by zero where a mean is corrected for its
# start, or never takes in a gradient.
USUAL = {
    **dict.fromkeys(("lr", "eps", "eps_root", "weight_decay"), NONNEGATIVE),
    **dict.fromkeys(("beta1", "beta2", "beta3", "alpha"), BELOW_ONE),
    **dict.fromkeys(("momentum", "dampening", "rho"), UNIT),
    **dict.fromkeys(("nesterov", "maximize", "decoupled_weight_decay"), SWITCH),
}
