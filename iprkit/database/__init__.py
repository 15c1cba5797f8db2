"""The study's database: what is stored, how it is opened, asked, changed and undone."""

from iprkit.database import models, recall_models

__all__ = ["models", "recall_models"]  # whoever opens a study knows all of its tables
