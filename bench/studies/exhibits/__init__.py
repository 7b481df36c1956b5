"""Extra tables and plots of a scenario's page; one file each, discovered here.

Each module holds `exhibit(evidence) -> (tables, plots)`: lists of dicts in the form of
the page's `tables` and `plots`, empty where the exhibit does not apply.
"""

from importlib import import_module
from pkgutil import iter_modules

_EXHIBITS = [
    import_module(f".{info.name}", __package__).exhibit
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
]


def exhibits(evidence):
    """(tables, plots) of every exhibit that applies to a scenario."""
    tables, plots = [], []
    for exhibit in _EXHIBITS:
        more_tables, more_plots = exhibit(evidence)
        tables += more_tables
        plots += more_plots
    return tables, plots
