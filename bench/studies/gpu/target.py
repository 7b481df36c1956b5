"""How long a whole training takes until its loss has halved."""

from .processes import seconds_of
from .whole_training import epochs_to, whole

RATE, SHARE = 1e-3, 0.5
CPU = "cpu all threads"


def to_target(point) -> dict:
    """`steps_to_target` and `to_target` of a grid's `Point`; as many samples as others.

    Both None where the loss does not halve within `most_epochs`, or where the CPU's
    trainings would take too long.
    """
    nothing = {"steps_to_target": None, "to_target": None}
    if point.part.spent or _too_long(point, 1):
        return nothing
    history, _ = whole(point.work, point.settings.most_epochs, RATE)
    epochs = epochs_to(history.train_loss, SHARE)
    if epochs is None or _too_long(point, epochs):
        return nothing
    seconds = _in_turns(point, epochs)
    if not seconds[CPU]:
        return nothing
    return {"steps_to_target": epochs * point.steps, "to_target": seconds}


def _too_long(point, epochs: int) -> bool:
    """Would the CPU's trainings take more than a row may?"""
    settings = point.settings
    return settings.samples * epochs * point.expected(settings.threads) > point.allowed


def _in_turns(point, epochs: int) -> dict[str, list[float]]:
    """Seconds of trainings on the CPU and on the GPU, a pair a turn."""
    found = {CPU: [], "gpu": []}
    for k in range(point.settings.samples):
        if k and point.part.spent:
            break
        answer = point.rows[CPU].ask("whole", CPU, epochs, RATE)
        found[CPU] += seconds_of(answer)
        found["gpu"].append(whole(point.work, epochs, RATE)[1])
    return found
