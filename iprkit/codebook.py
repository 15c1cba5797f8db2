"""Codebooks: categories with definitions, scales and units, in a versioned, ordered tree."""
