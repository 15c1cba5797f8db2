"""The study's database: what is stored, how it is opened, asked, changed and undone."""
