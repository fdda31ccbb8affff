"""A network over the features and the card's recent transactions; JAX is needed to fit it, not to score."""
