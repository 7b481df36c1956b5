"""Troubles on purpose: a module here that defines `TROUBLE` is one."""
