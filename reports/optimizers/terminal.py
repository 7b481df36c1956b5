"""Who ranks where, as a table for the terminal."""

from collections import Counter

from rich import box
from rich.console import Console
from rich.table import Table

from .content import StudyContent


def print_summary(content: dict, console: Console) -> None:
    """Print the comparison of the largest budget, and what a reader must know."""
    study, lost = StudyContent.of(content), withheld(content)
    table = Table(box=box.SIMPLE, show_edge=False, padding=(0, 1))
    for title in ("optimizer", "rank", "profile score", "targets met"):
        table.add_column(title, no_wrap=True)
    for name in study.order:
        rank, score = study.at(name, "ranks"), study.at(name, "profile_score")
        table.add_row(
            name,
            f"{rank['first']} ({rank['low']} to {rank['high']})"
            f"{'*' if lost[name] else ''}",
            f"{score[0]:.2f} ({score[1]:.2f} to {score[2]:.2f})",
            f"{study.at(name, 'reach_rate')[0]:.0%}",
        )
    console.print(table)
    runs = study["training_runs"]
    console.print(
        f"{runs['total']:,} training runs ({runs['trained']:,} of them now) on"
        f" {len(study.problems)} problems; profiles of gradients to {study.goal_words},"
        f" best of {study.budget} trials, {study['settings']['seeds']} fresh seeds."
    )
    console.print(f"May be the best: {', '.join(study.best_group)}.")
    if lost:
        console.print("* This place rests on searches that failed their own check.")
    if study["seconds_measured"]["noisy"]:
        reasons = " ".join(study["seconds_measured"]["reasons"])
        console.print(f"No place by seconds is given. {reasons}")
    for warning in study["warnings"]:
        console.print(warning)


def withheld(content: dict) -> Counter:
    """{optimizer: on how many problems its largest search failed its own check}."""
    return Counter(
        result["optimizer"]
        for result in content["results"]
        if result["budgets"][-1]["withheld"]
    )
