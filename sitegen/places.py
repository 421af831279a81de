"""Where things of a site lie, for those too who can't wait until its configuration is read."""

CONFIG_FILE = "sitegen.toml"
STATE_FOLDER = ".sitegen"  # what is remembered between two runs
BUILD_STATE = "build"  # in it: what is remembered of the tree that gets published
RECORD_FILE = "record.sqlite"  # in that: what was built from what
OUTPUT_FOLDER = "output"  # if `[paths] output` names no other
