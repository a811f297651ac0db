"""What fits where? Annotations as values, and Hamilton's verdict on an edge."""
