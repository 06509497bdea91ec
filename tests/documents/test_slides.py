"""Presentations: slides in reading order, with boxes, tables, charts, notes."""

import msgspec
import pytest
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Emu, Pt

from tenth.config import ReadConfig
from tenth.documents.office import slides
from tenth.documents.office.charts import charts_of
from tests.documents.office_files import part_of, with_parts


@pytest.fixture
def deck():
    return Presentation()


def saved(tmp_path, deck):
    deck.save(tmp_path / "a.pptx")
    return slides.read(tmp_path / "a.pptx", ReadConfig())


def boxed(slide, text, left, top, width=100, height=20):
    shape = slide.shapes.add_textbox(Pt(left), Pt(top), Pt(width), Pt(height))
    shape.text_frame.text = text
    return shape


def test_a_slide_is_a_page_with_its_title_size_and_boxes_in_points(tmp_path, deck):
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Outlook"
    boxed(slide, "Growth of 5%", 72, 144)
    (page,) = saved(tmp_path, deck).pages
    assert (page.number, page.name, page.width, page.height) == (1, "Outlook", 720.0, 540.0)
    title, text = page.blocks
    assert (title.kind, title.text, title.level) == ("heading", "Outlook", 1)
    assert title.box is not None  # from the layout: the slide gives none
    assert (text.kind, text.text, text.box) == ("paragraph", "Growth of 5%", (72, 144, 172, 164))


def test_shapes_are_read_from_top_to_bottom_and_left_to_right(tmp_path, deck):
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for text, left, top in (
        ("last", 50, 300),
        ("right", 400, 100),
        ("left", 50, 104),
        ("top", 50, 20),
    ):
        boxed(slide, text, left, top)
    found = saved(tmp_path, deck).pages[0]
    assert [b.text for b in found.blocks] == ["top", "left", "right", "last"]


def test_a_group_stays_together_and_its_boxes_are_the_slide_s(tmp_path, deck):
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    one, two = boxed(group, "one", 10, 10), boxed(group, "two", 10, 60)
    assert (one.left, two.top) == (Pt(10), Pt(60))
    group.left, group.top, group.width, group.height = Pt(300), Pt(100), Pt(200), Pt(140)
    boxed(slide, "beside", 20, 110)
    found = saved(tmp_path, deck).pages[0].blocks
    assert [b.text for b in found] == ["beside", "one", "two"]  # its top is nearly the same
    boxes = {b.text: b.box for b in found}
    # The group's own extent is 100 x 70 from (10, 10): here twice as large.
    assert boxes["one"] == pytest.approx((300, 100, 500, 140))
    assert boxes["two"] == pytest.approx((300, 200, 500, 240))


def test_bullets_are_lists_with_levels_and_numbers(tmp_path, deck):
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    frame = slide.placeholders[1].text_frame
    frame.text = "First"
    inner = frame.add_paragraph()
    inner.text, inner.level = "Inner", 1
    numbered = boxed(slide, "alpha", 50, 450)
    numbered.text_frame.add_paragraph().text = "beta"
    for line in numbered.text_frame.paragraphs:
        properties = line._p.get_or_add_pPr()
        auto = etree.SubElement(
            properties, "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum"
        )
        auto.set("type", "romanLcParenR")
        auto.set("startAt", "3")
    found = saved(tmp_path, deck).pages[0].blocks
    assert [(b.kind, b.text, b.level) for b in found] == [
        ("list", "First", 0), ("list", "Inner", 1), ("list", "iii) alpha", 0),
        ("list", "iv) beta", 0),
    ]  # fmt: skip


def test_a_table_has_spans_boxes_and_the_slide_s_title(tmp_path, deck):
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Results (in millions)"
    frame = slide.shapes.add_table(3, 3, Pt(60), Pt(150), Pt(300), Pt(90))
    texts = [["", "2024", "2023"], ["Sales", "10", "9"], ["All", "20", ""]]
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            frame.table.cell(row, column).text = text
    frame.table.cell(2, 1).merge(frame.table.cell(2, 2))
    (table,) = saved(tmp_path, deck).tables
    assert table.grid() == texts
    assert (table.header_rows, table.caption, table.scale) == (
        1,
        "Results (in millions)",
        "(in millions)",
    )
    assert table.box == (60, 150, 360, 240)
    total = next(c for c in table.cells if c.text == "20")
    assert (total.column_span, total.ref, total.page) == (2, "table 1!B3", 1)
    assert total.box == pytest.approx((160, 210, 360, 240))
    assert len(table.cells) == 8


def test_a_chart_carries_its_categories_and_series(tmp_path, deck):
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    data = CategoryChartData()
    data.categories = ["Q1", "Q2", "Q3"]
    data.add_series("Sales", (1.5, None, 3))
    data.add_series("Costs", (1, 2, 2.5))
    place = Pt(72), Pt(72), Pt(360), Pt(216)
    chart = slide.shapes.add_chart(XL_CHART_TYPE.LINE, *place, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "By quarter"
    document = saved(tmp_path, deck)
    (found,) = document.charts
    assert (found.kind, found.title, found.page) == ("line", "By quarter", 1)
    assert found.categories == ("Q1", "Q2", "Q3")
    assert found.series == (("Sales", (1.5, None, 3.0)), ("Costs", (1.0, 2.0, 2.5)))
    assert found.box == (72, 72, 432, 288)
    assert document.pages[0].blocks[0].kind == "figure"


def test_scattered_series_keep_their_own_places(tmp_path, deck):
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    data = XyChartData()
    for name, points in (("a", [(1, 10), (2, 20)]), ("b", [(3, 30)])):
        series = data.add_series(name)
        for x, y in points:
            series.add_data_point(x, y)
    slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, Pt(9), Pt(9), Pt(99), Pt(99), data)
    found = saved(tmp_path, deck).charts
    assert [(c.categories, c.series) for c in found] == [
        (("1", "2"), (("a", (10.0, 20.0)),)),
        (("3",), (("b", (30.0,)),)),
    ]


C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def test_a_combined_chart_names_both_kinds_and_groups_of_categories():
    def points(*texts):
        return "".join(f'<c:pt idx="{i}"><c:v>{t}</c:v></c:pt>' for i, t in texts)

    levels = (
        f'<c:multiLvlStrRef><c:f>S!A1:B3</c:f><c:multiLvlStrCache><c:ptCount val="3"/>'
        f"<c:lvl>{points((0, 'H1'), (1, 'H2'), (2, 'H1'))}</c:lvl>"
        f"<c:lvl>{points((0, '2023'), (2, '2024'))}</c:lvl></c:multiLvlStrCache></c:multiLvlStrRef>"
    )
    values = (
        f'<c:val><c:numRef><c:f>S!C1:C3</c:f><c:numCache><c:ptCount val="4"/>'
        f"{points((0, '1'), (2, '#N/A'))}</c:numCache></c:numRef></c:val>"
    )
    series = f"<c:ser><c:tx><c:v>Sales</c:v></c:tx><c:cat>{levels}</c:cat>{values}</c:ser>"
    root = etree.fromstring(
        f'<c:chartSpace xmlns:c="{C}"><c:chart><c:plotArea><c:barChart>{series}</c:barChart>'
        f"<c:lineChart>{series}</c:lineChart></c:plotArea></c:chart></c:chartSpace>"
    )
    (chart,) = charts_of(root)
    assert chart.kind == "bar+line"
    assert chart.categories == ("2023 H1", "2023 H2", "2024 H1")
    assert chart.series == (("Sales", (1.0, None, None, None)),) * 2
    assert chart.ref == "S!C1:C3, S!C1:C3"


def test_a_count_of_points_that_lies_costs_nothing():
    root = etree.fromstring(
        f'<c:chartSpace xmlns:c="{C}"><c:chart><c:plotArea><c:pieChart><c:ser><c:val><c:numLit>'
        '<c:ptCount val="4000000000"/><c:pt idx="1"><c:v>5</c:v></c:pt>'
        '<c:pt idx="3999999999"><c:v>6</c:v></c:pt></c:numLit></c:val></c:ser></c:pieChart>'
        "</c:plotArea></c:chart></c:chartSpace>"
    )
    assert charts_of(root)[0].series == (("", (None, 5.0)),)


def test_a_waterfall_is_read_as_the_older_charts_are():
    root = etree.fromstring(
        '<cx:chartSpace xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex">'
        '<cx:chartData><cx:data id="0"><cx:strDim type="cat"><cx:lvl ptCount="2">'
        '<cx:pt idx="0">Open</cx:pt><cx:pt idx="1">Close</cx:pt></cx:lvl></cx:strDim>'
        '<cx:numDim type="val"><cx:f>S!B1:B2</cx:f><cx:lvl ptCount="2"><cx:pt idx="0">5</cx:pt>'
        '<cx:pt idx="1">-2</cx:pt></cx:lvl></cx:numDim></cx:data></cx:chartData><cx:chart>'
        '<cx:plotArea><cx:plotAreaRegion><cx:series layoutId="waterfall"><cx:tx><cx:txData>'
        '<cx:v>Cash</cx:v></cx:txData></cx:tx><cx:dataId val="0"/></cx:series>'
        "</cx:plotAreaRegion></cx:plotArea></cx:chart></cx:chartSpace>"
    )
    (chart,) = charts_of(root)
    assert (chart.kind, chart.categories) == ("waterfall", ("Open", "Close"))
    assert (chart.series, chart.ref) == ((("Cash", (5.0, -2.0)),), "S!B1:B2")


def test_notes_pictures_and_hidden_slides(tmp_path, deck):
    from PIL import Image

    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    picture = slide.shapes.add_picture(str(tmp_path / "a.png"), Pt(10), Pt(20), Pt(30), Pt(40))
    picture._element.nvPicPr.cNvPr.set("descr", "A map")
    slide.notes_slide.notes_text_frame.text = "Say this."
    slide._element.set("show", "0")
    document = saved(tmp_path, deck)
    assert [(b.kind, b.text) for b in document.pages[0].blocks] == [
        ("figure", "A map"), ("note", "Say this."),
    ]  # fmt: skip
    assert document.pages[0].blocks[0].box == (10, 20, 40, 60)
    assert document.warnings == ("page 1: the slide is hidden",)


def test_a_slide_that_the_file_lacks_costs_that_page_only(tmp_path, deck):
    for text in ("one", "two"):
        boxed(deck.slides.add_slide(deck.slide_layouts[6]), text, 10, 10)
    before = saved(tmp_path, deck)
    rels = part_of(tmp_path / "a.pptx", "ppt/_rels/presentation.xml.rels")
    broken = rels.replace("slides/slide1.xml", "slides/slide9.xml")
    assert broken != rels
    with_parts(tmp_path / "a.pptx", {"ppt/_rels/presentation.xml.rels": broken})
    after = slides.read(tmp_path / "a.pptx", ReadConfig())
    assert after.pages[0].source == "failed"
    assert after.pages[1] == before.pages[1]
    assert after.warnings == ("page 1: not read: the file has no such slide",)


def test_an_unknown_or_malformed_shape_does_not_cost_the_others(tmp_path, deck):
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    boxed(slide, "kept", 10, 200)
    tree = slide.shapes._spTree
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    odd = etree.SubElement(tree, "{urn:unknown}shape")
    etree.SubElement(etree.SubElement(odd, f"{{{a}}}p"), f"{{{a}}}r").append(
        etree.fromstring(f'<a:t xmlns:a="{a}">odd words</a:t>')
    )
    p = "http://schemas.openxmlformats.org/presentationml/2006/main"
    etree.SubElement(tree, f"{{{p}}}sp")
    etree.SubElement(tree, f"{{{p}}}graphicFrame")
    shape = boxed(slide, "far", 0, 0)
    shape._element.spPr.find(f"{{{a}}}xfrm/{{{a}}}off").set("x", "nowhere")
    kinds = [(b.kind, b.text) for b in saved(tmp_path, deck).pages[0].blocks]
    assert ("paragraph", "kept") in kinds and ("paragraph", "far") in kinds
    assert ("paragraph", "odd words") in kinds


def test_a_deck_s_own_properties_give_its_title(tmp_path, deck):
    deck.core_properties.title = "Strategy"
    deck.slide_width = Emu(12_192_000)
    document = saved(tmp_path, deck)
    assert document.title == "Strategy"
    assert msgspec.json.decode(msgspec.json.encode(document), type=type(document)) == document
