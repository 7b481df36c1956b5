"""What was measured of a trouble that was found, in one sentence."""

from collections.abc import Callable

import numpy as np

from ...statistics.detectors import Component, Detection
from ...statistics.logged import LoggedCurves


def evidence(key: str, found: Detection, curves: LoggedCurves) -> str:
    """The numbers that a verdict rests on, in words; "" for a trouble without them."""
    say = _SENTENCES.get(key)
    return say(found.components, curves) if say else ""


def _divergence(signs: tuple[Component, ...], curves: LoggedCurves) -> str:
    for name, said in (("train_loss", "training"), ("val_loss", "validation")):
        series = curves.of(name)
        if series is not None and not np.isfinite(series.late()).all():
            broken = ~np.isfinite(series.y)
            place = series.x[int(np.flatnonzero(broken)[0])]
            return f"The {said} loss is not finite at {curves.unit} {place:g}."
    grown = [s.value for s in signs if s.name.endswith(" first loss") and s.value]
    if not grown:
        return "The gradient is not finite at the end."
    return f"At the end the loss is {_times(grown[-1])} its first value."


def _oscillation(signs: tuple[Component, ...], curves: LoggedCurves) -> str:
    sizes = ", and ".join(
        f"the {sign.name.removeprefix('jumps of the ')} changes by"
        f" {_number(sign.value)} %"
        for sign in signs
    )
    return f"Beside its trend {sizes}."


def _overfitting(signs: tuple[Component, ...], curves: LoggedCurves) -> str:
    gap, rise, *_ = (sign.value for sign in signs)
    best, val = "", curves.of("val_loss")
    if val is not None:
        place = val.finite.x[int(np.argmin(val.finite.y))]
        best = f", at {curves.unit} {place:g}"
    return (
        f"At the end the validation loss is {_times(None if gap is None else 1 + gap)}"
        f" the training loss, and {_number(rise)} % above its lowest value{best}."
    )


def _underfitting(signs: tuple[Component, ...], curves: LoggedCurves) -> str:
    fall, high, gap, *accuracy = (sign.value for sign in signs)
    right = f", with {_number(accuracy[0])} % of rows right" if accuracy else ""
    return (
        f"The training loss ends at {_times(high)} its first value{right}, and falls by"
        f" {_number(fall)} % in a tenth of the training; the validation loss is"
        f" {_times(None if gap is None else 1 + gap)} as high."
    )


def _slow_training(signs: tuple[Component, ...], curves: LoggedCurves) -> str:
    fall, crawl, high, steady, *_ = signs
    loss = fall.name.removeprefix("fall of the ").removesuffix(" in a tenth")
    if fall.fires or (crawl.fires and high.fires):
        return f"In the last tenth the {loss} still falls by {_number(fall.value)} %."
    return (
        f"At the end the {loss} still falls at {_times(steady.value)} its mean rate,"
        f" by {_number(fall.value)} % in a tenth of the training."
    )


_SENTENCES: dict[str, Callable[[tuple[Component, ...], LoggedCurves], str]] = {
    "divergence": _divergence,
    "oscillation": _oscillation,
    "overfitting": _overfitting,
    "underfitting": _underfitting,
    "slow_training": _slow_training,
}


def _number(value: float | None) -> str:
    return "an unknown number" if value is None else f"{value:.3g}"


def _times(value: float | None) -> str:
    return "many times" if value is None else f"{value:.3g} times"
