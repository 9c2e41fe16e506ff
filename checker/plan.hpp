// SPDX-License-Identifier: MIT
// plan: what the exploration of a scenario looks for: which goals decide which expectation, and
// what a goal that was found is evidence of.
//
// From: check, minimal (which explore). To: explore/explorer. The goals name tracks and predicates
// of one ProtocolSystem, so every system has a plan of its own.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/protocol_system.hpp"
#include "checker/finding.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

struct Plan {
  std::vector<Goal> goals;
  /// By expectation: the first found of these decides it. Empty: not asked for.
  std::vector<std::vector<std::size_t>> of_expectation;
  std::vector<std::size_t> errors;  // goals that mean a model error
};

/// Whether `filter` (a part of its text or of its slug; empty: all) names the expectation.
bool is_wanted(const model::Expectation& expectation, const std::string& filter);

Plan plan_of(const ProtocolSystem& system, const std::string& filter);

/// The shortest of what was found for these goals; nullptr: none was.
const Found* shortest(const Exploration& exploration, const std::vector<std::size_t>& goals);

/// A goal that was found, in terms of the protocol.
struct Finding {
  Evidence evidence;                       // the trace and its counts
  std::optional<model::ModelError> error;  // of a model error: which
};
Finding finding_of(const ProtocolSystem& system, const Found& found);

}  // namespace capstan::checker
