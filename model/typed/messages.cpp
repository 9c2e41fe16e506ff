// SPDX-License-Identifier: MIT
// messages: send, reply and ask (D9 to D11), and what an ask leaves behind.
// Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include "model/typed/body.hpp"

namespace capstan::model {

std::optional<int> Body::request(const ast::Name& name, bool wants_reply) {
  const std::vector<int> found = elaboration_.find_messages(name.text);
  if (found.empty()) {
    Diagnostic& diagnostic = error(
        "E0213", name.span, fmt::format("there is no message `{}`", name.text), "unknown message");
    std::vector<std::string> names;
    for (const Message& each : elaboration_.protocol.messages) {
      if (!each.is_reply) names.push_back(each.name);
    }
    elaboration_.suggest_for(diagnostic, name.text, names);
    return std::nullopt;
  }
  const Message& chosen = elaboration_.protocol.messages[static_cast<std::size_t>(found[0])];
  if (chosen.is_reply) {
    const Message& asked = elaboration_.protocol.messages[static_cast<std::size_t>(chosen.request)];
    error("E0317", name.span, fmt::format("`{}` is a reply to `{}`", chosen.name, asked.name),
          "a reply")
        .helps.push_back(
            fmt::format("a handler of `{}` sends it: `reply {}(...)`", asked.name, chosen.name));
    return std::nullopt;
  }
  if (wants_reply != (chosen.reply >= 0)) {
    Diagnostic& diagnostic = error(
        "E0317", name.span,
        wants_reply ? fmt::format("`{}` has no reply to wait for", chosen.name)
                    : fmt::format("`{}` has a reply, which `send` does not wait for", chosen.name),
        wants_reply ? "a one-way message" : "a request");
    diagnostic.secondary.push_back({chosen.span, "declared here"});
    diagnostic.helps.push_back(wants_reply ? fmt::format("`send {}(...) to ...`", chosen.name)
                                           : fmt::format("`ask ...: {}(...)`", chosen.name));
    return std::nullopt;
  }
  return found[0];
}

std::vector<ExprPtr> Body::message_arguments(const ast::MessageExpr& written, int index) {
  const Message& sent = elaboration_.protocol.messages[static_cast<std::size_t>(index)];
  return arguments(written.args, sent.fields, "`" + sent.name + "`", written.span, sent.span);
}

void Body::require_handler(const Expr& target, int message_index, Span span) {
  if (is_unknown(target.type)) return;
  const Type type = types().at(target.type);
  const Type process = type.kind == Type::Kind::Set ? types().at(type.element) : type;
  if (process.kind != Type::Kind::Process || process.role < 0) return;
  const auto& handled = elaboration_.receivers[static_cast<std::size_t>(message_index)];
  if (handled.contains(process.role)) return;
  const Message& sent = elaboration_.protocol.messages[static_cast<std::size_t>(message_index)];
  Diagnostic& diagnostic =
      error("E0221", span, fmt::format("`{}` has no handler for `{}`", process.name, sent.name),
            "would wait for ever");
  diagnostic.secondary.push_back(
      {elaboration_.protocol.roles[static_cast<std::size_t>(process.role)].span, "declared here"});
  diagnostic.helps.push_back(
      fmt::format("add `on {}(...) {{ }}` to `{}`", sent.name, process.name));
}

void Body::send_statement(const ast::Statement& written) {
  Statement result;
  result.kind = StatementKind::Send;
  result.span = written.span;
  if (kind_ == BodyKind::Merge || kind_ == BodyKind::ObjectOp) {
    error("E0322", written.span,
          fmt::format("{} cannot send messages",
                      kind_ == BodyKind::Merge ? "a merge" : "an object's operation"),
          "sends");
    return;
  }
  const auto index = request(written.message->name, false);
  if (index) {
    result.index = *index;
    result.args = message_arguments(*written.message, *index);
  }
  if (written.any) {
    result.target = choose(*written.target, written.target->span);
  } else {
    result.target = check(*written.target);
  }
  if (written.after) send_window(*written.after, result);
  if (is_unknown(result.target->type)) return;
  const Type type = types().at(result.target->type);
  result.target_is_set = type.kind == Type::Kind::Set;
  const Type process = result.target_is_set ? types().at(type.element) : type;
  if (process.kind != Type::Kind::Process) {
    Diagnostic& diagnostic =
        error("E0308", result.target->span,
              fmt::format("messages go to a process or a set of processes, not to {}",
                          elaboration_.a(result.target->type)),
              elaboration_.a(result.target->type));
    explain_misfit(diagnostic, *result.target, process_type(types(), -1, ""));
    return;
  }
  if (index) require_handler(*result.target, *index, result.target->span);
  push(std::move(result));
}

std::optional<int> Body::request_of_reply(const ast::Statement& written, const std::string& name,
                                          Span span) {
  const Protocol& protocol = elaboration_.protocol;
  if (kind_ == BodyKind::Handler && message >= 0) {
    const Message& handled = protocol.messages[static_cast<std::size_t>(message)];
    if (handled.reply < 0) {
      Diagnostic& diagnostic =
          error("E0317", written.span,
                fmt::format("nobody waits for an answer to `{}`", handled.name), "a reply");
      diagnostic.secondary.push_back({handled.span, "declared without `->`"});
      const std::vector<int> replies = elaboration_.find_messages(name);
      const bool is_one_way =
          !replies.empty() && !protocol.messages[static_cast<std::size_t>(replies[0])].is_reply;
      diagnostic.helps.push_back(
          is_one_way
              ? fmt::format("`{}` is a message of its own: `send {}(...) to sender`", name, name)
              : fmt::format(
                    "if no answer is meant, `{0}` is a message of its own: declare `message "
                    "{0}(...)` and `send {0}(...) to sender`",
                    name));
      diagnostic.helps.push_back(fmt::format(
          "if whoever sends `{0}` waits for it, declare `message {0}(...) -> {1}(...)` and `ask`",
          handled.name, name));
      return std::nullopt;
    }
    return message;
  }
  if (kind_ == BodyKind::Function && function != nullptr) {
    function->replies.push_back({name, span});
    const std::vector<int> found = elaboration_.find_messages(name);
    if (found.size() > 1) {
      error("E0208", written.span,
            fmt::format("several messages are answered by `{}`: this function cannot tell which",
                        name),
            "ambiguous")
          .helps.push_back("pass it the `asker`, and `reply ... to` that");
      return std::nullopt;
    }
    if (!found.empty() && protocol.messages[static_cast<std::size_t>(found[0])].is_reply) {
      return protocol.messages[static_cast<std::size_t>(found[0])].request;
    }
    return std::nullopt;
  }
  error("E0317", written.span, "there is nobody to reply to here: no message is being handled",
        "a reply")
      .helps.push_back("`reply ... to a` answers an `asker` kept from before");
  return std::nullopt;
}

ExprPtr Body::reply_target(const ast::Statement& written, int& request_index) {
  ExprPtr target = check(*written.target);
  if (is_unknown(target->type)) return target;
  const Type asker = types().at(target->type);
  if (asker.kind != Type::Kind::Asker) {
    Diagnostic& diagnostic =
        error("E0308", target->span,
              fmt::format("a reply goes to an `asker`, not to {}", elaboration_.a(target->type)),
              elaboration_.a(target->type));
    if (asker.kind == Type::Kind::Process) {
      diagnostic.helps.push_back("store `asker` rather than `sender` when the request arrives");
    }
    explain_misfit(diagnostic, *target, {});
    return make_unknown(target->span);
  }
  request_index = asker.message;
  return target;
}

void Body::reply_statement(const ast::Statement& written) {
  Statement result;
  result.kind = StatementKind::Reply;
  result.span = written.span;
  if (kind_ == BodyKind::Merge || kind_ == BodyKind::ObjectOp) {
    error("E0322", written.span, "this code cannot reply", "a reply");
    return;
  }
  const Protocol& protocol = elaboration_.protocol;
  // What is relayed is asked for first: its reply has all the arguments.
  TypeId asked;
  int asked_slot = -1;
  std::optional<int> relayed;
  if (written.ask) {
    relayed = elaboration_.find_messages(written.ask->message.name.text).empty()
                  ? std::nullopt
                  : std::optional(elaboration_.find_messages(written.ask->message.name.text)[0]);
    asked_slot = ask(*written.ask, true, asked);
  }
  std::string name = written.message ? written.message->name.text : "";
  if (relayed && protocol.messages[static_cast<std::size_t>(*relayed)].reply >= 0) {
    const int reply = protocol.messages[static_cast<std::size_t>(*relayed)].reply;
    name = protocol.messages[static_cast<std::size_t>(reply)].name;
  }
  int request_index = -1;
  if (written.target) {
    result.target = reply_target(written, request_index);
  } else {
    request_index = request_of_reply(written, name, written.span).value_or(-1);
  }
  if (request_index < 0) return;
  const Message& handled = protocol.messages[static_cast<std::size_t>(request_index)];
  const Message& reply = protocol.messages[static_cast<std::size_t>(handled.reply)];
  result.index = handled.reply;
  if (name != reply.name) {
    const Span span = written.message ? written.message->name.span : written.ask->message.name.span;
    Diagnostic& diagnostic =
        error("E0317", span,
              fmt::format("`{}` is answered by `{}`, not by `{}`", handled.name, reply.name, name),
              "another reply");
    diagnostic.secondary.push_back({reply.span, "its reply"});
    elaboration_.suggest_for(diagnostic, name, {reply.name});
    return;
  }
  if (written.message) {
    result.args = message_arguments(*written.message, handled.reply);
    return push(std::move(result));
  }
  if (is_unknown(asked)) return;
  if (is_set(types(), asked)) {
    error("E0317", written.ask->span, "a reply relays one answer, and this asks for a set of them",
          "several answers")
        .helps.push_back("`ask p: M()` asks one process");
    return;
  }
  for (std::size_t i = 0; i < reply.fields.size(); ++i) {
    ExprPtr field = make_expr(ExprKind::Field, reply.fields[i].type, written.ask->span);
    field->index = static_cast<int>(i);
    field->operands.push_back(make_local(asked_slot, asked, written.ask->span));
    result.args.push_back(std::move(field));
  }
  push(std::move(result));
}

ExprPtr Body::ask_value(const ast::Ask& written) {
  TypeId type;
  const int slot = ask(written, true, type);
  if (slot < 0 || is_unknown(type)) return make_unknown(written.span);
  return make_local(slot, type, written.span);
}

int Body::ask(const ast::Ask& written, bool used, TypeId& type, const ast::Name* name) {
  const auto failed = [&] {
    if (name != nullptr) declare(*name, {});
    return -1;
  };
  if (lazy_where_ != nullptr || pending_ == nullptr) {
    const bool is_function = lazy_where_ == nullptr && kind_ == BodyKind::Function;
    error("E0315", written.span,
          fmt::format("an `ask` cannot stand in {}", lazy_where_ != nullptr ? lazy_where_
                                                     : is_function          ? "a function"
                                                                   : "a value that is not code"),
          "would suspend")
        .helps.push_back(is_function ? "ask in the handler, action or operation, and pass the "
                                       "answer to the function"
                                     : "ask before: `let answer = ask ...`");
    return failed();
  }
  if (!may_suspend(written.span, "an `ask`")) return failed();
  auto data = std::make_unique<AskData>();
  const auto index = request(written.message.name, true);
  if (index) data->args = message_arguments(written.message, *index);
  ask_target(written, *data);
  if (!index) return failed();
  data->message = *index;
  require_handler(*data->target, *index, data->target->span);
  ask_quorum(written, *data);
  const Message& asked = elaboration_.protocol.messages[static_cast<std::size_t>(*index)];
  const TypeId tuple = elaboration_.protocol.messages[static_cast<std::size_t>(asked.reply)].tuple;
  if (written.where) {
    const Scoped scoped(*this);
    data->it_slot = hidden("$it", tuple);
    locals_.push_back({"it", data->it_slot, written.where->span});
    data->where = guard(*written.where, "what `where` asks of a reply");
  }
  type = data->count == AskData::Count::One ? tuple : set_of(types(), tuple);
  data->result_type = type;
  ask_otherwise(written, used, *data, tuple);
  if (used) {
    data->result_slot = name != nullptr ? declare(*name, type) : hidden("$ask", type);
  }
  const int slot = data->result_slot;
  Statement result;
  result.kind = StatementKind::Ask;
  result.span = written.span;
  result.ask = std::move(data);
  push(std::move(result));
  return slot;
}

void Body::ask_target(const ast::Ask& written, AskData& data) {
  const bool one = written.count == ast::Ask::Count::One;
  if (one && written.any) {
    data.target = choose(*written.target, written.target->span);
  } else if (one) {
    data.target = check(*written.target);
  } else {
    data.target = check(*written.target);
    if (data.target->kind == ExprKind::Constant &&
        is_kind(types(), data.target->type, Type::Kind::Process)) {
      data.target = as_collection(std::move(data.target), "whom `ask` asks");
    }
  }
  if (is_unknown(data.target->type)) return;
  const Type type = types().at(data.target->type);
  const bool is_set_of_them = type.kind == Type::Kind::Set;
  const Type process = is_set_of_them ? types().at(type.element) : type;
  if (process.kind == Type::Kind::Process && is_set_of_them != one) return;
  Diagnostic& diagnostic = error(
      "E0308", data.target->span,
      fmt::format("{} must be {}, not {}", one ? "whom `ask` asks" : "whom `ask ... of` asks",
                  one ? "a process" : "a set of processes", elaboration_.a(data.target->type)),
      elaboration_.a(data.target->type));
  if (process.kind == Type::Kind::Process && one) {
    diagnostic.helps.push_back(
        "`ask any S: ...` asks one of a set, `ask majority of S: ...` and "
        "`ask all of S: ...` ask many");
  } else {
    explain_misfit(diagnostic, *data.target, process_type(types(), -1, ""));
  }
  data.target = make_unknown(data.target->span);
}

void Body::ask_quorum(const ast::Ask& written, AskData& data) {
  if (written.count == ast::Ask::Count::One) return;
  data.count = AskData::Count::All;
  if (written.count == ast::Ask::Count::All) return;
  data.count = AskData::Count::Quorum;
  const TypeId integer = int_type(types());
  const ast::Expr& quorum = *written.quorum;
  if (quorum.kind == ast::ExprKind::Name && quorum.name.text == "majority") {
    if (is_unknown(data.target->type)) return;
    // Evaluated where the ask begins, like the target itself.
    ExprPtr size = make_expr(ExprKind::Size, integer, quorum.span);
    size->operands.push_back(clone(*data.target));
    ExprPtr half = make_expr(ExprKind::Divide, integer, quorum.span);
    half->operands.push_back(std::move(size));
    half->operands.push_back(make_constant(Value::integer(2), integer, quorum.span));
    data.quorum = make_expr(ExprKind::Add, integer, quorum.span);
    data.quorum->operands.push_back(std::move(half));
    data.quorum->operands.push_back(make_constant(Value::integer(1), integer, quorum.span));
    return;
  }
  data.quorum = number(quorum, "how many answers `ask` waits for");
  // Role but self is as large at every process: the first one stands for all.
  const int self =
      role_ < 0 ? -1 : elaboration_.protocol.roles[static_cast<std::size_t>(role_)].first_process;
  const auto count = elaboration_.known_value(*data.quorum, self);
  const auto targets = elaboration_.known_value(*data.target, self);
  if (!count || (targets && targets->kind() != Value::Kind::Set)) return;
  if (count->number() < 0) {
    error("E0401", quorum.span, fmt::format("an `ask` cannot wait for {} answers", count->number()),
          "negative");
    return;
  }
  if (!targets) return;
  const auto size = static_cast<std::int64_t>(targets->elements().size());
  if (count->number() <= size) return;
  // The other asks for the same number are wrong for the same reason.
  const std::string cause =
      fmt::format("{} {} {}", elaboration_.text(quorum.span), count->number(), size);
  if (!elaboration_.impossible_quorums.insert(cause).second) return;
  error("E0401", quorum.span,
        fmt::format("this waits for {} answers and asks only {}: it would wait for ever",
                    count->number(), size),
        fmt::format("{} here", count->number()))
      .secondary.push_back(
          {data.target->span, fmt::format("{} process{}", size, size == 1 ? "" : "es")});
}

void Body::ask_otherwise(const ast::Ask& written, bool used, AskData& data, TypeId tuple) {
  data.has_else = written.has_else;
  if (!written.has_else) return;
  if (written.after) data.after = number(*written.after, "how long this waits for answers");
  const Scoped scoped(*this);
  const int slot = hidden("$replies", set_of(types(), tuple));
  locals_.push_back({"replies", slot, written.span});
  data.otherwise = block(written.otherwise);
  data.replies_slot = slots_read_.contains(slot) ? slot : -1;
  if (!used || !falls_through(data.otherwise)) return;
  error("E0316", written.span,
        "the value of this `ask` is used, so its `else` must leave: nothing has answered there",
        "its `else` goes on")
      .helps.push_back("end the `else` with `return`, `fail`, `unknown` or `next`");
}

}  // namespace capstan::model
