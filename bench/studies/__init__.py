"""Studies: a question, the runs it needs, and the answer as plain data."""
