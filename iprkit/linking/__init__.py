"""From a time map to what it means: pauses, comments on the session's clock, moments."""
