// SPDX-License-Identifier: MIT
// faults: clauses of `faults { }`, the network and the clocks of a scenario (D22 to D25).
// Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>

#include "model/base/require.hpp"
#include "model/typed/scenario.hpp"

namespace capstan::model {

void ScenarioElaboration::read_circumstances() {
  const ast::Circumstances& written = written_.circumstances;
  read_clocks();
  for (const ast::Network& network : written.networks) {
    if (network.kind == ast::Network::Kind::Kept) {
      scenario_.network_kept = true;
      continue;
    }
    if (network.kind == ast::Network::Kind::Delay) {
      read_delay(network);
      continue;
    }
    error("E0492", network.span,
          fmt::format("`{}` is not supported yet", elaboration_.text(network.span)),
          "not supported yet")
        .notes.push_back("without it, messages are unordered and may take any time");
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
      if (written.one_way || written.bridging || written.dropping) {
        const char* word = written.one_way ? "one_way" : written.bridging ? "bridging" : "dropping";
        error("E0494", written.span, fmt::format("`partition {}` is not supported yet", word),
              "not supported yet");
        fine = false;
      }
      if (written.from) read_cut(written, fault);
      break;
    case ast::Fault::Kind::Lose:
    case ast::Fault::Kind::Duplicate:
      fault.kind =
          written.kind == ast::Fault::Kind::Lose ? Fault::Kind::Lose : Fault::Kind::Duplicate;
      fine = read_message(written, fault) && fine;
      break;
    case ast::Fault::Kind::Crash: {
      fault.kind = Fault::Kind::Crash;
      const auto subjects = read_processes(*written.subject, "what crashes");
      fine = subjects.has_value() && fine;
      fault.subjects = subjects.value_or(std::vector<int>{});
      break;
    }
    case ast::Fault::Kind::Pause:
      error("E0494", written.span, "`pause` is not supported yet", "not supported yet");
      return;
  }
  if (fine) scenario_.faults.push_back(std::move(fault));
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
    error("E0494", expr.span, "faults of a set that depends on the state are not supported yet",
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

void ScenarioElaboration::read_cut(const ast::Fault& written, Fault& fault) {
  const auto is_rest = [](const ast::Expr& expr) {
    return expr.kind == ast::ExprKind::Name && expr.name.text == "rest";
  };
  fault.named = true;
  const bool from_rest = is_rest(*written.from);
  const bool to_rest = is_rest(*written.to);
  if (from_rest && to_rest) {
    error("E0512", written.span, "one side of a cut must be named: `rest` is everybody else",
          "both are `rest`");
    return;
  }
  const auto side = [&](const ast::Expr& expr, bool rest) {
    return rest ? std::optional<std::vector<int>>(std::vector<int>{})
                : read_processes(expr, "one side of a cut");
  };
  auto from = side(*written.from, from_rest);
  auto to = side(*written.to, to_rest);
  if (!from || !to) return;
  const auto complement = [&](const std::vector<int>& others) {
    std::vector<int> rest;
    for (int i = 0; i < elaboration_.protocol.process_count(); ++i) {
      if (std::ranges::find(others, i) == others.end()) rest.push_back(i);
    }
    return rest;
  };
  if (from_rest) from = complement(*to);
  if (to_rest) to = complement(*from);
  for (const int process : *from) {
    if (std::ranges::find(*to, process) == to->end()) continue;
    error("E0512", written.span,
          fmt::format("{} is on both sides of the cut", process_name(process)), "overlapping sets");
    return;
  }
  if (from->empty() || to->empty()) {
    error("E0512", written.span, "one side of the cut is no process at all", "an empty side");
    return;
  }
  fault.from = std::move(*from);
  fault.to = std::move(*to);
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
