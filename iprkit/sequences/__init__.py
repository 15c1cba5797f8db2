"""What follows what, and what falls together, against chance."""
