"""The workbench's server: all that a study offers, to a browser on the same machine or, on request, on others."""
