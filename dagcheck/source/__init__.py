"""What is written? Files, their text, and the facts that one text gives by itself."""
