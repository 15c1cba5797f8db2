"""Measures that anyone can rerun; every figure in the documentation comes from here."""
