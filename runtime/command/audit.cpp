// SPDX-License-Identifier: MIT
#include "runtime/command/audit.hpp"

#include <fmt/format.h>

#include "checker/symbolic/judge.hpp"
#include "model/behaviour/history.hpp"

namespace capstan::runtime {

model::Result<AuditResult> audit(const model::Protocol& protocol,
                                 const checker::CheckOptions& options) {
  checker::Exploration::End end = checker::Exploration::End::Complete;
  const std::vector<checker::AuditedHistory> histories =
      checker::collect_histories(protocol, options, end);
  checker::BatchJudge judge(protocol);
  AuditResult result;
  result.is_complete = end == checker::Exploration::End::Complete;
  for (const checker::AuditedHistory& audited : histories) {
    const checker::Judgement::Verdict verdict = judge.judge(model::operations_of(audited.events));
    if (verdict == checker::Judgement::Verdict::Undecided)
      return model::Failure{fmt::format("Z3 could not judge a history: {}", judge.reason())};
    const bool linearizable = verdict == checker::Judgement::Verdict::Linearizable;
    if (linearizable != audited.linearizable)
      return model::Failure{fmt::format(
          "of a history of {} events the monitor says that it is {}linearizable, Z3 that it is "
          "{}linearizable",
          audited.events.size(), audited.linearizable ? "" : "not ", linearizable ? "" : "not ")};
    ++result.histories;
    if (!linearizable) ++result.not_linearizable;
  }
  result.forms = judge.form_count();
  return result;
}

}  // namespace capstan::runtime
