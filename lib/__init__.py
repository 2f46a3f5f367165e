"""What the functions share. It is copied into every zip, so it never imports the toolchain."""
