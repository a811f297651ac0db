"""Which versions of which distributions does a project pin?"""
