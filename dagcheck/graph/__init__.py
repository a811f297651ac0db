"""How do the nodes hang together?"""
