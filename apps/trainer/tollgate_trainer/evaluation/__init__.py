"""How good a scorer is: the figures of fraud detection's literature, for every data set alike. NumPy only."""
