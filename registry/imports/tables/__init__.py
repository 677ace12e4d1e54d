"""The table of a file: where it begins, what each column, row and cell of it means. No database."""
