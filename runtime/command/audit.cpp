// SPDX-License-Identifier: MIT
#include "runtime/command/audit.hpp"

#include <fmt/format.h>

#include <optional>

#include "checker/cut_short.hpp"
#include "checker/symbolic/judge.hpp"
#include "model/behaviour/history.hpp"

namespace capstan::runtime {
namespace {

/// Has Z3 judge one history. Fails if it says something else than the monitor.
std::optional<model::Failure> compare(const checker::AuditedHistory& audited,
                                      checker::BatchJudge& judge, AuditResult& result) {
  const checker::Judgement::Verdict verdict = judge.judge(model::operations_of(audited.events));
  if (verdict == checker::Judgement::Verdict::Undecided) {
    ++result.undecided;
    return std::nullopt;
  }
  const bool linearizable = verdict == checker::Judgement::Verdict::Linearizable;
  if (linearizable != audited.linearizable)
    return model::Failure{fmt::format(
        "of a history of {} events the monitor says that it is {}linearizable, Z3 that it is "
        "{}linearizable",
        audited.events.size(), audited.linearizable ? "" : "not ", linearizable ? "" : "not ")};
  ++result.histories;
  if (!linearizable) ++result.not_linearizable;
  return std::nullopt;
}

}  // namespace

model::Result<AuditResult> audit(const model::Protocol& protocol,
                                 const checker::CheckOptions& options) {
  checker::BatchJudge judge(protocol);
  AuditResult result;
  std::optional<model::Failure> failure;
  const auto cut = checker::cut_short(checker::phase::kAudit, {}, [&] {
    checker::Exploration::End end = checker::Exploration::End::Complete;
    const std::vector<checker::AuditedHistory> histories =
        checker::collect_histories(protocol, options, end);
    result.is_complete = end == checker::Exploration::End::Complete;
    for (const checker::AuditedHistory& audited : histories) {
      failure = compare(audited, judge, result);
      if (failure) return;
    }
  });
  if (failure) return *failure;
  if (cut) result.is_complete = false;
  result.forms = judge.form_count();
  return result;
}

}  // namespace capstan::runtime
