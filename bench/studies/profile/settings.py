"""How thorough a profile is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProfileSettings:
    """threads: of all that is measured; samples: of each timing, over all processes;
    processes: fresh ones a comparison is spread over; seed: of data and starts.
    """

    threads: int
    quick: bool
    samples: int
    processes: int
    seed: int
