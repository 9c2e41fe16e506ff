// SPDX-License-Identifier: MIT
// story: a step in plain words, and the record of what it did.
//
// From: runtime/execute/world. To: reports (the story column of a space-time diagram). The caption
// of a handler, action or operation (`says`) speaks for the step that enters it; every other step
// is told in words of its label, with values as the language writes them.
#pragma once

#include <string>
#include <vector>

#include "model/behaviour/trace.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {

/// Fills in everything of `record` but label and error, which are set already.
void fill_record(const World& before, const World& after, const Effects& effects,
                 model::StepRecord& record);

/// `write(1)`, or `x.write(1)` where there is more than one object, or `x[photo].write(1)`.
std::string call_text(const model::Protocol& protocol, int object, int op, const model::Value& key,
                      const std::vector<model::Value>& args);
/// `Store((1, Client 1), 1)`
std::string message_text(const model::Protocol& protocol, const model::MessageInstance& message);
/// `{Replica 1, Client 1}`
std::string group_text(const model::Protocol& protocol, const std::vector<int>& group);

}  // namespace capstan::runtime
