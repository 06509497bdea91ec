"""PDF files, by PDFium."""
