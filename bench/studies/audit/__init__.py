"""Do the headlines of a folder follow from its runs?

`python -m gradclinic.bench.studies.audit DIR` lists those that do not.

Every headline is computed again from the stored runs alone, by pandas and scipy and
none of the statistics that made it.
"""
