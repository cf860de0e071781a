"""The demonstration: a synthetic collection whose results are the published ones.

Works backwards from published figures to values that an observer could have recorded, and
from those to files as collectors leave them. It knows the registers, the contract of raw/
and its own description of the formulas; of the code that computes scores it knows nothing.
"""
