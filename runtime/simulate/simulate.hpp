// SPDX-License-Identifier: MIT
// simulate: seeded random runs of the plain executor under the same monitors as an exploration, for
// sizes that cannot be explored.
//
// From: runtime/command/simulate. To: ScenarioReport, like a check. A run that settles an
// expectation is shrunk. Runs that show nothing prove nothing: such an expectation stays undecided.
// Each run is a function of (seed, its number), so any of them can be had again. Cost of a step:
// one copy of the world for each step that was possible.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/finding.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::runtime {

struct SimulateOptions {
  std::uint64_t runs = 1000;
  std::uint64_t steps = 1000;  // at most, in one run
  std::uint64_t seed = 1;
  double seconds_max = 0;  // 0: no limit
  std::string property;    // only expectations whose slug or text contains this; empty: all
};

struct Simulation {
  /// Expectations that runs decide; the evidence holds traces only, as after a check.
  checker::ScenarioReport report;
  /// What single runs cannot decide.
  std::vector<checker::ExpectationReport> not_judged;
  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  /// By expectation of the report: the run that settled it, counted from 1, and its length before
  /// it was shrunk; 0: none did.
  struct Settled {
    std::uint64_t run = 0;
    std::uint64_t steps = 0;
  };
  std::vector<Settled> settled;
};

Simulation simulate(std::shared_ptr<const model::Protocol> protocol,
                    const SimulateOptions& options);

}  // namespace capstan::runtime
