// Exact decimal numbers of any size: the value space of xsd:decimal and xsd:integer.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace akyn {

// Without expression templates: results are plain values.
using BigInteger =
    boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>, boost::multiprecision::et_off>;

// digits_ / 10^scale_, with the smallest possible scale: equal values have equal members.
class Decimal {
 public:
  // Forms and results beyond this many digits are refused, so that no query runs away with memory.
  static constexpr std::size_t kMaxDigits = 16'384;
  // Digits after the point of a quotient that does not end sooner; more for quotients below 1, so
  // that at least this many are significant.
  static constexpr std::uint32_t kDivisionDigits = 24;

  Decimal() = default;  // 0
  explicit Decimal(std::int64_t value) : digits_(value) {}
  explicit Decimal(BigInteger value) : digits_(std::move(value)) {}
  Decimal(BigInteger digits, std::uint32_t scale);

  // The lexical space of xsd:decimal, or with `whole` that of xsd:integer; no white space around it.
  [[nodiscard]] static std::optional<Decimal> parse(std::string_view text, bool whole = false);
  // The exact value of a finite number; nothing for NaN and infinities.
  [[nodiscard]] static std::optional<Decimal> exactly(double value);

  // Canonical form (XML Schema 1.1 Part 2, 3.3.3.2): "2", "-0.5"; no point for whole numbers.
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] bool is_whole() const noexcept { return scale_ == 0; }
  [[nodiscard]] bool is_zero() const noexcept { return digits_.is_zero(); }
  [[nodiscard]] int sign() const noexcept { return digits_.sign(); }
  [[nodiscard]] const BigInteger& digits() const noexcept { return digits_; }
  [[nodiscard]] std::uint32_t scale() const noexcept { return scale_; }
  [[nodiscard]] std::optional<std::int64_t> to_int64() const;  // nothing unless whole and in range
  [[nodiscard]] double to_double() const;                      // nearest, ties to even
  [[nodiscard]] float to_float() const;

  [[nodiscard]] Decimal operator-() const;
  [[nodiscard]] Decimal floor() const;
  [[nodiscard]] Decimal ceil() const;
  [[nodiscard]] Decimal truncate() const;
  [[nodiscard]] Decimal round() const;  // ties towards positive infinity (fn:round)

  // Nothing when the result has more than kMaxDigits digits, or when dividing by zero.
  [[nodiscard]] static std::optional<Decimal> add(const Decimal& left, const Decimal& right);
  [[nodiscard]] static std::optional<Decimal> subtract(const Decimal& left, const Decimal& right);
  [[nodiscard]] static std::optional<Decimal> multiply(const Decimal& left, const Decimal& right);
  [[nodiscard]] static std::optional<Decimal> divide(const Decimal& left, const Decimal& right);

  friend bool operator==(const Decimal&, const Decimal&) = default;
  friend std::strong_ordering operator<=>(const Decimal& left, const Decimal& right);

 private:
  void normalize();
  [[nodiscard]] bool within_limit() const;

  BigInteger digits_ = 0;
  std::uint32_t scale_ = 0;
};

}  // namespace akyn
