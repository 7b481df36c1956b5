"""Files, arrays and frames of a user's become a `UserTable`."""

from .columns import Column
from .files import Rows, read_rows
from .given import rows_of
from .user_table import UserTable, user_table

__all__ = ["Column", "Rows", "UserTable", "read_rows", "rows_of", "user_table"]
