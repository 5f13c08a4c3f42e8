#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <akyn/error.h>
#include "parser/sparql/dump.h"
#include "parser/sparql/parse.h"

using namespace akyn::sparql;

namespace {

std::string tree(std::string_view text) {
  ParseOptions options;
  options.prefixes = {{"", "h:"}};
  return dump(parse_update(text, options));
}

}  // namespace

TEST_CASE("operations on graphs") {
  CHECK(tree("LOAD <h:a>") == "(update (load <h:a>))");
  CHECK(tree("LOAD SILENT :a INTO GRAPH :g") == "(update (load silent <h:a> <h:g>))");
  CHECK(tree("CLEAR DEFAULT; DROP SILENT NAMED; CLEAR ALL; DROP GRAPH :g") ==
        "(update (clear default) (drop silent named) (clear all) (drop <h:g>))");
  CHECK(tree("CREATE SILENT GRAPH :g") == "(update (create silent <h:g>))");
  CHECK(tree("ADD DEFAULT TO :b; MOVE SILENT :a TO GRAPH :b; COPY GRAPH :a TO DEFAULT") ==
        "(update (add default <h:b>) (move silent <h:a> <h:b>) (copy <h:a> default))");
}

TEST_CASE("operations on quads") {
  CHECK(tree("INSERT DATA { :s :p 1 . GRAPH :g { :s :p 2, 3 } . :s :p _:b }") ==
        "(update (insert-data (<h:s> <h:p> 1) (<h:s> <h:p> 2 <h:g>) (<h:s> <h:p> 3 <h:g>) (<h:s> <h:p> _:b)))");
  CHECK(tree("DELETE DATA { GRAPH :g {} :s :p :o }") == "(update (delete-data (<h:s> <h:p> <h:o>)))");
  CHECK(tree("DELETE WHERE { ?s :p 1 . GRAPH ?g { ?s :p 2 . ?s :q 3 } ?s :r 4 }") ==
        "(update (modify (delete (?s <h:p> 1) (?s <h:p> 2 ?g) (?s <h:q> 3 ?g) (?s <h:r> 4)) (group (triples (?s <h:p> "
        "1)) "
        "(graph ?g (group (triples (?s <h:p> 2) (?s <h:q> 3)))) (triples (?s <h:r> 4)))))");
  CHECK(tree("DELETE WHERE { ?s :p 1 GRAPH :g {} GRAPH ?h {} }") ==
        "(update (modify (delete (?s <h:p> 1)) (group (triples (?s <h:p> 1)) (graph <h:g> (group)) (graph ?h "
        "(group)))))");
  CHECK(tree("WITH :g DELETE { ?s ?p ?o } INSERT { ?s ?p [] } USING :u USING NAMED :n WHERE { ?s ?p ?o }") ==
        "(update (modify (with <h:g>) (delete (?s ?p ?o)) (insert (?s ?p _:1)) (using <h:u>) (using-named <h:n>) "
        "(group (triples (?s ?p ?o)))))");
  CHECK(tree("INSERT { GRAPH ?g { ?s ?p ?o } } WHERE { ?s ?p ?o, ?g }") ==
        "(update (modify (insert (?s ?p ?o ?g)) (group (triples (?s ?p ?o) (?s ?p ?g)))))");
  CHECK(tree("INSERT DATA { << :s :p :o ~ :r >> :q 1 }") ==
        "(update (insert-data (<h:r> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> (triple-term <h:s> <h:p> "
        "<h:o>)) (<h:r> <h:q> 1)))");
}

TEST_CASE("requests") {
  CHECK(tree("") == "(update)");
  CHECK(tree("PREFIX a: <a:>") == "(update)");
  CHECK(tree("CLEAR ALL ;") == "(update (clear all))");
  CHECK(tree("PREFIX a: <a:> CLEAR GRAPH a:x ; PREFIX a: <b:> CLEAR GRAPH a:x ; PREFIX c: <c:>") ==
        "(update (clear <a:x>) (clear <b:x>))");
  // Labels are shared between templates and patterns, and between templates of a request.
  CHECK_NOTHROW(tree("INSERT { _:b :p ?o } WHERE { _:b :q ?o } ; INSERT { _:b :p ?o } WHERE { ?s :q ?o }"));
  CHECK_NOTHROW(tree("INSERT DATA { _:b :p 1 . GRAPH :g { _:b :p 2 } }"));
}

TEST_CASE("where an operation begins") {
  const Update update = parse_update("CLEAR ALL;\nDELETE WHERE { ?s ?p ?o }");
  REQUIRE(update.operations.size() == 2);
  CHECK(update.operations[0].at == 0);
  CHECK(update.operations[1].at == 11);
}

TEST_CASE("telling updates from queries") {
  CHECK(looks_like_update("INSERT DATA {}"));
  CHECK(looks_like_update("# first\nBASE <b:> PREFIX a: <a:>\nversion '1.2' with a:g delete {} where {}"));
  CHECK_FALSE(looks_like_update("PREFIX insert: <a:> SELECT * {}"));
  CHECK_FALSE(looks_like_update("SELECT * { INSERT }"));
  CHECK_FALSE(looks_like_update(""));
  CHECK_FALSE(looks_like_update("PREFIX"));
  CHECK_FALSE(looks_like_update("\xff"));
}
