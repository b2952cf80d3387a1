"""The ways in which MOR servers pack an answer, and the places where they put an error."""

import gzip
from collections.abc import Callable

DELIVERIES: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda page: page,
    "declared": lambda page: b'<?xml version="1.0" encoding="UTF-8"?>\n' + page,
    "declared in single quotes": lambda page: (
        b"<?xml version='1.0' encoding='utf-8' standalone='yes'?>" + page
    ),
    "space before": lambda page: b"\r\n \t" + page,
    "space after": lambda page: page + b"\n\n",
    "mark": lambda page: b"\xef\xbb\xbf" + page,
    "mark and space": lambda page: b"\xef\xbb\xbf \n" + page,
    "gzip": gzip.compress,
    "gzip of declared": lambda page: gzip.compress(b'<?xml version="1.0"?>' + page),
    "html": lambda page: b"<html><head></head><body>" + page + b"</body></html>",
    "html with mark": lambda page: b"\xef\xbb\xbf<HTML><BODY>" + page + b"</BODY></HTML>\n",
    "head and body": lambda page: b"<head></head>\n<body>\n" + page + b"\n</body>",
    "html with doctype": lambda page: b"<!doctype HTML><html><body>" + page + b"</body></html>",
    "html with declaration": lambda page: b"<html><body><?xml version='1.0'?>" + page + b"</body></html>",
    "gzip of html": lambda page: gzip.compress(b"<html><body>" + page + b"</body></html>"),
}

ERROR_SHAPES = [
    "<page><error>{}</error></page>",
    "<page><status><error>{}</error></status></page>",
    "<status><error>{}</error></status>",
    "<Status><Error>{}</Error></Status>",
    "<error>{}</error>",
    "<page><ERROR> {}\n</ERROR></page>",
    "<page><a><b><c><error>{}</error></c></b></a></page>",
    '<page xmlns="urn:x"><error>{}</error></page>',
    '<page><m:error xmlns:m="urn:x">{}</m:error></page>',
    "<page><error><![CDATA[{}]]></error></page>",
    "<page><status><error>{}</error><error>and more</error></status></page>",
]
