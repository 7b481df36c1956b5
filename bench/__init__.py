"""The hub: runs trials, measures, stores, judges statistically, and draws the pages.

`commands` parse and call one study; `studies` call `execution` (trial to record),
`measurement` (time, memory, machine) and `statistics` (effects, verdicts, detectors).
"""
