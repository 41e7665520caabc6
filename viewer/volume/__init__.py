"""Volumes from slices: geometry, planes, curved reconstructions. Needs numpy only; surfaces and rendering need VTK."""
