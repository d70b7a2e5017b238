"""The objects of a PDF file and where they begin.

References:
    ISO 32000-1:2008, 7.5 "File structure".
"""

from __future__ import annotations

import zlib


class PdfFile:
    """Objects numbered from 1 in the order in which they are added; no dates, so that a file can be made again."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def add(self, entries: str, stream: bytes | None = None) -> int:
        """Add a dictionary, or a stream with its dictionary.

        Args:
            entries: of the dictionary, without its brackets.
            stream: data to be compressed.

        Returns:
            The number of the object.
        """
        if stream is None:
            self._objects.append(f"<< {entries} >>".encode("ascii"))
        else:
            data = zlib.compress(stream, 9)
            head = f"<< {entries} /Filter /FlateDecode /Length {len(data)} >>\nstream\n"
            self._objects.append(head.encode("ascii") + data + b"\nendstream")
        return len(self._objects)

    def finish(self, page: str, *, title: str) -> bytes:
        """The whole file, of one page.

        Args:
            page: entries of the page's dictionary.
            title: of the document.
        """
        n = len(self._objects)
        self.add(f"/Type /Page /Parent {n + 2} 0 R {page}")
        self.add(f"/Type /Pages /Kids [{n + 1} 0 R] /Count 1")
        catalog = self.add(f"/Type /Catalog /Pages {n + 2} 0 R")
        info = self.add(f"/Title <{_text(title)}> /Producer (xorviz)")
        # Bytes above 127 tell programs that copy files that this is no text.
        parts, starts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"], []
        position = len(parts[0])
        for number, content in enumerate(self._objects, start=1):
            starts.append(position)
            parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
            position += len(parts[-1])
        rows = "".join(f"{start:010d} 00000 n \n" for start in starts)
        size = len(starts) + 1
        trailer = f"<< /Size {size} /Root {catalog} 0 R /Info {info} 0 R >>"
        end = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n{trailer}\nstartxref\n{position}\n%%EOF\n"
        return b"".join([*parts, end.encode("ascii")])


def _text(text: str) -> str:
    """A string as UTF-16 with its mark, in hexadecimal."""
    return "feff" + text.encode("utf-16-be").hex()
