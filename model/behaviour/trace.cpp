// SPDX-License-Identifier: MIT
// trace: tokens as values.
#include "model/behaviour/trace.hpp"

#include "model/base/require.hpp"

namespace capstan::model {

Value Token::as_value() const {
  if (process < 0) return Value::none();
  return Value::tuple({Value::integer(process), Value::integer(slot)});
}

Token Token::from_value(const Value& value) {
  if (value.is_none()) return {};
  CAPSTAN_REQUIRE(value.kind() == Value::Kind::Tuple && value.elements().size() == 2,
                  "an asker is a process and a slot");
  return {static_cast<int>(value.elements()[0].number()),
          static_cast<int>(value.elements()[1].number())};
}

}  // namespace capstan::model
