"""Word, Excel and PowerPoint files, and charts in them."""
