"""What coders say of moments: codings, their targets and their anchors."""
