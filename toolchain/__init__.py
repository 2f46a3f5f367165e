"""The toolchain: reads the functions' declarations, builds packages, runs functions on this machine."""
