// SPDX-License-Identifier: MIT
#include "runtime/simulate/shrink.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "runtime/execute/world.hpp"
#include "runtime/simulate/violation.hpp"

namespace capstan::runtime {
namespace {

using model::Label;

class Shrinker {
 public:
  Shrinker(const model::Protocol& protocol, int expectation)
      : protocol_(protocol),
        expectation_(expectation),
        watch_(protocol, expectation < 0
                             ? std::vector<std::size_t>{}
                             : std::vector<std::size_t>{static_cast<std::size_t>(expectation)}) {}

  std::vector<Label> run(std::vector<Label> labels) {
    for (std::size_t piece = labels.size() / 2; piece > 0;) {
      const bool is_shorter = leave_out(labels, piece);
      if (piece > 1) {
        piece /= 2;
      } else if (!is_shorter) {
        break;
      }
    }
    return labels;
  }

 private:
  /// Tries without each piece of that many steps, from the back: late steps matter least.
  bool leave_out(std::vector<Label>& labels, std::size_t piece) {
    bool is_shorter = false;
    for (std::size_t end = labels.size(); end > 1;) {
      const std::size_t begin = end > piece + 1 ? end - piece : 1;  // the start stays
      std::vector<Label> fewer(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(begin));
      fewer.insert(fewer.end(), labels.begin() + static_cast<std::ptrdiff_t>(end), labels.end());
      if (auto shown = attempt(fewer); shown && shown->size() < labels.size()) {
        labels = std::move(*shown);
        is_shorter = true;
        end = std::min(begin, labels.size());
      } else {
        end = begin;
      }
    }
    return is_shorter;
  }

  /// Takes those of the steps that can be taken, up to the one that shows it; nullopt: none does.
  std::optional<std::vector<Label>> attempt(const std::vector<Label>& labels) {
    World world(protocol_);
    watch_.restart();
    std::vector<Label> taken;
    for (const Label& label : labels) {
      const model::Result<model::StepRecord> step = world.apply(label);
      if (!step) continue;
      taken.push_back(label);
      if (world.error()) {
        if (expectation_ < 0) return taken;
        return std::nullopt;
      }
      try {
        if (!watch_.step(world, step.value().events).empty()) return taken;
      } catch (const model::ModelError&) {
        return std::nullopt;  // another finding
      }
    }
    return std::nullopt;
  }

  const model::Protocol& protocol_;
  int expectation_;
  Watch watch_;
};

}  // namespace

model::Trace shrink(const model::Protocol& protocol, const model::Trace& trace, int expectation) {
  return {Shrinker(protocol, expectation).run(trace.labels)};
}

}  // namespace capstan::runtime
