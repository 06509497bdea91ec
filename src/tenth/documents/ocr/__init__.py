"""Pages and images without a text layer."""
