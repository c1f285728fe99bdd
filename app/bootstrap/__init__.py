"""The composition root: settings → adapters → services.

Each of its modules is imported by itself: a command, a server and a process that only prepares rows need not
load what the others need.
"""
