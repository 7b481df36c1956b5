"""Records in, pictures and pages out: offline HTML for a reader who knows training."""

from .pages import write_index, write_scenario_page
from .profile import write_profile_page

__all__ = ["write_index", "write_profile_page", "write_scenario_page"]
