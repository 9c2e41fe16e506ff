// SPDX-License-Identifier: MIT
// Value: one immutable value of the spec's types.
//
// Untyped on purpose: booleans, numbers, enumerators (by position) and processes (by global number)
// are integers; an option is `none` or the value itself; a map is total and holds its values in the
// order of its key's domain. The type says how to print it (typed/type). Copies share their
// elements. Cost: comparison is linear in the size. Total order: none first, then by number or
// element by element, which is the order of the language.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace capstan::model {

/// The time `least`, as a number: before every other time. It takes no part in arithmetic.
inline constexpr std::int64_t kLeastTime = std::numeric_limits<std::int64_t>::min() / 2;

class Value {
 public:
  enum class Kind : std::uint8_t { None, Integer, Tuple, Set, Map, Sequence };

  Value() = default;  // none
  static Value none() { return {}; }
  static Value integer(std::int64_t number);
  static Value boolean(bool value) { return integer(value ? 1 : 0); }
  static Value tuple(std::vector<Value> fields);
  /// Sorts and removes duplicates.
  static Value set(std::vector<Value> elements);
  static Value map(std::vector<Value> values);
  static Value sequence(std::vector<Value> elements);
  /// A value of the same kind (not None, not Integer) with other elements.
  Value with_elements(std::vector<Value> elements) const;

  Kind kind() const { return kind_; }
  bool is_none() const { return kind_ == Kind::None; }
  /// The number of an Integer.
  std::int64_t number() const;
  bool truth() const { return number() != 0; }
  /// The elements of anything but None and Integer.
  const std::vector<Value>& elements() const;
  bool contains(const Value& element) const;  // of a Set (binary search) or Sequence

  friend std::strong_ordering operator<=>(const Value& a, const Value& b);
  friend bool operator==(const Value& a, const Value& b) { return (a <=> b) == 0; }

  /// Appends a self-delimiting byte form: equal values have equal bytes. `read` is its inverse.
  void append_to(std::string& bytes) const;
  static Value read(std::string_view& bytes);

 private:
  Kind kind_ = Kind::None;
  std::int64_t number_ = 0;
  std::shared_ptr<const std::vector<Value>> elements_;
};

}  // namespace capstan::model
