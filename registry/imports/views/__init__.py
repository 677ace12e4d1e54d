"""The pages of a file: hand it in, say what it leaves open, look at what it would do, take it in or back."""
