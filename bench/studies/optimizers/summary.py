"""Who ranks where, as a table for the terminal."""

from collections import Counter

from rich import box
from rich.console import Console
from rich.table import Table


def print_summary(content: dict, console: Console) -> None:
    """Print the comparison of the largest budget, and what a reader must know."""
    names = [optimizer["name"] for optimizer in content["optimizers"]]
    last, lost = main_comparison(content), withheld(content)
    table = Table(box=box.SIMPLE, show_edge=False, padding=(0, 1))
    for title in ("optimizer", "rank", "profile score", "targets met"):
        table.add_column(title, no_wrap=True)
    for index in in_order(last):
        rank, score = last["ranks"][index], last["profile_score"][index]
        table.add_row(
            names[index],
            f"{rank['first']} ({rank['low']} to {rank['high']})"
            f"{'*' if lost[names[index]] else ''}",
            f"{score[0]:.2f} ({score[1]:.2f} to {score[2]:.2f})",
            f"{last['reach_rate'][index][0]:.0%}",
        )
    console.print(table)
    runs = content["training_runs"]
    console.print(
        f"{runs['total']:,} training runs ({runs['trained']:,} of them now) on"
        f" {len(content['problems'])} problems; profiles of gradients to the"
        f" {'easy ' if last['target'] == 'easy' else ''}target,"
        f" best of {last['budget']} trials, {content['settings']['seeds']} fresh seeds."
    )
    console.print(f"May be the best: {', '.join(names[i] for i in best(last))}.")
    if lost:
        console.print("* This place rests on searches that failed their own check.")
    if content["seconds_measured"]["noisy"]:
        reasons = " ".join(content["seconds_measured"]["reasons"])
        console.print(f"No place by seconds is given. {reasons}")
    for warning in content["warnings"]:
        console.print(warning)


def main_comparison(content: dict) -> dict:
    """The comparison to show first."""
    main = content["main"]
    return next(
        c for c in content["comparisons"] if all(c[k] == v for k, v in main.items())
    )


def withheld(content: dict) -> Counter:
    """{optimizer: on how many problems its largest search failed its own check}."""
    return Counter(
        result["optimizer"]
        for result in content["results"]
        if result["budgets"][-1]["withheld"]
    )


def best(comparison: dict) -> list[int]:
    """The numbers of the optimizers that may be the best, by rank."""
    return [i for i in in_order(comparison) if i in comparison["best_group"]]


def in_order(comparison: dict) -> list[int]:
    """The optimizers' numbers by rank; equal ones by their score's upper bound."""
    ranks, scores = comparison["ranks"], comparison["profile_score"]
    return sorted(
        range(len(ranks)), key=lambda i: (ranks[i]["first"], -(scores[i][2] or 0.0))
    )
