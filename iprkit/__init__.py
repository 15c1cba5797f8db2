"""iprkit: Interpersonal Process Recall studies on one clock, in one study database."""

__version__ = "0.1.0"
