// SPDX-License-Identifier: MIT
// value: construction, order and byte form of spec values.
//
// The byte form: a first byte of 16 or more is a small number in itself (most values are), a byte
// below is a tag followed by a varint (numbers, zigzag) or by a count and the elements. Sets are
// sorted when made, so equal values have equal bytes. Tested by:
// tests/unit/model/typed/value_test.cpp
#include "model/typed/value.hpp"

#include <algorithm>
#include <utility>

#include "model/base/require.hpp"

namespace capstan::model {
namespace {

constexpr std::uint8_t kSmallNumberBase = 16;
constexpr std::int64_t kSmallNumberMax = 255 - kSmallNumberBase;

void append_varint(std::string& bytes, std::uint64_t number) {
  while (number >= 0x80) {
    bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(number | 0x80)));
    number >>= 7;
  }
  bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(number)));
}

std::uint8_t take_byte(std::string_view& bytes) {
  CAPSTAN_REQUIRE(!bytes.empty(), "a value's bytes end too early");
  const auto byte = static_cast<std::uint8_t>(bytes.front());
  bytes.remove_prefix(1);
  return byte;
}

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = take_byte(bytes);
    number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return number;
  }
  CAPSTAN_UNREACHABLE("a varint of more than 64 bits");
}

std::uint64_t zigzag(std::int64_t number) {
  return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}

std::int64_t unzigzag(std::uint64_t number) {
  return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
}

}  // namespace

Value Value::integer(std::int64_t number) {
  Value value;
  value.kind_ = Kind::Integer;
  value.number_ = number;
  return value;
}

Value Value::tuple(std::vector<Value> fields) {
  Value value;
  value.kind_ = Kind::Tuple;
  value.elements_ = std::make_shared<const std::vector<Value>>(std::move(fields));
  return value;
}

Value Value::set(std::vector<Value> elements) {
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  Value value;
  value.kind_ = Kind::Set;
  value.elements_ = std::make_shared<const std::vector<Value>>(std::move(elements));
  return value;
}

Value Value::map(std::vector<Value> values) {
  Value value;
  value.kind_ = Kind::Map;
  value.elements_ = std::make_shared<const std::vector<Value>>(std::move(values));
  return value;
}

Value Value::sequence(std::vector<Value> elements) {
  Value value;
  value.kind_ = Kind::Sequence;
  value.elements_ = std::make_shared<const std::vector<Value>>(std::move(elements));
  return value;
}

Value Value::with_elements(std::vector<Value> elements) const {
  switch (kind_) {
    case Kind::Tuple:
      return tuple(std::move(elements));
    case Kind::Set:
      return set(std::move(elements));
    case Kind::Map:
      return map(std::move(elements));
    case Kind::Sequence:
      return sequence(std::move(elements));
    case Kind::None:
    case Kind::Integer:
      break;
  }
  CAPSTAN_UNREACHABLE("only collections have elements");
}

std::int64_t Value::number() const {
  CAPSTAN_REQUIRE(kind_ == Kind::Integer, "number() of a value that is none");
  return number_;
}

const std::vector<Value>& Value::elements() const {
  CAPSTAN_REQUIRE(elements_ != nullptr, "elements() of a value without any");
  return *elements_;
}

bool Value::contains(const Value& element) const {
  const std::vector<Value>& all = elements();
  if (kind_ == Kind::Set) return std::binary_search(all.begin(), all.end(), element);
  return std::find(all.begin(), all.end(), element) != all.end();
}

std::strong_ordering operator<=>(const Value& a, const Value& b) {
  if (a.kind_ != b.kind_) return a.kind_ <=> b.kind_;
  if (a.kind_ == Value::Kind::None) return std::strong_ordering::equal;
  if (a.kind_ == Value::Kind::Integer) return a.number_ <=> b.number_;
  if (a.elements_ == b.elements_) return std::strong_ordering::equal;  // shared
  return std::lexicographical_compare_three_way(a.elements_->begin(), a.elements_->end(),
                                                b.elements_->begin(), b.elements_->end());
}

void Value::append_to(std::string& bytes) const {
  if (kind_ == Kind::Integer && number_ >= 0 && number_ <= kSmallNumberMax) {
    bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(number_ + kSmallNumberBase)));
    return;
  }
  bytes.push_back(static_cast<char>(kind_));
  if (kind_ == Kind::None) return;
  if (kind_ == Kind::Integer) {
    append_varint(bytes, zigzag(number_));
    return;
  }
  append_varint(bytes, elements_->size());
  for (const Value& element : *elements_) element.append_to(bytes);
}

Value Value::read(std::string_view& bytes) {
  const std::uint8_t first = take_byte(bytes);
  if (first >= kSmallNumberBase) return integer(first - kSmallNumberBase);
  CAPSTAN_REQUIRE(first <= static_cast<std::uint8_t>(Kind::Sequence), "not a value's first byte");
  const auto kind = static_cast<Kind>(first);
  if (kind == Kind::None) return none();
  if (kind == Kind::Integer) return integer(unzigzag(take_varint(bytes)));
  const std::uint64_t count = take_varint(bytes);
  CAPSTAN_REQUIRE(count <= bytes.size(), "a value's bytes end too early");
  std::vector<Value> elements;
  elements.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) elements.push_back(read(bytes));
  Value value;
  value.kind_ = kind;
  value.elements_ = std::make_shared<const std::vector<Value>>(std::move(elements));
  return value;
}

}  // namespace capstan::model
