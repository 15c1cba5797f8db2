"""How far coders agree: every statistic with its parts, or the reason why it is undefined."""
