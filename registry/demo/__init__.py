"""A synthetic Cilacap: invented children whose growth, and so whose true stunting rate, is known.

``names`` and ``people`` invent the children, ``growth`` lets them grow and has them measured, ``arrival``
says when that was entered, and ``district`` puts it together: all pure, the same for the same seed. ``load``
and ``signins`` write the result into the register through its actions.
"""

from registry.demo.district import FULL, SMALL, Demo, Shape, invent
from registry.demo.load import Loaded, load
from registry.demo.signins import SIGN_INS, SignIn

__all__ = ["FULL", "SIGN_INS", "SMALL", "Demo", "Loaded", "Shape", "SignIn", "invent", "load"]
