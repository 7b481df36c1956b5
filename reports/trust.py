"""How often the verdicts themselves err, by simulations whose truth is known."""

from . import words


def trust(figures):
    """Sentences for the index; none of no figures.

    figures: counts of simulated studies, as `bench.studies.error_rates` stores them.
    """
    if not figures:
        return []
    helped, studies = figures["helped"], figures["studies"]
    cover = figures["coverage"]
    return [
        f"The judging was tried on {studies} simulated studies in which no fix does"
        f" anything: {_share(helped, studies)} found one that helps. Their"
        f" {figures['trainings']:,} networks are small, and really trained; rates and"
        " doses were chosen, and fixes judged, as on the pages.",
        f"Had the doses been judged on the seeds that chose them,"
        f" {_share(figures['unfair'], studies)} would have.",
        f"Of the 95 % intervals of these fixes {_held(cover['nothing'])} hold the"
        f" truth; of a fix of known effect {_held(cover['something'])}. On splits of"
        f" one data set they are wider on purpose: {_held(cover['splits'])}.",
    ]


def _share(count, total):
    return f"{count} ({words.number(100 * count / total)} %)"


def _held(counts):
    held, total = counts
    return f"{words.number(100 * held / total)} % of {total:,}"
