"""Encoders, sign adapter, T5 and their training."""
