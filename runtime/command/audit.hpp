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
  bool is_complete = true;  // the exploration behind it was not cut short by a limit
};

/// Fails where Z3 and the monitor differ (an internal error), or where Z3 gives up.
model::Result<AuditResult> audit(const model::Protocol& protocol,
                                 const checker::CheckOptions& options);

}  // namespace capstan::runtime
