"""`python -m viewer`: render, measure, de-identify and analyse without a screen."""

import sys

from viewer.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
