"""One program, many processes: its first argument says which."""

import sys

from service.platform.process import main

if __name__ == "__main__":
    main(sys.argv[1:])
