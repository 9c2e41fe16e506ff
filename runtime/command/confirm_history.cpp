// SPDX-License-Identifier: MIT
#include "runtime/command/confirm_history.hpp"

#include <fmt/format.h>

#include <utility>

#include "checker/symbolic/judge.hpp"
#include "checker/symbolic/why.hpp"

namespace capstan::runtime {

std::optional<model::Failure> confirm_history(const model::Protocol& protocol,
                                              const model::History& history, int object,
                                              const std::string& title,
                                              checker::Evidence& evidence) {
  const checker::Judgement judgement = checker::Judge(protocol).judge(history, object);
  if (judgement.verdict == checker::Judgement::Verdict::Linearizable)
    return model::Failure{"the monitor says that the history is not linearizable, Z3 that it is"};
  evidence.title = title;
  if (judgement.verdict == checker::Judgement::Verdict::Undecided) {
    evidence.why =
        fmt::format("Found by the monitor; Z3 could not confirm it: {}.", judgement.reason);
    return std::nullopt;
  }
  model::Result<checker::Explanation> explanation =
      checker::explain_not_linearizable(protocol, history, object);
  if (!explanation) {
    evidence.why = fmt::format("Z3 confirms it, but no short reason was found: {}.",
                               explanation.failure().message);
    return std::nullopt;
  }
  evidence.title = explanation.value().title;
  evidence.explanation = std::move(explanation.value());
  return std::nullopt;
}

}  // namespace capstan::runtime
