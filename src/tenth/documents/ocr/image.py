"""Images as documents: each frame of a TIFF or GIF, and each other image, is a page for OCR."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from tenth.config import ReadConfig
from tenth.documents.model import Block, Page
from tenth.documents.page.ink import Draft
from tenth.documents.refusal import Refused

# Decoders within Pillow; others of its formats start programs or are no pictures of pages.
FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP", "PPM", "JPEG2000")
OF_PAGES = ("TIFF", "GIF")  # frames of other formats are animations or thumbnails
SCREEN_DPI, SCAN_DPI = 96, 150  # where the file does not say
SCREEN_SIDE = 1600  # pixels: what is larger is a scan or a photograph
MOST_PIXELS = 9_000_000  # that a page is widened to
STATED_DPI = (75, 1200)  # 72 and less is what programs write that do not know


def count_pages(path: Path, config: ReadConfig) -> int:
    """How many pages the image has. Raises Refused."""
    with _opened(path, config) as image:
        if image.format not in OF_PAGES:
            return 1
        try:
            count = getattr(image, "n_frames", 1)
        except Exception as error:  # as in read_pages
            raise Refused(f"{path.name}: its frames cannot be counted ({error})") from None
    if count > config.max_pages:
        raise Refused(f"{path.name}: {count} pages, over the limit max_pages of {config.max_pages}")
    return count


def read_pages(
    path: Path, numbers: Iterable[int], config: ReadConfig, on_ocr: Callable[[int], None]
) -> Iterator[Draft]:
    """These pages, each for itself; one that cannot be decoded is a failed one."""
    with _opened(path, config) as image:
        for number in numbers:
            try:
                if image.format in OF_PAGES:
                    image.seek(number - 1)
                _check_size(image, path, config)
                yield _page(image, number, config, on_ocr)
            except Exception as error:
                # Pillow's decoders raise whatever a broken file makes of them: OSError, ValueError,
                # SyntaxError, struct.error, KeyError, ...
                reason = str(error) or type(error).__name__
                yield Draft(Page(number=number, source="failed", reason=reason))


def shown_page(path: Path, number: int, config: ReadConfig) -> tuple[Image.Image, float]:
    """The page that boxes are places on, gray, and its pixels an inch. Raises Refused."""
    with _opened(path, config) as image:
        try:
            if image.format in OF_PAGES:
                image.seek(number - 1)
            elif number != 1:
                raise EOFError
            _check_size(image, path, config)
            upright, dpi = _square(_decoded(image), _dpi(image))
        except Refused:
            raise
        except EOFError:
            raise Refused(f"{path.name}: no page {number}") from None
        except Exception as error:  # as in read_pages
            raise Refused(f"{path.name}: page {number}: {error or type(error).__name__}") from None
    if upright.mode == "RGBA":
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright).convert("L")
    return upright, dpi


@contextmanager
def _opened(path: Path, config: ReadConfig) -> Iterator[Image.Image]:
    """The image, not yet decoded, of no more pixels than allowed."""
    with warnings.catch_warnings():
        # Our own limit says the same, and Pillow's remarks on odd tags concern no user.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(path, formats=FORMATS)
        except UnidentifiedImageError:
            raise Refused(f"{path.name}: not an image that can be read") from None
        except Image.DecompressionBombError:
            raise Refused(
                f"{path.name}: more pixels than the limit max_pixels of {config.max_pixels}"
            ) from None
        except Exception as error:  # as in read_pages
            raise Refused(f"{path.name}: not an image that can be read ({error})") from None
        with image:
            _check_size(image, path, config)
            yield image


def _check_size(image: Image.Image, path: Path, config: ReadConfig) -> None:
    width, height = image.size
    if width * height > config.max_pixels:
        raise Refused(
            f"{path.name}: {width} x {height} pixels, over the limit max_pixels of "
            f"{config.max_pixels}"
        )


def _page(
    image: Image.Image, number: int, config: ReadConfig, on_ocr: Callable[[int], None]
) -> Draft:
    dpi = _dpi(image)
    if config.ocr == "never":
        return _figure(image.size, dpi, number, "an image; OCR is off")
    from tenth.documents.ocr.recognition import read_image
    from tenth.documents.page.layout import read_layout
    from tenth.documents.page.shown import as_shown

    on_ocr(number)
    upright, common = _square(_decoded(image), dpi)
    ink = read_image(upright, common / 72, "an image", config)
    if not ink.words:
        found_none = _figure(upright.size, (common, common), number, "an image without text")
        return msgspec.structs.replace(
            found_none, page=msgspec.structs.replace(found_none.page, source="ocr")
        )
    return as_shown(read_layout(ink, number, config.tables), ink)


def _figure(size: tuple[int, int], dpi: tuple[float, float], number: int, reason: str) -> Draft:
    width, height = size[0] * 72 / dpi[0], size[1] * 72 / dpi[1]
    figure = Block(kind="figure", page=number, box=(0.0, 0.0, width, height))
    return Draft(Page(number, (figure,), width, height, reason=reason))


def _dpi(image: Image.Image) -> tuple[float, float]:
    """Pixels an inch, across and down."""
    stated = image.info.get("dpi")
    try:
        across, down = (float(value) for value in stated)  # type: ignore[union-attr]
    except (TypeError, ValueError, ZeroDivisionError):
        across = down = 0.0
    least, most = STATED_DPI
    if least <= across <= most and least <= down <= most:
        return across, down
    dpi = SCREEN_DPI if max(image.size) <= SCREEN_SIDE else SCAN_DPI
    return dpi, dpi


def _decoded(image: Image.Image) -> Image.Image:
    """The image decoded, upright as its EXIF says, gray or with alpha."""
    if image.format == "JPEG":
        image.draft("L", image.size)  # decodes the brightness alone
    if image.mode.startswith(("I", "F")):  # 16 bits and more
        deep = np.asarray(image, np.float32)
        low, high = float(deep.min()), float(deep.max())
        image = Image.fromarray(((deep - low) * (255 / max(high - low, 1))).astype(np.uint8))
    image = ImageOps.exif_transpose(image)
    alpha = image.mode in ("LA", "PA", "RGBA", "RGBa", "La") or "transparency" in image.info
    mode = "RGBA" if alpha else "L"
    return image if image.mode == mode else image.convert(mode)


def _square(image: Image.Image, dpi: tuple[float, float]) -> tuple[Image.Image, float]:
    """The image with as many pixels an inch down as across, and how many: a fax has 204 x 98."""
    least, most = min(dpi), max(dpi)
    if least > 0.98 * most:
        return image, most
    size = image.width * image.height
    common = most if size * most / least <= MOST_PIXELS else least
    wide, high = image.width * common / dpi[0], image.height * common / dpi[1]
    return image.resize((max(1, round(wide)), max(1, round(high)))), common
