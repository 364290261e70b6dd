#!/usr/bin/env python3
"""One command for everything: up, test, journey, verify, backup, restore. Needs nothing but Python 3.11."""

import sys

if sys.version_info < (3, 11):
    print(
        "需要 Python 3.11 或更高版本，现在是 %d.%d：请安装后用新版本重新运行。" % sys.version_info[:2], file=sys.stderr
    )
    sys.exit(3)

from launch.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
