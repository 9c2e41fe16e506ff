// SPDX-License-Identifier: MIT
// audit: `--audit`: Z3 judges every distinct complete history that the exploration met, apart from
// the monitor, and the verdicts are compared.
#pragma once

#include <cstdint>

#include "checker/check.hpp"
#include "model/base/result.hpp"

namespace capstan::runtime {

struct AuditResult {
  std::uint64_t histories = 0;
  std::uint64_t forms = 0;  // after renaming clients and values
  std::uint64_t not_linearizable = 0;
  std::uint64_t undecided = 0;  // those that Z3 gave up on
  bool is_complete = true;      // neither the exploration behind it nor the audit was cut short
};

/// Fails where Z3 and the monitor differ (an internal error). Ends at the limits in force.
model::Result<AuditResult> audit(const model::Protocol& protocol,
                                 const checker::CheckOptions& options);

}  // namespace capstan::runtime
