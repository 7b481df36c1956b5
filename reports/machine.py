"""Facts about the machine and the moment of a measurement, in words."""

from datetime import datetime

from . import words


def facts(machine):
    """[(name, text)] of what is known; anything unknown is left out."""
    cores, memory = machine.get("cores"), machine.get("memory_bytes")
    lines = {
        "Processor": machine.get("cpu"),
        "Cores in use": str(cores) if cores else None,
        "Memory": words.size(memory) if memory else None,
        "System": machine.get("platform"),
        "Python": machine.get("python"),
        "Numba": machine.get("numba"),
        "NumPy": machine.get("numpy"),
        "Linear algebra": machine.get("blas"),
    }
    return [(name, text) for name, text in lines.items() if text]


def merged(machines):
    """Each different machine once: its facts, and the signs of noise of its runs.

    noisy: None where nothing was timed.
    """
    found = {}
    for machine in machines:
        known = facts(machine)
        entry = found.setdefault(
            tuple(known), {"facts": known, "noisy": None, "reasons": []}
        )
        if machine["noisy"] is not None:
            entry["noisy"] = machine["noisy"] or bool(entry["noisy"])
        entry["reasons"] += machine["noise_reasons"]
    for entry in found.values():
        entry["reasons"] = list(dict.fromkeys(entry["reasons"]))
    return list(found.values())


def withheld(fixes):
    """Is no time of theirs compared, though some were taken?"""
    known = [fix["seconds"] for fix in fixes if fix["seconds"]["median"] is not None]
    return bool(known) and not any(cost.get("interval", True) for cost in known)


def noise_told(fixes, machine):
    """What noise of the host does to the times, empty where it does nothing."""
    why = " ".join(machine["noise_reasons"]) or "The host was too busy."
    again = "With --force they are taken again."
    if withheld(fixes):
        compared = "No prices in time are compared here"
        return f"{compared}, because the host was noisy. {why} {again}"
    factor = machine.get("noise_factor")  # earlier versions compared no times then
    timed = any(fix["seconds"]["median"] is not None for fix in fixes)
    if not (timed and machine["noisy"] and factor):
        return ""
    return (
        f"The host was noisy. {why} So the ends of the intervals of times lie a factor"
        f" of {words.number(factor)} further out, and no fix has a place by its time."
        f" {again}"
    )


def moment(created):
    """An ISO time as a reader says it; what is no ISO time is left as it is."""
    try:
        time = datetime.fromisoformat(created)
    except (TypeError, ValueError):
        return created or ""
    return f"{time.day} {time:%B %Y, %H:%M} UTC"
