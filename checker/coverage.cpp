// SPDX-License-Identifier: MIT
#include "checker/coverage.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace capstan::checker {
namespace {

using model::Label;
using model::Statement;
using model::StatementKind;

class Search {
 public:
  Search(const ProtocolSystem& system, const Exploration& exploration)
      : machine_(system.machine()), protocol_(machine_.protocol()) {
    for (LabelId id = 0; id < exploration.labels_taken.size(); ++id)
      if (exploration.labels_taken[id]) visit(system.label(id));
  }

  std::vector<Uncovered> run() {
    for (std::size_t role = 0; role < protocol_.roles.size(); ++role) bodies(role);
    faults();
    std::ranges::sort(found_, {}, [](const Uncovered& each) { return each.span.begin; });
    return std::move(found_);
  }

 private:
  void visit(const Label& label) {
    if (label.fault >= 0) strikes_.insert(label.fault);
    if (label.kind == Label::Kind::Act) acts_.insert({role_of(label.process), label.alternative});
    if (label.kind == Label::Kind::Deliver && label.alternative >= 0)
      deliveries_.insert({role_of(label.message.destination), label.alternative});
    if (label.kind == Label::Kind::Invoke)
      invocations_.insert({role_of(label.process), label.object, label.op});
  }

  int role_of(int process) const {
    return protocol_.types.processes()[static_cast<std::size_t>(process)].role;
  }

  void add(model::Span span, std::string what) { found_.push_back({span, std::move(what)}); }

  void bodies(std::size_t index) {
    const model::Role& role = protocol_.roles[index];
    const int number = static_cast<int>(index);
    for (const model::Code& code : role.on_start) branches(code.block);
    for (const model::Code& code : role.on_restart) branches(code.block);
    for (std::size_t i = 0; i < role.handlers.size(); ++i)
      body(role.handlers[i].code, deliveries_.contains({number, static_cast<int>(i)}),
           "this handler never takes a message");
    for (std::size_t i = 0; i < role.actions.size(); ++i)
      body(role.actions[i].code, acts_.contains({number, static_cast<int>(i)}),
           "this action is never enabled");
    for (const model::Operation& operation : role.operations)
      body(operation.code, invocations_.contains({number, operation.object, operation.op}),
           "this operation is never invoked");
  }

  void body(const model::Code& code, bool is_taken, const char* otherwise) {
    if (is_taken) {
      branches(code.block);
    } else {
      add(code.span, otherwise);
    }
  }

  void branches(const model::Block& block) {
    for (const Statement& statement : block) {
      if (statement.kind == StatementKind::If) {
        const unsigned taken = machine_.branches_taken(statement);
        if (taken == 1) add(statement.value->span, "this condition is never false");
        if (taken == 2) add(statement.value->span, "this condition is never true");
        if (taken == 0) add(statement.value->span, "this condition is never reached");
        if (taken == 0) continue;
      }
      branches(statement.body);
      branches(statement.otherwise);
      if (statement.ask) branches(statement.ask->otherwise);
    }
  }

  void faults() {
    for (std::size_t i = 0; i < protocol_.scenario.faults.size(); ++i) {
      const model::Fault& fault = protocol_.scenario.faults[i];
      if (fault.limit > 0 && !strikes_.contains(static_cast<int>(i)))
        add(fault.span, "this fault never strikes");
    }
  }

  const model::LocalMachine& machine_;
  const model::Protocol& protocol_;
  std::set<int> strikes_;
  std::set<std::pair<int, int>> acts_, deliveries_;  // role, index
  std::set<std::tuple<int, int, int>> invocations_;  // role, object, operation
  std::vector<Uncovered> found_;
};

}  // namespace

std::vector<Uncovered> uncovered(const ProtocolSystem& system, const Exploration& exploration) {
  return Search(system, exploration).run();
}

}  // namespace capstan::checker
