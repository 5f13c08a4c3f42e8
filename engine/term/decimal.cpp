#include "engine/term/decimal.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace akyn {
namespace {

namespace mp = boost::multiprecision;

BigInteger power_of_ten(std::uint32_t exponent) {
  return mp::pow(BigInteger(10), exponent);
}

// A bound from above on the number of decimal digits.
std::size_t digit_bound(const BigInteger& value) {
  if (value.is_zero()) return 1;
  const BigInteger magnitude = mp::abs(value);
  return static_cast<std::size_t>(static_cast<double>(mp::msb(magnitude) + 1) * 0.30103) + 1;
}

bool fits_int64(const BigInteger& value) {
  return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max();
}

// Rounds towards negative infinity.
BigInteger floor_quotient(const BigInteger& dividend, const BigInteger& positive_divisor) {
  BigInteger quotient;
  BigInteger remainder;
  mp::divide_qr(dividend, positive_divisor, quotient, remainder);
  if (remainder.sign() < 0) --quotient;
  return quotient;
}

template <class Number>
Number nearest(const std::string& text) {
  Number number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc::result_out_of_range) return number;
  // from_chars leaves the number alone both when it is too large and when it is too small.
  const bool negative = text.front() == '-';
  const std::string_view magnitude = std::string_view(text).substr(negative ? 1 : 0);
  const Number limit = magnitude.starts_with("0") ? Number{0} : std::numeric_limits<Number>::infinity();
  return negative ? -limit : limit;
}

}  // namespace

Decimal::Decimal(BigInteger digits, std::uint32_t scale) : digits_(std::move(digits)), scale_(scale) {
  normalize();
}

void Decimal::normalize() {
  if (scale_ == 0) return;
  if (digits_.is_zero()) {
    scale_ = 0;
    return;
  }
  if (fits_int64(digits_)) {
    auto small = static_cast<std::int64_t>(digits_);
    const std::uint32_t before = scale_;
    while (scale_ > 0 && small % 10 == 0) {
      small /= 10;
      --scale_;
    }
    if (scale_ != before) digits_ = small;
    return;
  }
  BigInteger quotient;
  BigInteger remainder;
  while (scale_ > 0) {
    mp::divide_qr(digits_, BigInteger(10), quotient, remainder);
    if (!remainder.is_zero()) return;
    digits_.swap(quotient);
    --scale_;
  }
}

bool Decimal::within_limit() const {
  return scale_ <= kMaxDigits && digit_bound(digits_) <= kMaxDigits;
}

std::optional<Decimal> Decimal::parse(std::string_view text, bool whole) {
  if (text.size() > kMaxDigits) return std::nullopt;
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  std::uint64_t chunk = 0;  // up to 18 digits at a time
  std::uint64_t unit = 1;
  BigInteger digits = 0;
  bool point = false;
  bool any = false;
  std::uint32_t scale = 0;
  const auto flush = [&] {
    if (digits.is_zero()) {
      digits = chunk;
    } else {
      digits *= unit;
      digits += chunk;
    }
    chunk = 0;
    unit = 1;
  };
  for (const char c : text) {
    if (c == '.') {
      if (point || whole) return std::nullopt;
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    any = true;
    chunk = chunk * 10 + static_cast<std::uint64_t>(c - '0');
    unit *= 10;
    if (point) ++scale;
    if (unit == 1'000'000'000'000'000'000U) flush();
  }
  if (!any) return std::nullopt;
  flush();
  if (negative) digits = -digits;
  return Decimal(std::move(digits), scale);
}

std::optional<Decimal> Decimal::exactly(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  BigInteger digits = static_cast<std::int64_t>(std::ldexp(fraction, 53));
  exponent -= 53;
  if (exponent >= 0) return Decimal(BigInteger(digits << static_cast<unsigned>(exponent)));
  // m / 2^k = m * 5^k / 10^k
  const auto k = static_cast<std::uint32_t>(-exponent);
  digits *= mp::pow(BigInteger(5), k);
  return Decimal(std::move(digits), k);
}

std::string Decimal::to_string() const {
  std::string text = mp::abs(digits_).str();
  if (scale_ > 0) {
    if (text.size() <= scale_) text.insert(0, scale_ + 1 - text.size(), '0');
    text.insert(text.size() - scale_, 1, '.');
  }
  if (digits_.sign() < 0) text.insert(0, 1, '-');
  return text;
}

std::optional<std::int64_t> Decimal::to_int64() const {
  if (scale_ != 0 || !fits_int64(digits_)) return std::nullopt;
  return static_cast<std::int64_t>(digits_);
}

double Decimal::to_double() const {
  static constexpr std::array<double, 23> kPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  // Both operands are exact, so that the quotient is rounded once.
  if (scale_ < kPowers.size() && digits_ <= kExact && digits_ >= -kExact) {
    return static_cast<double>(static_cast<std::int64_t>(digits_)) / kPowers[scale_];
  }
  return nearest<double>(to_string());
}

float Decimal::to_float() const {
  return nearest<float>(to_string());
}

Decimal Decimal::operator-() const {
  Decimal result = *this;
  result.digits_ = -result.digits_;
  return result;
}

Decimal Decimal::floor() const {
  return scale_ == 0 ? *this : Decimal(floor_quotient(digits_, power_of_ten(scale_)));
}

Decimal Decimal::ceil() const {
  return -(-*this).floor();
}

Decimal Decimal::truncate() const {
  return sign() < 0 ? ceil() : floor();
}

Decimal Decimal::round() const {
  if (scale_ == 0) return *this;
  const BigInteger unit = power_of_ten(scale_);
  return Decimal(floor_quotient(digits_ * 2 + unit, unit * 2));
}

std::optional<Decimal> Decimal::add(const Decimal& left, const Decimal& right) {
  Decimal result;
  if (left.scale_ == right.scale_) {
    result = Decimal(left.digits_ + right.digits_, left.scale_);
  } else if (left.scale_ < right.scale_) {
    result = Decimal(left.digits_ * power_of_ten(right.scale_ - left.scale_) + right.digits_, right.scale_);
  } else {
    result = Decimal(left.digits_ + right.digits_ * power_of_ten(left.scale_ - right.scale_), left.scale_);
  }
  if (!result.within_limit()) return std::nullopt;
  return result;
}

std::optional<Decimal> Decimal::subtract(const Decimal& left, const Decimal& right) {
  return add(left, -right);
}

std::optional<Decimal> Decimal::multiply(const Decimal& left, const Decimal& right) {
  if (digit_bound(left.digits_) + digit_bound(right.digits_) > kMaxDigits) return std::nullopt;
  Decimal result(left.digits_ * right.digits_, left.scale_ + right.scale_);
  if (!result.within_limit()) return std::nullopt;
  return result;
}

std::optional<Decimal> Decimal::divide(const Decimal& left, const Decimal& right) {
  if (right.is_zero()) return std::nullopt;
  if (left.is_zero()) return Decimal();
  // digits wanted after the point: the division digits, plus the leading zeros of a small quotient
  const auto left_digits = static_cast<std::int64_t>(digit_bound(left.digits_)) - left.scale_;
  const auto right_digits = static_cast<std::int64_t>(digit_bound(right.digits_)) - right.scale_;
  const std::int64_t leading_zeros = std::max<std::int64_t>(0, right_digits - left_digits);
  const std::int64_t scale = std::max<std::int64_t>(kDivisionDigits + leading_zeros, left.scale_);
  if (scale > static_cast<std::int64_t>(kMaxDigits)) return std::nullopt;
  // left / right * 10^scale = left.digits * 10^(scale + right.scale - left.scale) / right.digits
  const BigInteger dividend =
      mp::abs(left.digits_) * power_of_ten(static_cast<std::uint32_t>(scale + right.scale_ - left.scale_));
  const BigInteger divisor = mp::abs(right.digits_);
  BigInteger quotient;
  BigInteger remainder;
  mp::divide_qr(dividend, divisor, quotient, remainder);
  if (remainder * 2 >= divisor) ++quotient;  // to the nearest, ties away from zero
  if (left.sign() != right.sign()) quotient = -quotient;
  Decimal result(std::move(quotient), static_cast<std::uint32_t>(scale));
  if (!result.within_limit()) return std::nullopt;
  return result;
}

std::strong_ordering operator<=>(const Decimal& left, const Decimal& right) {
  if (const auto order = left.sign() <=> right.sign(); order != 0) return order;
  int order = 0;
  if (left.scale_ == right.scale_) {
    order = left.digits_.compare(right.digits_);
  } else if (left.scale_ < right.scale_) {
    order = BigInteger(left.digits_ * power_of_ten(right.scale_ - left.scale_)).compare(right.digits_);
  } else {
    order = left.digits_.compare(BigInteger(right.digits_ * power_of_ten(left.scale_ - right.scale_)));
  }
  return order <=> 0;
}

}  // namespace akyn
