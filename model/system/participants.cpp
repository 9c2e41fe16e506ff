// SPDX-License-Identifier: MIT
#include "model/system/participants.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "model/system/object.hpp"
#include "model/typed/clock_usage.hpp"

namespace capstan::model {
namespace {

/// The messages, by index, that code may send: requests and answers too.
class Sent {
 public:
  explicit Sent(const Protocol& protocol) : protocol_(protocol) {}

  std::set<int> by(const Code& code) {
    sent_.clear();
    if (!code.guard || decided_by_params(protocol_, *code.guard).value_or(true)) walk(code.block);
    return sent_;
  }

 private:
  void walk(const Block& block) {
    for (const Statement& each : block) walk(each);
  }

  void walk(const Statement& statement) {
    switch (statement.kind) {
      case StatementKind::Send:
      case StatementKind::Reply:
        sent_.insert(statement.index);
        return;
      case StatementKind::Ask:
        sent_.insert(statement.ask->message);
        walk(statement.ask->otherwise);
        return;
      case StatementKind::Call:
        walk(protocol_.functions[static_cast<std::size_t>(statement.index)].block);
        return;
      case StatementKind::If: {
        const std::optional<bool> known = decided_by_params(protocol_, *statement.value);
        if (known.value_or(true)) walk(statement.body);
        if (!known.value_or(false)) walk(statement.otherwise);
        return;
      }
      case StatementKind::For:
        walk(statement.body);
        return;
      default:
        return;
    }
  }

  const Protocol& protocol_;
  std::set<int> sent_;
};

using OperationTest = std::function<bool(const Operation&)>;

/// Who sends what to whom, by roles.
class Exchange {
 public:
  /// `is_invoked`: which operations may ever be; handlers of messages that nobody then sends do not
  /// count. `counts`: of which of them what they send counts.
  Exchange(const Protocol& protocol, const OperationTest& is_invoked, const OperationTest& counts)
      : protocol_(protocol), sent_(protocol), by_role_(protocol.roles.size()) {
    std::set<int> messages;
    std::size_t before = 0;
    do {
      before = messages.size();
      for (const Role& role : protocol.roles) messages.merge(sent_by(role, is_invoked, messages));
    } while (messages.size() != before);
    for (std::size_t role = 0; role < protocol.roles.size(); ++role)
      by_role_[role] = sent_by(protocol.roles[role], counts, messages);
  }

  /// Whether some process of the one role may send a message to one of the other.
  bool has_link(std::size_t from, std::size_t to) const {
    return std::ranges::any_of(by_role_[from], [&](int message) {
      const Message& what = protocol_.messages[static_cast<std::size_t>(message)];
      if (what.is_reply) return by_role_[to].contains(what.request);
      return std::ranges::any_of(protocol_.roles[to].handlers, [message](const Handler& handler) {
        return handler.message == message;
      });
    });
  }

 private:
  std::set<int> sent_by(const Role& role, const OperationTest& counts,
                        const std::set<int>& in_flight) {
    std::set<int> all;
    for (const Code& code : role.on_start) all.merge(sent_.by(code));
    for (const Code& code : role.on_restart) all.merge(sent_.by(code));
    for (const Action& action : role.actions) all.merge(sent_.by(action.code));
    for (const Operation& operation : role.operations)
      if (counts(operation)) all.merge(sent_.by(operation.code));
    for (const Handler& handler : role.handlers)
      if (in_flight.contains(handler.message)) all.merge(sent_.by(handler.code));
    return all;
  }

  const Protocol& protocol_;
  Sent sent_;
  std::vector<std::set<int>> by_role_;
};

/// Makes `roles` grow by each role that `joins` says belongs to one of them.
void grow(std::set<std::size_t>& roles, std::size_t count,
          const std::function<bool(std::size_t role, std::size_t member)>& joins) {
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    for (std::size_t role = 0; role < count; ++role) {
      const auto is_joined = [&](std::size_t member) { return joins(role, member); };
      if (!roles.contains(role) && std::ranges::any_of(roles, is_joined))
        goes_on = roles.insert(role).second;
    }
  }
}

std::vector<int> processes_of(const Protocol& protocol, const std::set<std::size_t>& roles) {
  std::vector<int> processes;
  for (const std::size_t index : roles) {
    const Role& role = protocol.roles[index];
    for (int i = 0; i < role.count; ++i) processes.push_back(role.first_process + i);
  }
  std::ranges::sort(processes);
  return processes;
}

std::set<std::pair<int, int>> scripted(const Protocol& protocol) {
  std::set<std::pair<int, int>> operations;
  for (std::size_t process = 0; process < protocol.scenario.scripts.size(); ++process) {
    for (const Step& step : protocol.scenario.scripts[process]) {
      if (step.kind == Step::Kind::Operation) operations.emplace(step.object, step.op);
      if (step.kind != Step::Kind::AnyOperations) continue;
      for (const Operation& each : protocol.role_of(static_cast<int>(process)).operations)
        operations.emplace(each.object, each.op);
    }
  }
  return operations;
}

}  // namespace

std::vector<int> replicas(const Protocol& protocol) {
  const auto is_read = [&protocol](const Operation& operation) {
    return is_final_read(protocol.objects[static_cast<std::size_t>(operation.object)],
                         operation.op);
  };
  const auto in_scripts = scripted(protocol);
  const auto is_invoked = [&](const Operation& operation) {
    return is_read(operation) || in_scripts.contains({operation.object, operation.op});
  };
  const Exchange exchange(protocol, is_invoked, is_read);
  std::set<std::size_t> roles;
  for (std::size_t role = 0; role < protocol.roles.size(); ++role)
    if (std::ranges::any_of(protocol.roles[role].operations, is_read)) roles.insert(role);
  grow(roles, protocol.roles.size(),
       [&](std::size_t role, std::size_t member) { return exchange.has_link(role, member); });
  return processes_of(protocol, roles);
}

std::vector<int> servers(const Protocol& protocol) {
  const auto in_scripts = scripted(protocol);
  const auto is_invoked = [&](const Operation& operation) {
    return in_scripts.contains({operation.object, operation.op});
  };
  const Exchange exchange(protocol, is_invoked, is_invoked);
  std::set<std::size_t> roles;
  for (std::size_t role = 0; role < protocol.roles.size(); ++role)
    if (std::ranges::any_of(protocol.roles[role].operations, is_invoked)) roles.insert(role);
  grow(roles, protocol.roles.size(), [&](std::size_t role, std::size_t member) {
    return exchange.has_link(role, member) || exchange.has_link(member, role);
  });
  std::set<std::size_t> serving = roles;
  std::erase_if(serving,
                [&](std::size_t role) { return !protocol.roles[role].operations.empty(); });
  return processes_of(protocol, serving.empty() ? roles : serving);
}

bool has_link(const Protocol& protocol, int process) {
  for (int other = 0; other < protocol.process_count(); ++other)
    if (other != process &&
        (protocol.is_used_link(process, other) || protocol.is_used_link(other, process)))
      return true;
  return false;
}

}  // namespace capstan::model
