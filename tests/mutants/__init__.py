"""Small mistakes in the code, one at a time: which of them no test notices.

`make mutants` takes a sample; `survivors.yaml` keeps what survived, with a word on each.
"""
