"""Function modifiers, one file per family; each a function from nodes to nodes."""
