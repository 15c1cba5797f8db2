"""Tables and documents for papers, made of values."""
