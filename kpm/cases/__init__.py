"""Cases: a child that needs somebody, from the finding that opens one to what closes it."""
