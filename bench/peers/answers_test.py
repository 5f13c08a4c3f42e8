"""What counts as the same answer: python3 bench/peers/answers_test.py"""

import pathlib
import tempfile
import unittest

import answers


def read(query, text):
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "answer"
        file.write_text(text, encoding="utf-8")
        return answers.read(file, answers.Query(query))


def difference(query, ours, theirs):
    return answers.difference(answers.Query(query), read(query, ours), read(query, theirs))


class SameTerms(unittest.TestCase):
    def same(self, ours, theirs):
        self.assertEqual(answers.canonical(ours), answers.canonical(theirs))

    def other(self, ours, theirs):
        self.assertNotEqual(answers.canonical(ours), answers.canonical(theirs))

    def test_numbers_go_by_value_within_a_type(self):
        xsd = "http://www.w3.org/2001/XMLSchema#"
        self.same("7", f'"07"^^<{xsd}integer>')
        self.same("1.50", f'"1.5"^^<{xsd}decimal>')
        self.same("10.0", f'"10"^^<{xsd}decimal>')
        self.same("1.5e3", f'"1500"^^<{xsd}double>')
        self.same("0.333333333333333333", "0.3333333333333333333333")
        self.same("0.30000000000000004e0", "3.0E-1")
        self.same(f'"INF"^^<{xsd}double>', f'"INF"^^<{xsd}double>')
        self.same("true", f'"true"^^<{xsd}boolean>')
        self.other("1", "1.0")
        self.other("1.0", "1.0e0")
        self.other("1", '"1"')
        self.other("0.1234567", "0.1234568")

    def test_texts(self):
        self.same('"a"', '"a"^^<http://www.w3.org/2001/XMLSchema#string>')
        self.same('"a"@en-GB', '"a"@en-gb')
        self.same(r'"\u00E9\""', '"é\\""')
        self.same("_:b0", "_:x")
        self.other('"a"', '"a"@en')
        self.other("", '""')
        self.other("<a>", '"a"')


class SameAnswers(unittest.TestCase):
    def test_rows_come_in_any_order_but_as_often(self):
        select = "SELECT ?x ?y { ?x <p> ?y }"
        self.assertIsNone(difference(select, "?x\t?y\n<a>\t1\n<b>\t2\n", "?x\t?y\n<b>\t2\n<a>\t1\n"))
        self.assertIn("others", difference(select, "?x\t?y\n<a>\t1\n<a>\t1\n", "?x\t?y\n<a>\t1\n<b>\t1\n"))
        self.assertEqual(
            difference(select, "?x\t?y\n<a>\t1\n", "?x\t?y\n<a>\t1\n<a>\t1\n"), "1 rows, 2 of the peer"
        )

    def test_columns_of_a_star_come_in_any_order(self):
        self.assertIsNone(difference("SELECT * { ?x ?y 1 }", "?x\t?y\n<a>\t<b>\n", "?y\t?x\n<b>\t<a>\n"))

    def test_order_counts_where_it_is_asked_for(self):
        ordered = "SELECT ?x ?n { ?x <p> ?n } ORDER BY DESC(?n)"
        self.assertIsNone(difference(ordered, "?x\t?n\n<a>\t2\n<b>\t2\n", "?x\t?n\n<b>\t2\n<a>\t2\n"))
        self.assertIn("order", difference(ordered, "?x\t?n\n<a>\t2\n<b>\t1\n", "?x\t?n\n<b>\t1\n<a>\t2\n"))

    def test_ties_at_the_limit(self):
        first = "SELECT ?x ?n { ?x <p> ?n } ORDER BY DESC(?n) LIMIT 2"
        self.assertIsNone(difference(first, "?x\t?n\n<a>\t2\n<b>\t1\n", "?x\t?n\n<a>\t2\n<c>\t1\n"))
        self.assertIn("others", difference(first, "?x\t?n\n<a>\t2\n<b>\t1\n", "?x\t?n\n<d>\t2\n<b>\t1\n"))
        self.assertIsNone(difference("SELECT ?x { ?x <p> ?n } LIMIT 1", "?x\n<a>\n", "?x\n<b>\n"))
        inner = "SELECT ?x { { SELECT ?x { ?x <p> ?n } ORDER BY ?n LIMIT 1 } }"
        self.assertIsNotNone(difference(inner, "?x\n<a>\n", "?x\n<b>\n"))

    def test_a_sample_is_any_value(self):
        sample = "SELECT ?x (SAMPLE(?y) AS ?s) { ?x <p> ?y } GROUP BY ?x"
        self.assertIsNone(difference(sample, "?x\t?s\n<a>\t1\n", "?x\t?s\n<a>\t2\n"))

    def test_long_answers(self):
        rows = [f"<{i}>\n" for i in range(5000)]
        select = "SELECT ?x { ?x <p> 1 }"
        self.assertIsNone(difference(select, "?x\n" + "".join(rows), "?x\n" + "".join(reversed(rows))))
        self.assertIn("not the same", difference(select, "?x\n" + "".join(rows), "?x\n<x>\n" + "".join(rows[1:])))

    def test_graphs_are_sets(self):
        construct = "PREFIX : <urn:>\nCONSTRUCT { ?x :p ?y } WHERE { ?y :q ?x }"
        self.assertIsNone(difference(construct, '<a> <p> "b c" .\n', '<a> <p> "b c" .\n<a> <p> "b c" .\n'))
        self.assertIsNotNone(difference(construct, '<a> <p> "b c" .\n', '<a> <p> "b d" .\n'))

    def test_yes_and_no(self):
        self.assertIsNone(difference("ASK { }", "true\n", "true\r\n"))
        self.assertIsNotNone(difference("ASK { }", "true\n", "false\n"))


if __name__ == "__main__":
    unittest.main()
