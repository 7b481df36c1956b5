"""Every optimizer against the libraries that have it, in float64.

`references/` declares with what each is compared, `make` runs the libraries and stores
where their parameters went, `certificate` compares ours with what is stored.
"""
