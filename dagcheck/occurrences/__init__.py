"""Where is a node's name written? Every place, as data: definition, rename, completion and fixes stand on it."""
