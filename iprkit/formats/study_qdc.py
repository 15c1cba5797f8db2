"""The codes of a whole study as one REFI-QDA codebook (.qdc): each pinned codebook is a folder of its own."""

from __future__ import annotations

from typing import BinaryIO
from xml.etree import ElementTree as Xml

from iprkit.exchange import Exchange
from iprkit.formats.qdc import NAMESPACE
from iprkit.formats.qdpx_codes import Codes, folder_guid

_NONE_YET = "No codebook is pinned to this study yet."


def write_study_qdc(values: Exchange, stream: BinaryIO) -> None:
    """Write the codes; of a study without any codebook its title alone, as the schema wants at least one code."""
    root = Xml.Element("CodeBook", xmlns=NAMESPACE, origin="iprkit")
    told = Codes(values.codebooks).xml
    root.extend(Xml.fromstring(told) if told else [_title(values)])
    Xml.indent(root, " ")
    stream.write(b'<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="utf-8") + b"\n")


def _title(values: Exchange) -> Xml.Element:
    codes = Xml.Element("Codes")
    mark = {"guid": folder_guid(values.title), "name": values.title or "Study", "isCodable": "false"}
    Xml.SubElement(Xml.SubElement(codes, "Code", mark), "Description").text = _NONE_YET
    return codes
