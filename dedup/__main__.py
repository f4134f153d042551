"""`python -m dedup` is `dedup`."""

import sys

from dedup.cli import main

sys.exit(main())
