"""The adapter by which vectors written elsewhere are held against the solvers: see docs/conformance.md."""
