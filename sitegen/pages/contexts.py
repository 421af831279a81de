from sitegen.contexts import *  # noqa: F403 - until the theme harness is gone
