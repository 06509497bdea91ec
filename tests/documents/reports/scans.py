"""Makes a scan of a report: its pages as skewed, noisy, grey pictures without a text layer."""

import io
import math
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.documents.reports.gold import Box, GoldPage, Report

DPI = 150


def scanned(report: Report, path: Path, random: Random) -> Report:
    """The report as a scan in the file `path`; its own file is removed."""
    canvas = Canvas(str(path), invariant=1)
    source = pypdfium2.PdfDocument(report.path)
    angles = {}
    for page, gold in zip(source, report.pages, strict=True):
        angles[gold.number] = random.uniform(-1, 1)
        picture = page.render(scale=DPI / 72, grayscale=True).to_pil()
        jpeg = worn(picture, angles[gold.number], random)
        canvas.setPageSize((gold.width, gold.height))
        canvas.drawImage(ImageReader(jpeg), 0, 0, gold.width, gold.height)
        canvas.showPage()
    canvas.save()
    source.close()
    report.path.unlink()
    return skewed(report, path, angles)


def worn(picture: Image.Image, angle: float, random: Random) -> io.BytesIO:
    """A JPEG of the picture, turned by `angle` degrees against the clock, blurred, with noise."""
    picture = picture.convert("L").rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    picture = picture.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 0.7)))
    noise = np.random.default_rng(random.getrandbits(32)).normal(
        0, random.uniform(3, 10), (picture.height, picture.width)
    )
    light = np.asarray(picture, np.float32) * random.uniform(0.93, 1.0) + noise
    out = io.BytesIO()
    quality = random.randint(60, 85)
    Image.fromarray(light.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    out.seek(0)
    return out


def skewed(report: Report, path: Path, angles: dict[int, float]) -> Report:
    """The report with every box where the turned pages have it."""
    pages = {page.number: page for page in report.pages}

    def turn(page: int, box: Box) -> Box:
        return turned(box, angles[page], pages[page])

    for table in report.tables:
        table.parts = [(page, turn(page, box)) for page, box in table.parts]
        for cell in table.cells:
            assert cell.box
            cell.box = turn(cell.page, cell.box)
    for block in report.blocks:
        block.box = turn(block.page, block.box)
    return replace(report, path=path)


def turned(box: Box, degrees: float, page: GoldPage) -> Box:
    """The box around a box that is turned about the page's middle against the clock."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    mid_x, mid_y = page.width / 2, page.height / 2
    corners = [(x - mid_x, y - mid_y) for x in box[::2] for y in box[1::2]]
    xs = [mid_x + x * cosine + y * sine for x, y in corners]
    ys = [mid_y - x * sine + y * cosine for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
