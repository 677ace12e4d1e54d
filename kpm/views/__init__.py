"""Pages of the cadres' work. A view checks access and loads, calls one action or figure, renders."""
