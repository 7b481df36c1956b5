"""The README's table of ratios, from the stored result of `gradclinic profile --peers`.

`python -m gradclinic.bench.studies.profile.readme` writes it between its markers, run
in the root of the repository.
"""

import json
from pathlib import Path

BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
RESULT = Path("bench/results/cpu-peers.json")


def table(content: dict) -> str:
    """Markdown of all cases and peers; rows that lose like rows that win."""
    labels = {peer["name"]: peer["label"] for peer in content["peers"]}
    facts, settings = content["machine"], content["settings"]
    lines = [
        *_busy(content["noise"]),
        f"{facts['cpu']}, {settings['threads']} threads, float32, Adam; microseconds a"
        " step (or for all predictions), and how many times longer than ours, with the"
        " 95 % interval:",
        "",
        "| network | against | theirs, us | ours, us | ratio | verdict |",
        "|---|---|---|---|---|---|",
    ]
    for case in content["cases"]:
        ours = f"{1e6 * case['ours']['seconds']:,.1f}"
        for row in case["rows"]:
            name = labels[row["peer"]]
            if row["status"] != "ok":
                lines.append(
                    f"| {case['label']} | {name} | | {ours} | | {row['reason']} |"
                )
                continue
            interval = f"{row['ratio_low']:.2f} to {row['ratio_high']:.2f}"
            lines.append(
                f"| {case['label']} | {name} | {1e6 * row['seconds']:,.1f} | {ours} |"
                f" {row['ratio']:.2f} ({interval}) | {_verdict(row['verdict'])} |"
            )
    return "\n".join(lines)


def _busy(noise: dict) -> list[str]:
    """A line that says that the host was busy, where it was."""
    if not noise["noisy"]:
        return []
    return [
        f"The host was busy while it was measured. {' '.join(noise['reasons'])}",
        "",
    ]


def _verdict(verdict: str) -> str:
    words = {"faster": "we are faster", "slower": "**we are slower**"}
    return words.get(verdict, verdict)


def with_table(readme: str, content: dict) -> str:
    """The README with the table of a result between its markers."""
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table(content)}\n{END}{after}"


if __name__ == "__main__":
    readme = Path("README.md")
    text = with_table(
        readme.read_text(encoding="utf-8"),
        json.loads(RESULT.read_text(encoding="utf-8")),
    )
    readme.write_text(text, encoding="utf-8")
