"""The fixtures stand in programs.py, where the independent client's tests find them too."""

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))

pytest_plugins = ("programs", "story")
