"""Spreadsheets of the field in: read by content, matched, judged by the same actions as the forms.

``read`` turns bytes into rows, ``layout`` finds the header, ``cells``, ``numbers`` and ``dates`` say what a
cell means, ``rows`` makes one row of it, ``match`` finds its village and child, ``plan`` decides what would
happen, ``take_in`` writes it, ``uploads`` keeps the file in between. ``scoring`` is for anybody's CSV and
knows no database.
"""
