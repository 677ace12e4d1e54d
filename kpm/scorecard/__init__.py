"""The convergence scorecard of a village: who has had which service in a quarter. Pure; knows no Django."""
