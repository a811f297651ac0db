"""Which modules belong together, under which configuration, and who uses them?"""
