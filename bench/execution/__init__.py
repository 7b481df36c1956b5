"""From a trial to a stored record: training, schedule, guarded child, store."""
