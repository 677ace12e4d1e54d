"""Signing in and out, passwords, and what a signed-in browser may keep."""
