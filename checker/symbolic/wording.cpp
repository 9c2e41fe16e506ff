// SPDX-License-Identifier: MIT
// wording: see the header.
#include "checker/symbolic/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "checker/symbolic/cells.hpp"
#include "model/base/require.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

using model::HistoryOperation;
using model::ObjectKind;
using model::ObjectOp;
using model::Value;

namespace {

/// Whether what the sentences say must come before what leads from one operation to another.
bool leads(const std::vector<Sentence>& sentences, int from, int to) {
  std::vector<int> open{from};
  for (std::size_t next = 0; next < open.size(); ++next) {
    for (const Sentence& edge : sentences) {
      const bool is_new = std::find(open.begin(), open.end(), edge.after) == open.end();
      if (edge.is_edge() && edge.before == open[next] && is_new) open.push_back(edge.after);
    }
  }
  return from != to && std::find(open.begin(), open.end(), to) != open.end();
}

}  // namespace

Wording::Wording(const model::Protocol& protocol, const model::History& history,
                 const HistoryPart& part, const std::vector<int>& operations,
                 std::vector<HistoryOperation> failed)
    : protocol_(protocol),
      history_(history),
      part_(part),
      object_(protocol.objects[static_cast<std::size_t>(part.object)]),
      failed_(std::move(failed)) {
  for (const int i : operations) {
    CoreOperation mine;
    const HistoryOperation& given = history[static_cast<std::size_t>(i)];
    mine.history_index = i;
    mine.process = given.process;
    mine.invoked = given.invoked;
    mine.responded = given.responded;
    mine.is_read = model::is_read_only(object_, given.op);
    operations_.push_back(std::move(mine));
  }
  if (const auto view = cell_view(protocol, history, part, {})) elements_ = view->elements;
  give_badges();
  give_names();
}

const HistoryOperation& Wording::operation(int i) const {
  return history_[static_cast<std::size_t>(operations_[static_cast<std::size_t>(i)].history_index)];
}
const ObjectOp& Wording::op(int i) const {
  return object_.ops[static_cast<std::size_t>(operation(i).op)];
}

void Wording::give_badges() {
  int updates = 0, reads = 0;
  for (CoreOperation& mine : operations_) {
    int& count = mine.is_read ? reads : updates;
    const int first = mine.is_read ? 'r' : 'a';
    const int letters = mine.is_read ? 9 : 17;  // r..z, a..q
    mine.badge = std::string(1, static_cast<char>(first + count % letters));
    if (count >= letters) mine.badge += std::to_string(count / letters + 1);
    ++count;
  }
}

void Wording::give_names() {
  std::map<std::string, int> plain, by_client, by_answer;
  const auto with_answer = [&](int i) {
    return fmt::format("{}'s {} of {}", client(i), operations_[static_cast<std::size_t>(i)].name,
                       operations_[static_cast<std::size_t>(i)].answer);
  };
  const int count = static_cast<int>(operations_.size());
  for (int i = 0; i < count; ++i) {
    CoreOperation& mine = operations_[static_cast<std::size_t>(i)];
    std::vector<std::string> arguments;
    for (std::size_t k = 0; k < operation(i).args.size(); ++k) {
      arguments.push_back(protocol_.types.format(op(i).parameters[k].type, operation(i).args[k]));
    }
    mine.name = arguments.empty() ? op(i).name
                                  : fmt::format("{}({})", op(i).name, fmt::join(arguments, ", "));
    if (!operation(i).is_pending())
      mine.answer = op(i).has_result ? result(i, operation(i).result) : "ok";
    ++plain[mine.name];
    ++by_client[client(i) + mine.name];
    ++by_answer[with_answer(i)];
  }
  for (int i = 0; i < count; ++i) {
    CoreOperation& mine = operations_[static_cast<std::size_t>(i)];
    const bool tells_answer =
        mine.is_read && op(i).parameters.empty() && !operation(i).is_pending();
    if (plain[mine.name] == 1) {
      mine.long_name = mine.name;
    } else if (by_client[client(i) + mine.name] == 1) {
      mine.long_name = fmt::format("{}'s {}", client(i), mine.name);
    } else if (tells_answer && by_answer[with_answer(i)] == 1) {
      mine.long_name = with_answer(i);
    } else {
      mine.long_name = fmt::format("{}'s {} ({})", client(i), mine.name, mine.badge);
    }
  }
}

std::string Wording::subject() const {
  if (!object_.has_key) return object_.name;
  return fmt::format("{}[{}]", object_.name, protocol_.types.format(object_.key, part_.key));
}

std::string Wording::client(int i) const {
  const auto process = static_cast<std::size_t>(operation(i).process);
  return protocol_.types.processes().at(process).name;
}

std::string Wording::result(int i, const Value& value) const {
  return protocol_.types.format(op(i).result, value);
}

std::string Wording::state(const Value& state) const {
  if (object_.kind == ObjectKind::Written) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < object_.states.size(); ++i) {
      parts.push_back(
          fmt::format("{} = {}", object_.states[i].name,
                      protocol_.types.format(object_.states[i].type, state.elements()[i])));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
  }
  if (object_.kind == ObjectKind::Lock) {
    return fmt::format("{} {}", subject(), !state.is_none() && state.truth() ? "held" : "free");
  }
  if (object_.kind == ObjectKind::Counter) return fmt::format("{} = {}", subject(), state.number());
  if (state.kind() != Value::Kind::Set && state.kind() != Value::Kind::Sequence) {
    return fmt::format("{} = {}", subject(), protocol_.types.format(object_.element, state));
  }
  if (object_.kind == ObjectKind::Register || object_.kind == ObjectKind::CasRegister) {
    return fmt::format("{} = {}", subject(), protocol_.types.format(object_.element, state));
  }
  std::vector<std::string> elements;
  for (const Value& value : state.elements())
    elements.push_back(protocol_.types.format(object_.element, value));
  const bool is_set = object_.kind == ObjectKind::Set;
  return fmt::format("{} = {}{}{}", subject(), is_set ? "{" : "[", fmt::join(elements, ", "),
                     is_set ? "}" : "]");
}

std::string Wording::short_name(int i) const {
  const CoreOperation& mine = operations_[static_cast<std::size_t>(i)];
  const auto same =
      std::count_if(operations_.begin(), operations_.end(),
                    [&](const CoreOperation& other) { return other.name == mine.name; });
  return same == 1 ? mine.name : fmt::format("{} ({})", mine.name, mine.badge);
}

std::string Wording::ended(int i) const {
  const CoreOperation& mine = operations_[static_cast<std::size_t>(i)];
  if (!op(i).has_result) return fmt::format("it was acknowledged (step {})", mine.responded);
  return fmt::format("it returned {} (step {})", mine.answer, mine.responded);
}

std::string Wording::returned(int i) const {
  const CoreOperation& mine = operations_[static_cast<std::size_t>(i)];
  const bool has_answer_in_name = mine.long_name.ends_with(" of " + mine.answer);
  const std::string who =
      has_answer_in_name ? fmt::format("{}'s {}", client(i), mine.name) : mine.long_name;
  return fmt::format("{} returned {}", who, mine.answer);
}

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

std::string listed(const std::vector<int>& numbers) {
  std::vector<std::string> items;
  for (const int number : numbers) items.push_back(std::to_string(number));
  return listed(items);
}

std::string Wording::premises(const std::vector<int>& numbers) const {
  return "with " + listed(numbers);
}

std::string Wording::element(int cell) const {
  return protocol_.types.format(object_.element, elements_.at(static_cast<std::size_t>(cell)));
}

std::string Wording::observed(const Sentence& line, int cell) const {
  const std::string text = returned(line.reader);
  if (object_.kind != ObjectKind::Set || op(line.reader).name != "read") return text;
  const bool is_in =
      operation(line.reader).result.contains(elements_.at(static_cast<std::size_t>(cell)));
  return fmt::format("{}, {} {}", text, is_in ? "with" : "without", element(cell));
}

std::string Wording::sentence(const Sentence& line, const std::vector<Sentence>& all) const {
  const int cell = line.cell;
  const auto name = [&](int i) { return operations_[static_cast<std::size_t>(i)].long_name; };
  switch (line.rule) {
    case Rule::RealTime:
      return fmt::format("{} must come before {}: {} before {} was called (step {}).",
                         name(line.before), name(line.after), ended(line.before), name(line.after),
                         operations_[static_cast<std::size_t>(line.after)].invoked);
    case Rule::Source:
      return source(line, cell);
    case Rule::NotBetween:
      return not_between(line, cell);
    case Rule::Initial: {
      const bool is_value = op(line.reader).name == "read" && object_.kind != ObjectKind::Set;
      return fmt::format("{}, {}, so {}it must come before {}.", observed(line, cell),
                         is_value ? "the initial value" : "as at the start",
                         line.premises.empty() ? "" : premises(line.premises) + " ",
                         name(line.after));
    }
    case Rule::SourceExcluded:
      return excluded(line, cell, all);
    case Rule::NoSource:
      return no_source(line, cell);
    case Rule::Count:
      return count(line, all);
    case Rule::Returned:
      return fmt::format("{} ({}) returned {} (step {}).", name(line.reader),
                         operations_[static_cast<std::size_t>(line.reader)].badge,
                         operations_[static_cast<std::size_t>(line.reader)].answer,
                         operations_[static_cast<std::size_t>(line.reader)].responded);
    case Rule::Cycle:
    case Rule::Order:
    case Rule::AllOrders:
      break;
  }
  CAPSTAN_UNREACHABLE("sentences about orders are made where the orders are");
}

std::string Wording::source(const Sentence& line, int cell) const {
  const std::string& writer = operations_[static_cast<std::size_t>(line.before)].long_name;
  const std::string& reader = operations_[static_cast<std::size_t>(line.after)].long_name;
  if (line.premises.empty()) {
    return fmt::format("{}, which only {} can have brought about, so {} must come before {}.",
                       observed(line, cell), writer, writer, reader);
  }
  return fmt::format("{}: {}, only {} can have brought that about, so {} must come before {}.",
                     observed(line, cell), premises(line.premises), writer, writer, reader);
}

std::string Wording::not_between(const Sentence& line, int cell) const {
  const auto name = [&](int i) { return operations_[static_cast<std::size_t>(i)].long_name; };
  std::string last = "last write";
  if (object_.kind == ObjectKind::Set) last = fmt::format("last update of {}", element(cell));
  if (object_.kind == ObjectKind::Lock) last = "last change";
  return fmt::format("{}, so {} is the {} before it: {}, {} must come before {}.",
                     observed(line, cell), name(line.source), last, premises(line.premises),
                     name(line.before), name(line.after));
}

std::string Wording::excluded(const Sentence& line, int cell,
                              const std::vector<Sentence>& all) const {
  const auto name = [&](int i) { return operations_[static_cast<std::size_t>(i)].long_name; };
  const std::string with = premises(line.premises);
  if (line.before < 0) {
    return fmt::format("{}, which is not from the start: {}, the start is overwritten before it.",
                       observed(line, cell), with);
  }
  std::vector<Sentence> used;
  for (const int number : line.premises) used.push_back(all[static_cast<std::size_t>(number - 1)]);
  if (leads(used, line.reader, line.before)) {
    return fmt::format("{}, which is not from {}: {}, that comes later.", observed(line, cell),
                       name(line.before), with);
  }
  return fmt::format("{}, which is not from {}: {}, that is overwritten before it.",
                     observed(line, cell), name(line.before), with);
}

std::string Wording::no_source(const Sentence& line, int cell) const {
  if (object_.kind == ObjectKind::Queue || object_.kind == ObjectKind::Log)
    return never_put(line.reader);
  if (line.premises.empty())
    return fmt::format("{}, but {}.", observed(line, cell), never(line.reader, cell));
  return fmt::format("{}, but {} nothing is left that it can come from.", observed(line, cell),
                     premises(line.premises));
}

std::string Wording::never(int reader, int cell) const {
  const Value& answer = operation(reader).result;
  const std::string& name = op(reader).name;
  switch (object_.kind) {
    case ObjectKind::Register:
    case ObjectKind::CasRegister: {
      const Value& value = name == "cas" ? operation(reader).args[0] : answer;
      if (name == "cas" && !answer.truth())  // it found anything but its old value
        return fmt::format("nothing ever writes anything but {}",
                           protocol_.types.format(object_.element, value));
      return only_failed("writes", {"write", "cas"}, value);
    }
    case ObjectKind::Set: {
      const Value& of_cell = elements_.at(static_cast<std::size_t>(cell));
      const bool is_in = name == "read" ? answer.contains(of_cell) : answer.truth();
      return is_in ? only_failed("adds", {"add"}, of_cell)
                   : only_failed("removes", {"remove"}, of_cell);
    }
    case ObjectKind::Lock: {
      const bool found_held = (name == "acquire") != answer.truth();
      return found_held ? "nothing else ever acquires it" : "nothing else ever releases it";
    }
    case ObjectKind::Counter:
    case ObjectKind::Queue:
    case ObjectKind::Log:
    case ObjectKind::Written:
      break;
  }
  CAPSTAN_UNREACHABLE("an object without cells");
}

/// "nothing ever writes 2", or who did and failed.
std::string Wording::only_failed(const std::string& verb, const std::vector<std::string>& ops,
                                 const Value& value) const {
  const std::string text = protocol_.types.format(object_.element, value);
  std::vector<std::string> failed;
  for (const HistoryOperation& each : failed_) {
    const bool is_of_ops =
        std::ranges::count(ops, object_.ops[static_cast<std::size_t>(each.op)].name) > 0;
    if (is_of_ops && !each.args.empty() && each.args.back() == value)
      failed.push_back(failed_name(each));
  }
  if (failed.empty()) return fmt::format("nothing ever {} {}", verb, text);
  return fmt::format("nothing {} {} but {}, which failed", verb, text, listed(failed));
}

std::string Wording::failed_name(const HistoryOperation& failed) const {
  const ObjectOp& op = object_.ops[static_cast<std::size_t>(failed.op)];
  std::vector<std::string> arguments;
  for (std::size_t k = 0; k < failed.args.size(); ++k)
    arguments.push_back(protocol_.types.format(op.parameters[k].type, failed.args[k]));
  const std::string& who =
      protocol_.types.processes().at(static_cast<std::size_t>(failed.process)).name;
  return fmt::format("{}'s {}{} (step {})", who, op.name,
                     arguments.empty() ? "" : fmt::format("({})", fmt::join(arguments, ", ")),
                     failed.responded);
}

std::string Wording::never_put(int reader) const {
  const bool is_queue = object_.kind == ObjectKind::Queue;
  std::map<Value, int> seen;
  std::vector<std::string> names;
  std::string what;
  const int count = static_cast<int>(operations_.size());
  for (const Value& value : shown_values(protocol_, operation(reader))) {
    ++seen[value];
    for (int i = 0; i < count && is_queue; ++i) {
      const std::vector<Value> other = shown_values(protocol_, operation(i));
      if (other.empty() || other.front() != value) continue;
      names.push_back(operations_[static_cast<std::size_t>(i)].long_name);
    }
    const int put = put_count(protocol_, history_, part_, value);
    if ((is_queue ? static_cast<int>(names.size()) : seen[value]) <= put) continue;
    const std::string text = protocol_.types.format(object_.element, value);
    const std::string verb = is_queue ? "enqueue" : "append";
    if (put == 0)
      return fmt::format("{}, but {}.", returned(reader), only_failed(verb + "s", {verb}, value));
    const std::string times = put == 1 ? "once" : fmt::format("{} times", put);
    const std::string who = is_queue ? fmt::format("{} {} returned {}", listed(names),
                                                   names.size() == 2 ? "both" : "all", text)
                                     : returned(reader);
    return fmt::format("{}, but {} is {}{} only {}.", who, text, verb, is_queue ? "d" : "ed",
                       times);
  }
  CAPSTAN_UNREACHABLE("a value that was put in often enough");
}

namespace {

/// "is at least 2 by then".
std::string bound(const std::vector<std::int64_t>& possible, std::int64_t got) {
  if (possible.size() == 1) return fmt::format("is {} by then", possible.front());
  if (got < possible.front()) return fmt::format("is at least {} by then", possible.front());
  if (got > possible.back()) return fmt::format("is at most {} by then", possible.back());
  return fmt::format("can only be {} by then", fmt::join(possible, " or "));
}

}  // namespace

std::string Wording::count(const Sentence& line, const std::vector<Sentence>& all) const {
  std::vector<Sentence> used;
  for (const int number : line.premises) used.push_back(all[static_cast<std::size_t>(number - 1)]);
  std::int64_t sure =
      line.source < 0 ? object_.initial.number() : operation(line.source).result.number();
  std::vector<std::int64_t> free;
  for (const int i : part_.operations) {
    const HistoryOperation& update = history_[static_cast<std::size_t>(i)];
    if (model::is_read_only(object_, update.op)) continue;
    const auto at =
        std::find_if(operations_.begin(), operations_.end(),
                     [&](const CoreOperation& mine) { return mine.history_index == i; });
    const int mine = at == operations_.end() ? -1 : static_cast<int>(at - operations_.begin());
    if (leads(used, line.reader, mine) || (line.source >= 0 && leads(used, mine, line.source)))
      continue;
    const bool is_sure =
        leads(used, mine, line.reader) && (line.source < 0 || leads(used, line.source, mine));
    if (is_sure)
      sure += counter_amount(protocol_, update);
    else
      free.push_back(counter_amount(protocol_, update));
  }
  std::vector<std::int64_t> possible = subset_sums(free).value_or(std::vector<std::int64_t>{0});
  for (std::int64_t& sum : possible) sum += sure;
  return fmt::format("{}{}, but {}{} {}.", returned(line.reader),
                     line.source < 0 ? "" : fmt::format(" after {}", returned(line.source)),
                     line.premises.empty() ? "" : premises(line.premises) + " ", subject(),
                     bound(possible, operation(line.reader).result.number()));
}

}  // namespace capstan::checker
