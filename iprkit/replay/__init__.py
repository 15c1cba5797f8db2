"""Where the session is being played in a recall interview: found by sound alone."""
