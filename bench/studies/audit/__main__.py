"""List the headlines of a folder that do not follow from its stored runs.

`python -m gradclinic.bench.studies.audit [DIR]`. Exit codes: 0 all follow, 1 some do
not, 4 there is nothing to audit.
"""

import sys
from pathlib import Path

from ...typed import OUT
from .detectors import audit_detectors
from .study import audit_study
from .suite import audit_suite


def main(arguments: list[str]) -> int:
    """Print a line for every claim that the stored runs do not bear; its exit code."""
    folder = Path(arguments[0]) if arguments else OUT
    audits = {
        "runs.sqlite": audit_suite,
        "optimizers.sqlite": audit_study,
        "detectors.sqlite": audit_detectors,
    }
    there = [audit for name, audit in audits.items() if (folder / name).is_file()]
    if not there:
        how = f"run gradclinic run --out {folder}"
        print(f"There are no stored runs in {folder}: {how}", file=sys.stderr)
        return 4
    findings = [line for audit in there for line in audit(folder)]
    for line in findings:
        print(line)
    ending = "claims do not follow from the stored runs."
    print(f"{len(findings)} {ending}", file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
