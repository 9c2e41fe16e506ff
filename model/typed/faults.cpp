// SPDX-License-Identifier: MIT
// faults: clauses of `faults { }`, the network and the clocks of a scenario (D22 to D25).
// Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "model/base/require.hpp"
#include "model/typed/scenario.hpp"

namespace capstan::model {

void ScenarioElaboration::read_circumstances() {
  const ast::Circumstances& written = written_.circumstances;
  read_clocks();
  for (const ast::Network& network : written.networks) {
    switch (network.kind) {
      case ast::Network::Kind::Kept:
        scenario_.network_kept = true;
        break;
      case ast::Network::Kind::Delay:
        read_delay(network);
        break;
      case ast::Network::Kind::Fifo:
        scenario_.network_fifo = true;
        break;
    }
  }
  if (scenario_.network_kept && scenario_.network_fifo) {
    error("E0518", written.networks.back().span, "a network is either `fifo` or `kept`",
          "a message that stays has no place in a queue");
  }
  for (const ast::Fault& fault : written.faults) read_fault(fault);
}

void ScenarioElaboration::read_fault(const ast::Fault& written) {
  Fault fault;
  fault.span = written.span;
  fault.text = elaboration_.text(written.span);
  bool fine = read_limits(written, fault);
  switch (written.kind) {
    case ast::Fault::Kind::Partition:
      fault.kind = Fault::Kind::Partition;
      fault.one_way = written.one_way;
      fault.bridging = written.bridging;
      fault.dropping = written.dropping;
      if (written.from) fine = read_cut(written, fault) && fine;
      break;
    case ast::Fault::Kind::Lose:
    case ast::Fault::Kind::Duplicate:
      fault.kind =
          written.kind == ast::Fault::Kind::Lose ? Fault::Kind::Lose : Fault::Kind::Duplicate;
      fine = read_message(written, fault) && fine;
      break;
    case ast::Fault::Kind::Crash:
      fault.kind = Fault::Kind::Crash;
      fine = read_subjects(*written.subject, "what crashes", fault) && fine;
      break;
    case ast::Fault::Kind::Pause:
      fault.kind = Fault::Kind::Pause;
      fine = read_subjects(*written.subject, "what pauses", fault) && fine;
      break;
  }
  if (fine) scenario_.faults.push_back(std::move(fault));
}

/// Who may be struck. A set that depends on the state stands for the processes of its role, each of
/// which is struck only while it is in the set.
bool ScenarioElaboration::read_subjects(const ast::Expr& expr, const std::string& what,
                                        Fault& fault) {
  Body body(elaboration_, BodyKind::Property);
  ExprPtr checked = body.check(expr);
  if (is_unknown(checked->type)) return false;
  const bool is_one = is_kind(types(), checked->type, Type::Kind::Process);
  const TypeId wanted = set_of(types(), process_type(types(), -1, ""));
  const Type type = types().at(checked->type);  // of one role, before it fits a set of any
  if (!is_one) body.fit(*checked, Want{wanted, what});
  if (is_unknown(checked->type)) return false;
  if (elaboration_.known_value(*checked)) {
    elaboration_.note_fixed(*checked);
    auto processes = read_processes(expr, what);
    if (processes) fault.subjects = std::move(*processes);
    return processes.has_value();
  }
  const bool is_set = type.kind == Type::Kind::Set;
  const int role = is_one ? type.role : is_set ? types().at(type.element).role : -1;
  for (int i = 0; i < elaboration_.protocol.process_count(); ++i) {
    if (role < 0 || types().processes()[static_cast<std::size_t>(i)].role == role)
      fault.subjects.push_back(i);
  }
  fault.among = std::move(checked);
  fault.among_frame = std::move(body.frame);
  return true;
}

bool ScenarioElaboration::read_limits(const ast::Fault& written, Fault& fault) {
  const auto read = [&](const ast::ExprPtr& expr, const char* what, int least, int& limit) {
    if (!expr) return true;
    const auto number = elaboration_.constant_number(*expr, what);
    if (!number) return false;
    if (*number < least || *number > 1000) {
      error("E0512", expr->span, fmt::format("{} cannot be {}", what, *number),
            fmt::format("from {} to 1000", least));
      return false;
    }
    limit = static_cast<int>(*number);
    return true;
  };
  const bool limited = read(written.limit, "the number of faults", 0, fault.limit);
  return read(written.at_once, "the number of faults at once", 1, fault.at_once) && limited;
}

std::optional<std::vector<int>> ScenarioElaboration::read_processes(const ast::Expr& expr,
                                                                    const std::string& what) {
  Body body(elaboration_, BodyKind::Property);
  const TypeId wanted = set_of(types(), process_type(types(), -1, ""));
  ExprPtr checked = body.check(expr);
  if (is_unknown(checked->type)) return std::nullopt;
  const auto value = elaboration_.known_value(*checked);
  if (is_kind(types(), checked->type, Type::Kind::Process) && value) {
    return std::vector<int>{static_cast<int>(value->number())};
  }
  body.fit(*checked, Want{wanted, what});
  if (is_unknown(checked->type)) return std::nullopt;
  if (!value) {
    error("E0512", expr.span, fmt::format("{} is the same in every state", what),
          "depends on the state")
        .helps.push_back("name the processes, as in `{Node 1, Node 2}`");
    return std::nullopt;
  }
  std::vector<int> processes;
  for (const Value& each : value->elements()) {
    processes.push_back(static_cast<int>(each.number()));
  }
  if (processes.empty()) {
    error("E0512", expr.span, fmt::format("{} is no process at all", what), "an empty set");
    return std::nullopt;
  }
  return processes;
}

/// The named sides. Of a bridging cut they share one process, the bridge, and what is left of them
/// is cut apart.
bool ScenarioElaboration::read_cut(const ast::Fault& written, Fault& fault) {
  const auto is_rest = [](const ast::Expr& expr) {
    return expr.kind == ast::ExprKind::Name && expr.name.text == "rest";
  };
  fault.named = true;
  const bool from_rest = is_rest(*written.from);
  const bool to_rest = is_rest(*written.to);
  const auto refuse = [&](std::string text, const char* label) {
    error("E0512", written.span, std::move(text), label);
    return false;
  };
  if (from_rest && to_rest) {
    return refuse("one side of a cut must be named: `rest` is everybody else", "both are `rest`");
  }
  if (fault.bridging && (from_rest || to_rest)) {
    return refuse("a bridging cut with `rest` has no bridge: name both sides",
                  "the sides share one process");
  }
  const auto side = [&](const ast::Expr& expr, bool rest) {
    return rest ? std::optional<std::vector<int>>(std::vector<int>{})
                : read_processes(expr, "one side of a cut");
  };
  auto from = side(*written.from, from_rest);
  auto to = side(*written.to, to_rest);
  if (!from || !to) return false;
  const auto is_in = [](const std::vector<int>& list, int process) {
    return std::ranges::find(list, process) != list.end();
  };
  const auto complement = [&](const std::vector<int>& others) {
    std::vector<int> rest;
    for (int i = 0; i < elaboration_.protocol.process_count(); ++i) {
      if (!is_in(others, i)) rest.push_back(i);
    }
    return rest;
  };
  if (from_rest) from = complement(*to);
  if (to_rest) to = complement(*from);
  std::vector<int> shared;
  std::ranges::copy_if(*from, std::back_inserter(shared),
                       [&](int process) { return is_in(*to, process); });
  if (fault.bridging && shared.size() != 1) {
    return refuse(
        fmt::format("the sides of a bridging cut share exactly one process, not {}", shared.size()),
        "the bridge is on both sides");
  }
  if (!fault.bridging && !shared.empty()) {
    return refuse(fmt::format("{} is on both sides of the cut", process_name(shared.front())),
                  "overlapping sets");
  }
  for (const int process : shared) {
    std::erase(*from, process);
    std::erase(*to, process);
  }
  if (from->empty() || to->empty()) {
    return refuse("one side of the cut is no process at all", "an empty side");
  }
  fault.from = std::move(*from);
  fault.to = std::move(*to);
  return true;
}

bool ScenarioElaboration::read_message(const ast::Fault& written, Fault& fault) {
  if (!written.message) return true;
  const std::vector<int> found = elaboration_.find_messages(written.message->text);
  if (found.size() == 1) {
    fault.message = found[0];
    return true;
  }
  Diagnostic& diagnostic = error(
      found.empty() ? "E0213" : "E0208", written.message->span,
      found.empty() ? fmt::format("there is no message `{}`", written.message->text)
                    : fmt::format("several requests are answered by `{}`", written.message->text),
      found.empty() ? "unknown message" : "ambiguous");
  std::vector<std::string> names;
  for (const Message& each : elaboration_.protocol.messages) names.push_back(each.name);
  if (found.empty()) elaboration_.suggest_for(diagnostic, written.message->text, names);
  if (!found.empty()) {
    diagnostic.helps.push_back("give the replies different names, or leave the message out");
  }
  return false;
}

}  // namespace capstan::model
