"""Files of the field in: read, matched and judged by the same actions as the forms.

``workflow`` says how a file goes from step to step. ``commit`` is the way of its rows from top to bottom:
``readers`` turn bytes into rows (in a process with limits), ``tables`` find the header and what each row
means, ``matching`` finds its village and child, ``plan`` says what would happen, in a ``report``. ``answers``
are what users have answered, ``review`` what they have seen, ``tasks`` what the worker does.
``registry.actions`` writes.
"""
