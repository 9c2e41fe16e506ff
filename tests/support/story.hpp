// SPDX-License-Identifier: MIT
// story: a world that is driven by the sentences of its own story, for tests of the plain executor.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "runtime/execute/world.hpp"
#include "tests/support/spec_text.hpp"

namespace capstan::tests {

/// A world that takes steps by what they say.
struct Story {
  model::Protocol protocol;
  runtime::World world;
  model::StepRecord last;

  explicit Story(const std::string& text, int start = 0)
      : protocol(protocol_of(text)), world(protocol) {
    const std::vector<model::Label> starts = runtime::initial_labels(protocol);
    take(starts.at(static_cast<std::size_t>(start)));
  }
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  void take(const model::Label& label) {
    model::Result<model::StepRecord> step = world.apply(label);
    if (!step) FAIL(step.failure().message);
    last = step.value();
  }
  std::string text_of(const model::Label& label) const {
    runtime::World copy = world;
    const model::Result<model::StepRecord> step = copy.apply(label);
    return step ? step.value().text : step.failure().message;
  }
  /// The sentences of all enabled steps, sorted.
  std::vector<std::string> can() const {
    std::vector<std::string> texts;
    for (const model::Label& label : world.enabled()) texts.push_back(text_of(label));
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  /// The first enabled step whose sentence begins so.
  void step(const std::string& beginning) {
    for (const model::Label& label : world.enabled()) {
      if (text_of(label).starts_with(beginning)) return take(label);
    }
    std::string all;
    for (const std::string& text : can()) all += "\n  " + text;
    FAIL("no step begins with \"" << beginning << "\"; there are:" << all);
  }
  bool has(const std::string& beginning) const {
    const std::vector<std::string> texts = can();
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& t) { return t.starts_with(beginning); });
  }
  std::string value(int process, const std::string& name) const {
    const auto& variables = protocol.role_of(process).variables;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      if (variables[i].name != name) continue;
      return protocol.types.format(
          variables[i].type, world.processes()[static_cast<std::size_t>(process)].variables[i]);
    }
    return "no such variable";
  }
};

}  // namespace capstan::tests
