"""A small Sign2GPT (Wong et al., ICLR 2024) trained on the synthetic signer."""
