"""``python -m cryptorisk``: the command line without the installed script."""

import sys

from cryptorisk.cli import main

sys.exit(main())
