#include "parser/sparql/static_checks.h"
namespace akyn::sparql {
void check_query(const Query&, std::string_view, const std::string&) {}
void check_update(const Update&, std::string_view, const std::string&) {}
}  // namespace akyn::sparql
