"""A synthetic Cilacap: invented children whose growth, and so whose true stunting rate, is known.

``invented_names`` and ``people`` invent the children, ``child_growth`` lets them grow and has them measured,
``arrival`` says when that was entered, and ``district`` puts it together: pure, the same for one seed.
``load``, ``cadres`` and ``signins`` write the result into the register through its actions.
"""
