"""The command line itself: options, groups loaded when called, completion, help, failures."""
