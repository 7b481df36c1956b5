"""Remedies, one file each or one small family a file: `FIXES: tuple[Fix, ...]`."""
