"""Sentences, glosses and the tokenizer."""
