"""The smallest workbooks of each format, written byte by byte: no writer is a dependency."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Value = str | int | float

_SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_NS = "http://schemas.openxmlformats.org/package/2006"


def letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def xlsx_cell(reference: str, value: Value) -> str:
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def xlsx_rows(rows: Sequence[Sequence[Value]]) -> str:
    return "".join(
        f'<row r="{number}">'
        + "".join(
            xlsx_cell(f"{letters(column)}{number}", value)
            for column, value in enumerate(row)
            if value != ""
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )


def write_xlsx(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Value]] | str],
    hidden: Sequence[str] = (),
    shared: Sequence[str] = (),
    folder: str = "worksheets",
    dimension: str = "",
) -> Path:
    """Write sheets given as rows, or as the XML between the tags of ``sheetData``."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"'
        + (' state="hidden"' if name in hidden else "")
        + "/>"
        for number, name in enumerate(names, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_REL_NS}/worksheet"'
        f' Target="{folder}/sheet{number}.xml"/>'
        for number in range(1, len(names) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE_NS}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE_NS}/relationships"><Relationship Id="rId1"'
            f' Type="{_REL_NS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_SHEET_NS}" xmlns:r="{_REL_NS}">'
            f"<sheets>{listed}</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE_NS}/relationships">{relations}</Relationships>',
        )
        texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_SHEET_NS}">{texts}</sst>')
        for number, rows in enumerate(sheets.values(), 1):
            data = rows if isinstance(rows, str) else xlsx_rows(rows)
            size = f'<dimension ref="{dimension}"/>' if dimension else ""
            archive.writestr(
                f"xl/{folder}/sheet{number}.xml",
                f'<worksheet xmlns="{_SHEET_NS}">{size}<sheetData>{data}</sheetData></worksheet>',
            )
    return path


_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def ods_cell(value: Value, repeated: int = 1) -> str:
    kind = (
        'office:value-type="string"'
        if isinstance(value, str)
        else f'office:value-type="float" office:value="{value}"'
    )
    if value == "":
        return f'<table:table-cell table:number-columns-repeated="{repeated}"/>'
    return (
        f'<table:table-cell {kind} table:number-columns-repeated="{repeated}">'
        f"<text:p>{escape(str(value))}</text:p></table:table-cell>"
    )


def ods_row(cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def write_ods(path: Path, rows: Sequence[Sequence[Value]] | str, prolog: str = "") -> Path:
    """Write one sheet given as rows, or as the XML of its rows."""
    if not isinstance(rows, str):
        rows = "".join(ods_row("".join(map(ods_cell, row))) for row in rows)
        rows += ods_row(ods_cell("", 16384), 1_048_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content'
            f' xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0"'
            f' xmlns:text="{_ODF}:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Лист1">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff_cell(row: int, column: int, value: Value) -> bytes:
    head = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, head + struct.pack("<HB", len(value), 1) + text)
    return _record(0x0203, head + struct.pack("<d", value))


def write_xls(
    path: Path, cells: Mapping[tuple[int, int], Value], *, encrypted: bool = False, sheets: int = 1
) -> Path:
    """Write equal sheets in the format of Excel 97, their cells by row and column from 0."""
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    start = _record(0x0809, bof)
    if encrypted:
        start += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + b"\0" * 48)
    sheet = b"".join(_biff_cell(row, column, value) for (row, column), value in cells.items())
    path.write_bytes(compound_file("Workbook", _biff_book(start, [sheet] * sheets)))
    return path


def _biff_book(start: bytes, sheets: Sequence[bytes]) -> bytes:
    end = _record(0x000A, b"")
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    names = [b"S%d" % number for number in range(1, len(sheets) + 1)]
    place = len(start) + sum(4 + 8 + len(name) for name in names) + len(end)
    listed = b""
    for name, sheet in zip(names, sheets, strict=True):
        listed += _record(0x0085, struct.pack("<IHBB", place, 0, len(name), 0) + name)
        place += len(head) + len(sheet) + len(end)
    return start + listed + end + b"".join(head + sheet + end for sheet in sheets)


def write_xls_of_shared_texts(
    path: Path, texts: Sequence[str], shown: Sequence[Sequence[int]]
) -> Path:
    """Write one sheet of Excel 97 whose cells show texts by their places in a table."""
    table = struct.pack("<II", len(texts), len(texts))
    for text in texts:
        table += struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
    assert len(table) <= 8224, "one record has no room for more"
    records = _record(0x00FC, table)
    cells = b"".join(
        _record(0x00FD, struct.pack("<HHHI", row, column, 0, one))
        for row, line in enumerate(shown)
        for column, one in enumerate(line)
    )
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + records
    path.write_bytes(compound_file("Workbook", _biff_book(start, [cells])))
    return path


def compound_file(name: str, stream: bytes) -> bytes:
    """Return an OLE compound file that holds one stream."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    sectors = len(stream) // 512
    fat_count = 1
    while (1 + sectors + fat_count) > fat_count * 128:
        fat_count += 1
    end, free, fat_mark = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    fat = [fat_mark] * fat_count + [end]
    first = len(fat)
    fat += [*range(first + 1, first + sectors), end]
    fat += [free] * (fat_count * 128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, fat_count, fat_count, 0, 4096, end, 0, end, 0)
    listed = [*range(fat_count)] + [free] * (109 - fat_count)
    header += struct.pack("<109I", *listed)

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = title.encode("utf-16-le") + b"\0\0" if title else b""
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
            + b"\0" * 36
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, first, len(stream))
    directory += entry("", 0, free, 0, 0) * 2
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + stream
