"""A page: its ink to lines, blocks and tables, whatever laid the ink."""
