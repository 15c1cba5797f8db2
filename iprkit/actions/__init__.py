"""Everything a person can do with a study, one file per noun; the only door for the command line and the workbench."""
