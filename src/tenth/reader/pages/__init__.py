"""The pages behind the figures: files back from the archive, pages as pictures, figures boxed."""

from tenth.reader.pages.boxed import source_image
from tenth.reader.pages.pictures import page_image
from tenth.reader.pages.sources import Sources
from tenth.reader.pages.write import PAGES, write_pages

__all__ = ["PAGES", "Sources", "page_image", "source_image", "write_pages"]
