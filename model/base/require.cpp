// SPDX-License-Identifier: MIT
#include "model/base/require.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace capstan::model {
namespace {
std::string& command_line() {
  static std::string line;
  return line;
}
}  // namespace

void remember_command_line(int argument_count, const char* const* arguments) {
  command_line().clear();
  for (int i = 0; i < argument_count; ++i) {
    if (i > 0) command_line() += ' ';
    command_line() += arguments[i];
  }
}

void contract_failed(const char* kind, const char* condition, const char* message, const char* file,
                     int line) {
  std::fprintf(stderr, "capstan: internal error: %s(%s): %s\n  at %s:%d\n", kind, condition,
               message, file, line);
  if (!command_line().empty())
    std::fprintf(stderr, "  reproduce with: %s\n", command_line().c_str());
  std::abort();
}

}  // namespace capstan::model
