"""Results that others published; one file each, which defines `RESULT`."""
