"""The one exception for what a user can mend: its message is one clear sentence."""


class GovIndexError(Exception):
    """Bad input or a refused step, said in one sentence: where, what was expected, what to do."""
