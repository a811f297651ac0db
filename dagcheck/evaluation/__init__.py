"""What is this expression worth? A total, bounded interpreter that knows no Hamilton name."""
