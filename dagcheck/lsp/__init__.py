"""What does an editor want to know? The language server: the only door of pygls and lsprotocol."""
