"""Run the reference libraries and store where their parameters went.

`python -m gradclinic.bench.studies.parity.make [MODULE ...]` remakes the trajectories
of these modules of references, or of all. Needs `pip install 'gradclinic[peers]'`.
"""

import sys
from importlib.metadata import version

from ...progress import progress_bar
from .problems import problems
from .references import MODULES, REFERENCES
from .stored import at_steps, write


def make(module, progress):
    """Run and store all references of a module; returns the file's path."""
    arrays, references = {}, REFERENCES[module]
    for done, reference in enumerate(references):
        progress(done, len(references), f"{reference.source}, {reference.label}")
        for name in reference.problems:
            trajectory = reference.steps(problems()[name])
            arrays[reference.key(name)] = at_steps(trajectory)
    libraries = ("numpy", *MODULES[module].LIBRARIES)
    versions = {library: version(library) for library in libraries}
    return write(module, references, versions, arrays)


def main(names):
    """Make the modules of these names, or all that hold references."""
    for name in names or [name for name, rows in REFERENCES.items() if rows]:
        with progress_bar(name) as progress:
            path = make(name, progress)
        print(f"{path} ({path.stat().st_size / 1e3:.0f} kB)")


if __name__ == "__main__":
    main(sys.argv[1:])
