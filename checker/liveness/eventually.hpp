// SPDX-License-Identifier: MIT
// eventually: `eventually P`, `eventually always P`, `whenever A, eventually B`, `available to` and
// `converges on E` over the infinite runs of a protocol at one point.
//
// From: typed/protocol. To: checker/check. Decided on the whole state graph (state_graph) by the
// fair runs in it (fair_runs): `eventually P` is violated by a fair run that stays in not P from
// its first state on; `whenever A, eventually B` by one that, from some state with A and not B on,
// stays in not B; `eventually always P` by one that is in not P again and again; `converges on E`
// by one that, after some state, has no invocation and no new fault, in which cuts heal and
// processes restart in the end, and in which processes that are up differ in E again and again.
// Dead messages are dropped unless some formula reads messages: delivering one changes nothing and
// they owe nothing to anybody, so a fair run with them becomes one without, and the reverse, state
// for state. Symmetry and reductions that reorder steps stay off (SEMANTICS 5.1 of the design). In
// a counterexample the dropped messages are delivered at the first moment (full_run), so that it is
// a run of the whole protocol. Tested by: tests/differential/endless_reference_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/protocol_system.hpp"
#include "checker/liveness/component_map.hpp"
#include "checker/liveness/window.hpp"
#include "model/behaviour/trace.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

struct EndlessAnswer {
  std::optional<bool> holds;          // nullopt: undecided
  std::optional<model::Trace> trace;  // of a violation
  std::string remark;                 // why undecided
  std::string untested;  // what nothing put to the test (`whenever A`: no state with A), if so
  std::int64_t time_horizon = 0, time_gap = 0;  // as in Evidence
  std::optional<Window> window;                 // of `converges`, where it holds
  std::optional<ComponentMap> components;       // of `converges`, where it does not
};

struct EndlessReport {
  std::vector<std::optional<EndlessAnswer>> answers;  // by expectation; nullopt: not one of these
  std::uint64_t states = 0;
  std::uint64_t steps = 0;
  std::uint64_t memory_bytes = 0;
};

/// Whether a property is about infinite runs.
bool is_endless(model::PropertyKind kind);

/// Judges the expectations that `wanted` names (by index), under the limits of `options`. Without
/// `reductions` nothing is dropped. `horizon`: as CheckOptions.
EndlessReport judge_endless(const model::Protocol& protocol, const ExploreOptions& options,
                            bool reductions, const std::vector<std::size_t>& wanted,
                            int horizon = 0);
/// The same, with times kept as is known already: `known` is what another exploration of this
/// scenario has learned, which spares the restarts.
EndlessReport judge_endless(const model::Protocol& protocol, const ExploreOptions& options,
                            bool reductions, const std::vector<std::size_t>& wanted,
                            const TimeAbstraction& known);

/// Why the graph of all states does not tell what goes on for ever where times are kept like that;
/// empty if it does.
std::string doubt_of_time(const TimeAbstraction& time, ProtocolSystem& system);

}  // namespace capstan::checker
