"""Applies plain SQL files.

No library keeps what this one promises: an applied migration never changes, one of many processes runs it, and what fails
changes nothing. The format and the table are those of services in other languages.
"""
