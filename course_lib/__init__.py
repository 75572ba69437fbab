"""From one neuron to residual nets, in NumPy: a graph of operations, layers, optimizers
and networks.
"""
