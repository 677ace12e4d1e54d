"""Whom a row is about: its village and its child, as the register knows or as people have decided."""
