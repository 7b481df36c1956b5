"""What a check says."""

from dataclasses import dataclass

from ..noise import HostNoise


@dataclass(frozen=True)
class Check:
    """One subject looked at.

    verdict: `ok`, `warn` (slower or riskier than it need be) or `fail` (gradclinic
    cannot work). found: sentences. next_step: what to type or do, empty if nothing.
    """

    name: str
    verdict: str
    found: str
    next_step: str = ""


def quiet(noise: HostNoise) -> Check:
    """Judge the noise watched during the other checks."""
    if not noise.noisy:
        return Check("quiet host", "ok", "Nothing else disturbs timings now.")
    found = " ".join(noise.reasons) + " Timings will scatter."
    return Check("quiet host", "warn", found, "Stop other programs, or time it later.")
