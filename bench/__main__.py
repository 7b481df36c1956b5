"""`python -m gradclinic.bench`: the command line without the installed script."""

import sys

from .commands import main

sys.exit(main())
