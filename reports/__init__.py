"""Records in, pictures and pages out: offline HTML for a reader who knows training."""

from .compare import write_compare_page
from .detectors import write_detectors_page
from .diagnose import write_diagnose_page
from .history import write_history_page
from .logged_curves import write_curves_page
from .optimizers import write_optimizer_pages
from .pages import write_index, write_scenario_page
from .profile import write_profile_page
from .published import write_published_page

__all__ = [
    "write_compare_page",
    "write_curves_page",
    "write_detectors_page",
    "write_diagnose_page",
    "write_history_page",
    "write_index",
    "write_optimizer_pages",
    "write_profile_page",
    "write_published_page",
    "write_scenario_page",
]
