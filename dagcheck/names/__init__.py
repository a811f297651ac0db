"""What does an identifier mean? Modules, import roots, environments, classes."""
