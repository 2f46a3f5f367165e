"""What the functions share. It is copied into every zip, so it never imports the toolchain."""

import gc

# What is made while a function starts stays: looking for garbage 20 times meanwhile takes a twelfth of the
# start, and finds none. Cycles that requests leave behind are collected all the same, just not as often.
gc.set_threshold(50_000, *gc.get_threshold()[1:])
