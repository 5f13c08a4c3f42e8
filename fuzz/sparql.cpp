#include "engine/algebra/translate.h"
#include "fuzz/targets.h"
#include "parser/sparql/dump.h"
#include "parser/sparql/parse.h"

namespace akyn::fuzz {

void sparql(std::string_view bytes) {
  static_cast<void>(akyn::sparql::looks_like_update(bytes));
  akyn::sparql::ParseOptions options;
  options.prefixes = {{"", "http://example/"}};
  accepts(
      [&] {
        const akyn::sparql::Query parsed = akyn::sparql::parse_query(bytes, options);
        static_cast<void>(akyn::sparql::dump(parsed));
        static_cast<void>(algebra::translate(parsed));
      },
      {ErrorCode::syntax, ErrorCode::limit});
  accepts([&] { static_cast<void>(akyn::sparql::parse_update(bytes, options)); },
          {ErrorCode::syntax, ErrorCode::limit});
}

}  // namespace akyn::fuzz
