"""Answers of two engines, made comparable.

Engines write the same answer differently: rows come in any order, numbers in other lexical forms, blank nodes under
other labels. An answer is read once, from the file that its engine serialized it to, into a small dict that JSON can
hold: the number of rows, a digest of them as a multiset, one of their order where the query asks for one, and the rows
themselves where they are few.
"""

import decimal
import hashlib
import re

KEPT_ROWS = 1000
KEPT_CHARACTERS = 100_000

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_DECIMAL = re.compile(r"[+-]?[0-9]*\.[0-9]+\Z")
_DOUBLE = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+\Z")
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?\Z', re.DOTALL)
_TRIPLE = re.compile(r"(\S+) (\S+) (.*) \.\Z", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SIMPLE_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_INTEGER_TYPES = {
    _XSD + name
    for name in (
        "integer long int short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger "
        "unsignedLong unsignedInt unsignedShort unsignedByte"
    ).split()
}


class Query:
    """What comparing the answers has to know of a query. Found by looking, not by parsing: our queries are known."""

    def __init__(self, text):
        bare = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>\s]*>', "", text)
        tail = bare[bare.rfind("}") + 1 :]
        order = re.search(r"ORDER\s+BY(.*?)(LIMIT|OFFSET|VALUES|\Z)", tail, re.IGNORECASE | re.DOTALL)
        self.is_graph = re.search(r"^\s*(CONSTRUCT|DESCRIBE)\b", bare, re.IGNORECASE | re.MULTILINE) is not None
        self.is_cut = re.search(r"\bLIMIT\b", tail, re.IGNORECASE) is not None
        self.order = re.findall(r"[?$](\w+)", order.group(1)) if order else []
        # Any value of the group is right.
        self.arbitrary = re.findall(r"\(\s*SAMPLE\s*\([^()]*\)\s+AS\s+[?$](\w+)", bare, re.IGNORECASE)


def _unescaped(text):
    def plain(match):
        code = match.group(1) or match.group(2)
        return chr(int(code, 16)) if code else _SIMPLE_ESCAPES.get(match.group(3), match.group(3))

    return _ESCAPE.sub(plain, text) if "\\" in text else text


def _number(lexical, datatype):
    """The value in a form of its own; decimals and doubles to as many digits as any two engines should agree on."""
    try:
        if datatype in _INTEGER_TYPES:
            return f"{int(lexical)} {datatype}"
        if datatype == _XSD + "decimal":
            value = decimal.Context(prec=12).create_decimal(lexical)
            return f"{value.normalize() if value else 0:f} {datatype}"
        if datatype in (_XSD + "double", _XSD + "float"):
            digits = 9 if datatype.endswith("double") else 6
            value = float(lexical.replace("INF", "inf"))
            return f"{value if value else 0.0:.{digits}g} {datatype}"
    except (ValueError, decimal.InvalidOperation):
        pass  # ill-typed: a text like any other
    return None


def canonical(cell):
    """A term of a TSV answer or of an N-Triples line, in a form that is the same whoever wrote it."""
    if not cell or (cell[0] == "<" and cell[1:2] != "<"):
        return cell
    if cell[0] == "_":
        return "_:"
    if cell in ("true", "false"):
        return f"{cell} {_XSD}boolean"
    for pattern, name in ((_INTEGER, "integer"), (_DECIMAL, "decimal"), (_DOUBLE, "double")):
        if pattern.match(cell):
            return _number(cell, _XSD + name)
    literal = _LITERAL.match(cell)
    if not literal:
        return cell
    text, language, datatype = _unescaped(literal.group(1)), literal.group(2), literal.group(3)
    if language:
        return f'"{text}"@{language.lower()}'
    if datatype in (None, _XSD + "string"):
        return f'"{text}"'
    return _number(text, datatype) or f"{text} {datatype}"


def _hash(text):
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "big")


class _Digest:
    """Rows as they come, into what is kept of an answer."""

    def __init__(self, columns, keys):
        self.columns, self.keys = columns, keys
        self.rows = self.total = self.characters = 0
        self.order = hashlib.blake2b(digest_size=16)
        self.kept = []

    def add(self, cells):
        text = "\t".join(cells)
        self.rows += 1
        self.total = (self.total + _hash(text)) % (1 << 128)
        if self.keys:
            self.order.update(("\t".join(cells[i] for i in self.keys) + "\n").encode())
        if self.kept is not None:
            self.characters += len(text)
            self.kept.append(cells)
            if self.rows > KEPT_ROWS or self.characters > KEPT_CHARACTERS:
                self.kept = None

    def answer(self):
        return {
            "rows": self.rows,
            "columns": self.columns,
            "digest": f"{self.total:032x}",
            "order": self.order.hexdigest() if self.keys else None,
            "kept": self.kept,
        }


def read(path, query):
    """The answer in a file that an engine wrote: TSV, N-Triples for a graph, `true` or `false`."""
    with open(path, encoding="utf-8", newline="\n") as lines:
        if query.is_graph:
            return _read_graph(lines)
        header = lines.readline().rstrip("\r\n")
        if header in ("true", "false"):
            digest = _Digest([], [])
            digest.add([header])
            return digest.answer()
        names = [name.lstrip("?$") for name in header.split("\t")] if header else []
        # SELECT * promises no order of columns.
        places = sorted((name, i) for i, name in enumerate(names) if name not in query.arbitrary)
        columns = [name for name, _ in places]
        digest = _Digest(columns, [columns.index(name) for name in query.order if name in columns])
        for line in lines:
            cells = line.rstrip("\r\n").split("\t")
            digest.add([canonical(cells[i]) for _, i in places])
        return digest.answer()


def _read_graph(lines):
    digest = _Digest([], [])
    seen = set()
    for line in lines:
        cells = [canonical(term) for term in _TRIPLE.match(line.rstrip("\r\n")).groups()]
        key = _hash("\t".join(cells))
        if key not in seen:
            seen.add(key)
            digest.add(cells)
    return digest.answer()


def difference(query, ours, theirs):
    """What is different in two answers to a query, in a few words; None when nothing is."""
    if ours["rows"] != theirs["rows"]:
        return f"{ours['rows']} rows, {theirs['rows']} of the peer"
    if query.is_cut and not query.order:
        return None  # any rows will do
    if ours["columns"] != theirs["columns"]:
        return f"columns {ours['columns']}, {theirs['columns']} of the peer"
    if ours["order"] != theirs["order"]:
        return f"{ours['rows']} rows in another order, or with other values to order by"
    if ours["digest"] == theirs["digest"]:
        return None
    if ours["kept"] is None or theirs["kept"] is None:
        return f"{ours['rows']} rows, not the same ones"
    mine, other = _certain_rows(query, ours), _certain_rows(query, theirs)
    if sorted(mine) == sorted(other):
        return None
    only_mine = [row for row in mine if row not in other]
    only_other = [row for row in other if row not in mine]
    example = f"e.g. {_shown(only_mine)}, {_shown(only_other)} of the peer"
    return f"{len(only_mine)} of {ours['rows']} rows are others: {example}"


def _shown(rows):
    return " | ".join(rows[0])[:120] if rows else "one less often"


def _certain_rows(query, answer):
    """Without those that another row, with the same values to order by, may have displaced at the limit."""
    rows = answer["kept"]
    keys = [answer["columns"].index(name) for name in query.order if name in answer["columns"]]
    if not (query.is_cut and keys and rows):
        return rows
    last = [rows[-1][i] for i in keys]
    return [row for row in rows if [row[i] for i in keys] != last]
