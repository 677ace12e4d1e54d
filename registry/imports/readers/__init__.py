"""One module for each kind of file, without Django: the process that reads hostile files imports them.

``file_kinds`` tells from the bytes which kind a file is and what its text is written in. ``delimited``,
``html_tables``, ``excel_2003`` and ``workbooks`` read one kind each. ``merged_cells`` repeats a merged cell
in the rows it covers, and ``reading_limits`` holds how much of anything is read.
"""
