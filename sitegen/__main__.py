"""`python -m sitegen` is the console script `sitegen`."""

import sys

from sitegen.cli import main

sys.exit(main())
