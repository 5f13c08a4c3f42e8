// Values while an expression is computed: light, and without an Id of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <akyn/term.h>
#include "engine/expr/value.h"
#include "engine/runtime/local_terms.h"
#include "engine/term/id.h"

namespace akyn::exec {

// A value, or none: an error. Borrows its text, which whoever made it keeps: a decoded page, a constant, a TextArena.
struct Datum {
  enum class Kind : std::uint8_t {
    none,
    inlined,      // the term of an inlined Id
    boolean,      // number != 0
    integer,      // a computed xsd:integer
    double_,      // a computed xsd:double
    iri,          // text
    string,       // text
    lang_string,  // text, language, direction
    value,        // everything else
  };

  Kind kind = Kind::none;
  Direction direction = Direction::none;
  std::uint64_t id = 0;  // when it is known: always for inlined
  std::int64_t number = 0;
  double real = 0;
  std::string_view text;
  std::string_view language;
  std::optional<expr::Value> value;

  [[nodiscard]] bool is_none() const noexcept { return kind == Kind::none; }
  [[nodiscard]] bool is_string_literal() const noexcept { return kind == Kind::string || kind == Kind::lang_string; }
  // An xsd:integer that fits.
  [[nodiscard]] std::optional<std::int64_t> as_int64() const noexcept;
  // The nearest double of an integer, decimal or double, if it is known to be one without much ado.
  [[nodiscard]] std::optional<double> as_double() const noexcept;

  // Makes it another value; `value` alone is kept from before until it is used again.
  void set_none() noexcept { kind = Kind::none; }
  void set_boolean(bool truth) noexcept;
  void set_truth(std::optional<bool> truth) noexcept;
  void set_integer(std::int64_t integer) noexcept;
  void set_double(double number) noexcept;
  void set_iri(std::string_view iri) noexcept;
  void set_string(std::string_view string) noexcept;
  // A string with the language and direction of `like`.
  void set_like(const Datum& like, std::string_view string) noexcept;
  // Strings and IRIs become views of the value's text.
  void set_value(expr::Value computed);
  void set_result(expr::Result computed);
  void set_inlined(Id inlined) noexcept;
  // A stored term, from its body (term_codec.h), which is borrowed. Precondition: neither a triple term nor a blank
  // node.
  void set_body(Id stored, std::string_view body);
};

// Precondition: not none.
[[nodiscard]] expr::Value to_value(const Datum& datum);
// The effective boolean value (17.2.2); nothing for an error.
[[nodiscard]] std::optional<bool> effective_boolean(const Datum& datum);
// Id bits, made when new; 0 for none.
[[nodiscard]] std::uint64_t to_id(const Datum& datum, runtime::LocalTerms& terms);
// The same for what is inlined or known anyway; nothing for what would have to be looked up.
[[nodiscard]] std::optional<std::uint64_t> to_id_cheaply(const Datum& datum);

// Texts that a computation makes, kept until clear().
class TextArena {
 public:
  // Empty, to be filled at once: the next call may give the same memory after clear().
  [[nodiscard]] std::string& next();
  void clear() noexcept { used_ = 0; }

 private:
  std::vector<std::unique_ptr<std::string>> texts_;
  std::size_t used_ = 0;
};

}  // namespace akyn::exec
