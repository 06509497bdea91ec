"""Archives and folders, unpacked into members under names of our own."""
