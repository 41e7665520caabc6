"""Figures as code: each has a definition with a version, a numerator and a denominator that lead to the visits."""
