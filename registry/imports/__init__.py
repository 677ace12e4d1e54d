"""Spreadsheets of the field in and out; in, they are judged by the same actions as the forms.

``read`` turns bytes into rows, by ``formats`` in a process with limits; ``tables`` finds the header and says
what each row and cell means, ``matching`` finds the village and child of a row, ``plan`` says what would
happen, ``take_in`` writes it, ``uploads`` keeps the file in between, ``background`` is what the worker does.
``out`` writes files; ``scoring`` is for anybody's CSV and knows no database.
"""
