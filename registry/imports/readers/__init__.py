"""One module for each kind of file, without Django: the process that reads hostile files imports them.

``kinds`` tells from the bytes which kind a file is, ``encodings`` what its text is written in. ``delimited``,
``html_tables``, ``excel_2003`` and ``workbooks`` read one kind each; ``merged`` says a merged cell again in
the rows it covers, and ``limits`` holds how much of anything is read.
"""
