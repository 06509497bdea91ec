"""Why a file is not read: one clear line."""


class Refused(ValueError):
    """A file, member or page that is not read, and why; the run goes on with the others."""
