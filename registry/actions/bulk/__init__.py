"""Recording, correcting and moving many children and measurements at once."""
