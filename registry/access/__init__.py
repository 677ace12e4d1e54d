"""Who may see and write what. Outside the user's area nothing exists: 404."""
