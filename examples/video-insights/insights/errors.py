class InsightsError(Exception):
    """Something that a person can mend; its text says what and how."""
