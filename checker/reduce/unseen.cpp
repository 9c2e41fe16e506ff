// SPDX-License-Identifier: MIT
#include "checker/reduce/unseen.hpp"

#include <algorithm>

#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

using model::Fault;
using model::PropertyKind;

/// Whether the expectation is about what has happened up to some moment.
bool is_safety(PropertyKind kind) {
  switch (kind) {
    case PropertyKind::Linearizable:
    case PropertyKind::Regular:
    case PropertyKind::Safe:
    case PropertyKind::BoundedStaleness:
    case PropertyKind::Always:
    case PropertyKind::Never:
    case PropertyKind::Reachable:
    case PropertyKind::WithinHops:  // judged without faults
    case PropertyKind::Unsupported:  // not judged
    case PropertyKind::Semilattice:  // not explored
    case PropertyKind::Commutes:
    case PropertyKind::Inductive:
      return true;
    case PropertyKind::Eventually:
    case PropertyKind::EventuallyAlways:
    case PropertyKind::Whenever:
    case PropertyKind::ConvergesOn:
    case PropertyKind::NoAcknowledgedWriteLost:
    case PropertyKind::AcknowledgedWriteLost:
    case PropertyKind::AvailableTo:
      return false;
  }
  CAPSTAN_UNREACHABLE("a kind of property");
}

bool is_unseen(const Fault& fault, bool is_fifo, PredicateReads reads) {
  switch (fault.kind) {
    case Fault::Kind::Partition:
      return !fault.dropping || (!is_fifo && !reads.messages);
    case Fault::Kind::Lose:
      return !is_fifo && !reads.messages;
    case Fault::Kind::Duplicate:
      return false;
    case Fault::Kind::Crash:
      return !reads.live;
    case Fault::Kind::Pause:
      return true;
  }
  CAPSTAN_UNREACHABLE("a kind of fault");
}

}  // namespace

std::vector<bool> unseen_faults(const model::Protocol& protocol, PredicateReads reads) {
  const model::Scenario& scenario = protocol.scenario;
  const bool applies =
      !scenario.is_timely &&
      std::ranges::all_of(scenario.expectations, [](const model::Expectation& expectation) {
        return is_safety(expectation.kind);
      });
  std::vector<bool> unseen;
  for (const Fault& fault : scenario.faults)
    unseen.push_back(applies && is_unseen(fault, scenario.network_fifo, reads));
  return unseen;
}

bool forgets_nothing(const model::Role& role) {
  return role.on_restart.empty() &&
         std::ranges::none_of(role.variables, [](const model::Variable& variable) {
           return variable.storage == model::Storage::Volatile ||
                  variable.storage == model::Storage::Unsynced;
         });
}

}  // namespace capstan::checker
