"""Who was shown to be better than whom."""

from .content import StudyContent


def winners_over(study: StudyContent, name: str) -> list[str]:
    """Names that an optimizer was shown to be better than, by rank."""
    row = study.main["improvement"]["better"][study.indices[name]]
    return [n for n in study.order if row[study.indices[n]]]


def losers_to(study: StudyContent, name: str) -> list[str]:
    """Names that were shown to be better than an optimizer, by rank."""
    return [n for n in study.order if name in winners_over(study, n)]
