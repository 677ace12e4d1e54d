"""Cells of the field's files as values: texts, words, numbers, dates and names of columns. Pure Python."""
