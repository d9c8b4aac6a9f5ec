"""The synthetic signer: what is signed, how the body moves, how it is drawn."""
