#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run a command with a terminal, as a person would see it.

terminal.py WIDTH COMMAND..       output and errors go to a terminal
terminal.py -e WIDTH COMMAND..    only errors do; output goes to standard error

WIDTH is in characters; 0 is a terminal that does not know. What the terminal
gets is printed as it is, control bytes too, but lines end in a newline only.
The exit code is the command's.
"""

import errno
import fcntl
import os
import struct
import subprocess
import sys
import termios


def everything(file):
    """All that the other side writes until it is closed."""
    got = b""
    while True:
        try:
            part = os.read(file, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return got
        if not part:
            return got
        got += part


def main():
    only_errors = sys.argv[1] == "-e"
    if only_errors:
        sys.argv.pop(1)
    outside, inside = os.openpty()
    size = struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0)
    fcntl.ioctl(inside, termios.TIOCSWINSZ, size)
    child = subprocess.Popen(sys.argv[2:],
                             stdout=sys.stderr if only_errors else inside,
                             stderr=inside)
    os.close(inside)
    got = everything(outside)
    sys.stdout.buffer.write(got.replace(b"\r\n", b"\n"))
    sys.stdout.flush()
    sys.exit(child.wait())


main()
