"""Rules of other tools: a module here that defines `RULES` holds those of one."""
