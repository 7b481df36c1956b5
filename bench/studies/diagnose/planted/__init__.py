"""Tables with planted troubles."""
