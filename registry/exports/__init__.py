"""Files out: the layouts of the field (e-PPGBM, both Sigizi templates, WHO Anthro, ENA) and tables of pages.

``export_data`` checks, writes and logs a layout: ``queries`` reads the register row by row; ``eppgbm``,
``sigizi`` and ``anthro`` hold the columns. ``page_table`` is the shape of a table, ``file_writers`` writes
it as CSV, XLSX and XLS, ``response`` answers ``?format=``, ``middleware`` logs files with names.
"""
