"""A synthetic Cilacap: invented children whose growth, and so whose true stunting rate, is known.

``names`` and ``people`` invent the children, ``growth`` lets them grow and has them measured, ``district``
puts the two together; all four are pure and say the same for the same seed. ``load`` and ``signins`` write
the result into the register through its actions.
"""

from registry.demo.district import Demo, Shape, invent
from registry.demo.load import Loaded, load
from registry.demo.signins import SIGN_INS, SignIn

__all__ = ["SIGN_INS", "Demo", "Loaded", "Shape", "SignIn", "invent", "load"]
