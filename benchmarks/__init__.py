"""How fast the library is beside torch: `python -m benchmarks`."""
