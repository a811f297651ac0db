"""What would mend or rename things, in texts whose formatting stays? The only door of libcst."""
