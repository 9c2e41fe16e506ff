// SPDX-License-Identifier: MIT
// history and trace: events paired into operations; tokens as values.
#include "model/behaviour/history.hpp"

#include <catch2/catch.hpp>

#include "model/behaviour/trace.hpp"

namespace {

using namespace capstan::model;
using Kind = HistoryEvent::Kind;

HistoryEvent event(Kind kind, int process, std::int64_t value = 0) {
  HistoryEvent e;
  e.kind = kind;
  e.process = process;
  e.object = 0;
  e.op = 0;
  if (kind == Kind::Invoke) e.args = {Value::integer(value)};
  if (kind == Kind::Ok) e.result = Value::integer(value);
  return e;
}

}  // namespace

TEST_CASE("responses belong to the last invocation of their process") {
  const History history = operations_of({event(Kind::Invoke, 1, 5), event(Kind::Invoke, 2, 6),
                                         event(Kind::Ok, 1, 7), event(Kind::Invoke, 1, 8)});
  REQUIRE(history.size() == 3);
  CHECK(history[0].process == 1);
  CHECK(history[0].args == std::vector<Value>{Value::integer(5)});
  CHECK(history[0].result == Value::integer(7));
  CHECK(history[0].invoked == 0);
  CHECK(history[0].responded == 2);
  CHECK(history[1].is_pending());
  CHECK(history[2].invoked == 3);
  CHECK(history[2].is_pending());
  CHECK(history[2].session == 0);
}

TEST_CASE("failed operations are deleted, unknown ones stay pending and begin a new session") {
  const History history =
      operations_of({event(Kind::Invoke, 1, 1), event(Kind::Fail, 1), event(Kind::Invoke, 1, 2),
                     event(Kind::Info, 1), event(Kind::Invoke, 1, 3), event(Kind::Ok, 1, 4)});
  REQUIRE(history.size() == 2);
  CHECK(history[0].args == std::vector<Value>{Value::integer(2)});
  CHECK(history[0].is_pending());
  CHECK(history[0].session == 0);
  CHECK(history[1].session == 1);
  CHECK(history[1].result == Value::integer(4));
}

TEST_CASE("positions can be given from outside") {
  const History history = operations_of({event(Kind::Invoke, 1, 1), event(Kind::Ok, 1, 4)}, {3, 3});
  CHECK(history[0].invoked == 3);
  CHECK(history[0].responded == 3);
}

TEST_CASE("a token is a process and a slot, or nobody") {
  const Token token{2, 1};
  CHECK(Token::from_value(token.as_value()) == token);
  CHECK(Token{}.as_value() == Value::none());
  CHECK(Token::from_value(Value::none()) == Token{});
}
