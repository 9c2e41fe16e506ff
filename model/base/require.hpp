// SPDX-License-Identifier: MIT
// require: contract macros, on in every build.
//
// A failed contract means that this program is wrong, never that a spec is: it prints the condition
// and the place to standard error and aborts (`main` prints the command that reproduces it
// beforehand). REQUIRE states what a caller owes, ENSURE what a function promises, UNREACHABLE what
// cannot happen.
#pragma once

namespace capstan::model {

/// Prints `kind`, the condition, the message and the place to standard error, then aborts the
/// process.
[[noreturn]] void contract_failed(const char* kind, const char* condition, const char* message,
                                  const char* file, int line);

/// Remembers the command line, so that `contract_failed` can print how to reproduce the failure.
void remember_command_line(int argument_count, const char* const* arguments);

}  // namespace capstan::model

#define REQUIRE_CONTRACT_(kind, condition, message) \
  ((condition) ? static_cast<void>(0)               \
               : ::capstan::model::contract_failed(kind, #condition, message, __FILE__, __LINE__))
#define CAPSTAN_REQUIRE(condition, message) REQUIRE_CONTRACT_("REQUIRE", condition, message)
#define CAPSTAN_ENSURE(condition, message) REQUIRE_CONTRACT_("ENSURE", condition, message)
#define CAPSTAN_UNREACHABLE(message) \
  ::capstan::model::contract_failed("UNREACHABLE", "", message, __FILE__, __LINE__)
