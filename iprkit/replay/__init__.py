"""Where the session was being played in a recall interview, found by sound alone: what both recordings look like to
a comparison that minds neither room nor loudspeaker, where they agree, and which course of playback explains it."""
