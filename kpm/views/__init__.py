"""Pages of the cadres' work. A view loads through the access door, calls one action or figure, renders."""
