"""The study's database: what is stored, how it is opened, asked, changed and undone."""

from iprkit.database import codebook_models, coding_models, models, recall_models

__all__ = ["codebook_models", "coding_models", "models", "recall_models"]  # who opens a study knows all its tables
