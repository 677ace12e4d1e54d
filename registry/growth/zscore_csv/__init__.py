"""WHO's z-scores for anybody's CSV of children, whatever its size: no database, a chunk in memory at a time.

``headings`` knows the columns, ``cell_values`` what a cell means, ``chunk`` scores some rows, ``stream`` goes
through the file. Nothing here reads or writes the register.
"""

from registry.growth.zscore_csv.chunk import ScoreTally
from registry.growth.zscore_csv.headings import OURS, Unreadable
from registry.growth.zscore_csv.stream import Options, score_csv

__all__ = ["OURS", "Options", "ScoreTally", "Unreadable", "score_csv"]
