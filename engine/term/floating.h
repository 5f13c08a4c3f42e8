// xsd:float and xsd:double: parsing and the canonical form (XML Schema 1.1 Part 2, 3.3.4, 3.3.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace akyn {

// The nearest value of a lexical form; nothing when it is none. No white space around it.
[[nodiscard]] std::optional<double> parse_double(std::string_view text) noexcept;
[[nodiscard]] std::optional<float> parse_float(std::string_view text) noexcept;

// "1.0E0", "-2.5E-3", "INF", "NaN": the shortest digits that read back as the same value.
[[nodiscard]] std::string format_double(double value);
[[nodiscard]] std::string format_float(float value);

// The string that a cast to xsd:string gives (XPath F&O 19.1.2.2): a plain decimal for magnitudes from
// 0.000001 (inclusive) to 1000000 (exclusive), "0" and "-0"; otherwise the canonical form.
[[nodiscard]] std::string string_of_double(double value);
[[nodiscard]] std::string string_of_float(float value);

}  // namespace akyn
