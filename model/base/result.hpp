// SPDX-License-Identifier: MIT
// Result: a value, or a Failure that says what in the world was in the way (a file, a limit, a
// solver).
//
// Stands in for std::expected, which C++20 lacks. A wrong spec is not a Failure but a Diagnostic.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "model/base/require.hpp"

namespace capstan::model {

/// Why something could not be done; one sentence for a person, lower case, no full stop.
struct Failure {
  std::string message;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Failure failure) : content_(std::move(failure)) {}

  bool has_value() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return has_value(); }
  T& value() {
    CAPSTAN_REQUIRE(has_value(), "value() of a failure");
    return std::get<T>(content_);
  }
  const T& value() const {
    CAPSTAN_REQUIRE(has_value(), "value() of a failure");
    return std::get<T>(content_);
  }
  const Failure& failure() const {
    CAPSTAN_REQUIRE(!has_value(), "failure() of a value");
    return std::get<Failure>(content_);
  }

 private:
  std::variant<T, Failure> content_;
};

}  // namespace capstan::model
