"""Plain text, tables of text, Markdown, HTML and mail."""
