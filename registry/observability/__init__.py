"""What the register tells of itself: whether its worker runs, a line a request, counts. Nothing of people."""
