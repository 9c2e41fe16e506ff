// SPDX-License-Identifier: MIT
// proof_picture: the states that contradict what was to be proved, as cards, with arrows for what
// leads from one to another and a mark where two that should be equal are not.
//
// From: checker's Counterexample. To: write. Cards stand in rows by how many arrows lead to them.
// Tested by: tests/unit/reports/proof_picture_test.cpp
#pragma once

#include <string>

#include "checker/finding.hpp"
#include "reports/picture.hpp"

namespace capstan::reports {

/// `expectation` has a counterexample. `command`: the line that shows it again; may be empty.
Picture proof_picture(const checker::ScenarioReport& scenario,
                      const checker::ExpectationReport& expectation, const std::string& command);

}  // namespace capstan::reports
