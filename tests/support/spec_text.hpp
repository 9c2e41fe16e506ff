// SPDX-License-Identifier: MIT
// spec_text: from the text of a spec to its typed protocols, for tests.
#pragma once

#include <string>
#include <vector>

#include "model/typed/protocol.hpp"

namespace capstan::tests {

/// The protocol of every point of every scenario, in source order. Throws std::runtime_error with
/// the diagnostics if there is an error.
std::vector<model::Protocol> protocols_of(const std::string& text);

/// The protocol of the only point of the only scenario.
model::Protocol protocol_of(const std::string& text);

}  // namespace capstan::tests
