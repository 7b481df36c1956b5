"""What a measurement of a GPU says, in sentences made from nothing but its numbers."""

from datetime import date

from ... import words

HOW = "bench/gpu.sh gpu.json"
IMPORT = "gradclinic profile --import gpu.json"


def origin(gpu):
    """Which GPU and CPU, and when: one sentence."""
    on = gpu["measured_on"]
    return (
        f"{on['gpu']} beside {on['cpu']} with {words.count(on['cores'], 'thread')},"
        f" measured on {day(on['date'])}."
    )


def day(text):
    """An ISO date as a reader says it; what is none is left as it is."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{found.day} {found:%B %Y}"


def short(gpu):
    """The GPU and the date, to mark pictures and tables of another machine."""
    on = gpu["measured_on"]
    return f"{on['gpu']}, {day(on['date'])}"


def notices(gpu):
    """[(title, text)] of what a reader must know before any number."""
    found, on = [], gpu["measured_on"]
    if gpu.get("imported"):
        text = (
            f"The GPU of this section, {on['gpu']}, is not in this machine. It and the"
            f" CPU beside it ({on['cpu']}) were measured on {on['machine']} on"
            f" {day(on['date'])}; what is set against the CPU of this machine says so."
        )
        found.append(("Measured on another machine.", text))
    if on["simulated"]:
        text = "No GPU was there: Numba simulated one, and its times mean nothing."
        found.append(("Simulated.", text))
    if gpu["quick"]:
        text = "Few samples were taken; where they are too few there is no verdict."
        found.append(("Quick look.", text))
    return found


def outcome(gpu):
    """On how many sizes the GPU is faster: one sentence."""
    verdicts = [(row["ratios"]["gpu step"] or {}).get("verdict") for row in gpu["rows"]]
    total = len([row for row in gpu["rows"] if row["ratios"]["gpu step"]])
    if not total:
        return "No network was measured on both."
    faster, slower = verdicts.count("faster"), verdicts.count("slower")
    said = (
        f"A training step is faster on the GPU at {faster or 'none'} of"
        f" {words.count(total, 'size')} and slower at {slower or 'none'}"
    )
    if undecided := verdicts.count("no difference shown"):
        said += f"; at {undecided} no difference was shown"
    if unjudged := total - faster - slower - undecided:
        said += f"; {unjudged} had too few samples to say"
    return f"{said}."


def answers(crossings):
    """[(batch, from which width on the GPU is faster)]."""
    return [
        (f"Batch {crossing['batch']:,}", _answer(crossing, "width {}"))
        for crossing in crossings
    ]


def population_answer(population):
    """From how many networks on the GPU trains a population faster."""
    return _answer(population["crossing"], "{} networks")


def _answer(crossing, said):
    """said: a size in words, with {} in place of its number."""
    answer, low, high = (crossing[key] for key in ("answer", "low", "high"))
    if answer == "unknown":
        return "not measured on both."
    first, last = (f"{size:,}" for size in crossing["sizes"])
    if answer == "crosses":
        start = whole(low) if low else f"below {first}"
        end = whole(high) if high else f"above {last}"
        at = said.format(whole(crossing["at"]))
        ends = f"95 % interval {start} to {end}"
        if not crossing["interval"]:
            ends = "too few samples for an interval"
        return f"the GPU is faster from {at} on ({ends})."
    if answer == "always":
        found = f"the GPU is faster already at {said.format(first)}, the least measured"
        end = f"as high as {whole(high)}" if high else f"above {last}"
    else:
        found = f"the GPU is not faster at {said.format(last)}, the most measured"
        end = f"as low as {whole(low)}" if low else f"below {first}"
    if crossing["sure"]:
        return f"{found}."
    if not crossing["interval"]:
        return f"{found}; there were too few samples to be sure."
    return f"{found}; within noise its limit may lie {end}."


def whole(size):
    """A size as a whole number: 1,797."""
    return f"{round(size):,}"


def break_even(found):
    """After how many trainings the GPU's compilation is paid for, in words."""
    if found is None:
        return words.MISSING
    if found["runs"] is None:
        return "never"
    return "the first" if found["runs"] == 1 else f"run {found['runs']:,}"
