"""The steps by which an older study becomes a study of today, numbered in the order in which they were written."""
