"""How long a whole training takes until its loss has halved."""

from .whole_training import epochs_to, whole

RATE, SHARE, SAMPLES = 1e-3, 0.5, 3


def to_target(point) -> dict:
    """`steps_to_target` and `to_target` of a grid's `Point`.

    Both None where the loss does not halve within `most_epochs`, or where the CPU's
    trainings would take too long.
    """
    settings, nothing = point.settings, {"steps_to_target": None, "to_target": None}
    samples = min(SAMPLES, settings.samples)
    longest = (samples + 1) * settings.most_epochs * point.expected(settings.threads)
    if longest > point.allowed or point.part.spent:
        return nothing
    history, _ = whole(point.work, settings.most_epochs, RATE)
    epochs = epochs_to(history.train_loss, SHARE)
    if epochs is None:
        return nothing
    name = "cpu all threads"
    answer = point.rows[name].ask("whole", name, epochs, RATE, samples)
    if "seconds" not in answer:
        return nothing
    on_gpu = [whole(point.work, epochs, RATE)[1] for _ in range(samples)]
    return {
        "steps_to_target": epochs * point.steps,
        "to_target": {name: answer["seconds"], "gpu": on_gpu},
    }
