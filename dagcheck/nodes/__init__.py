"""Which nodes does this function make?"""
