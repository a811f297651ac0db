"""dagcheck: a static analyser for Apache Hamilton dataflows."""
