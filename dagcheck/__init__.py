"""dagcheck: a static analyser for Apache Hamilton dataflows.

The public face, small on purpose and loaded on first use: importing `dagcheck` costs nothing. What is not named in
`__all__` may change without notice.
"""

from __future__ import annotations

__version__ = "0.1.0"
