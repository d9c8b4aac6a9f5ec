"""Signwright toolkit: renders synthetic signing and trains the demo translation model."""

__version__ = "0.1.0"
