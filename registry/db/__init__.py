"""Helpers for many rows at once: batches and bulk inserts."""
