// SPDX-License-Identifier: MIT
#include "checker/explore/footprint.hpp"

#include <set>

namespace capstan::checker {
namespace {

using model::Expr;
using model::ExprKind;

struct Reader {
  const model::Protocol& protocol;
  std::set<int> roles;
  bool all_processes = false;
  bool messages = false;
  bool ghosts = false;
  bool scripts = false;
  bool live = false;
  std::set<int> functions_seen;

  void read_process(const Expr& process) {
    const int role = protocol.types.at(process.type).role;
    if (role < 0)
      all_processes = true;
    else
      roles.insert(role);
  }

  void read_function(int index) {
    if (!functions_seen.insert(index).second) return;
    const model::Function& function = protocol.functions[static_cast<std::size_t>(index)];
    if (function.value) read(*function.value);
  }

  void read_binders(const std::vector<model::Binder>& binders) {
    for (const model::Binder& binder : binders) read(*binder.set);
  }

  void read(const Expr& expr) {
    if (expr.kind == ExprKind::OtherVariable || expr.kind == ExprKind::OtherCall)
      read_process(*expr.operands.front());
    if (expr.kind == ExprKind::Call || expr.kind == ExprKind::OtherCall) read_function(expr.index);
    if (expr.kind == ExprKind::IsLive || expr.kind == ExprKind::IsDone) all_processes = true;
    if (expr.kind == ExprKind::IsDone) scripts = true;
    if (expr.kind == ExprKind::IsLive) live = true;
    if (expr.kind == ExprKind::MessagesInFlight) messages = true;
    if (expr.kind == ExprKind::Ghost) ghosts = true;
    for (const model::ExprPtr& operand : expr.operands)
      if (operand) read(*operand);
    if (!expr.comprehension) return;
    const model::Comprehension& comprehension = *expr.comprehension;
    read_binders(comprehension.binders);
    for (const model::ExprPtr* part :
         {&comprehension.where, &comprehension.key, &comprehension.value, &comprehension.otherwise})
      if (*part) read(**part);
  }
};

}  // namespace

Footprint footprint_of(const model::Protocol& protocol, const Expr& condition, int ghost_track,
                       int fault_track) {
  Reader reader{protocol, {}, false, false, false, false, false, {}};
  reader.read(condition);
  Footprint footprint;
  for (int process = 0; process < protocol.process_count(); ++process) {
    const int role = protocol.types.processes()[static_cast<std::size_t>(process)].role;
    if (reader.all_processes || reader.roles.contains(role))
      footprint.processes.push_back(static_cast<std::uint16_t>(process));
  }
  if (reader.ghosts && ghost_track >= 0)
    footprint.tracks.push_back(static_cast<std::uint16_t>(ghost_track));
  // `done` asks what is left in the pools, which the fault track holds.
  if (reader.scripts && fault_track >= 0 && !protocol.scenario.pools.empty())
    footprint.tracks.push_back(static_cast<std::uint16_t>(fault_track));
  footprint.messages = reader.messages;
  footprint.live = reader.live;
  return footprint;
}

}  // namespace capstan::checker
