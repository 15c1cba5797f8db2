"""The shapes of what the server takes and answers: the data contract, so said that a browser can rely on it."""
