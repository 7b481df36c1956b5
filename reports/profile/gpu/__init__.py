"""The section on CPU against GPU: its sentences, tables and pictures."""
