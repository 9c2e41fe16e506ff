// SPDX-License-Identifier: MIT
// write_file: a whole file or nothing: written beside its place and renamed.
#pragma once

#include <optional>
#include <string>

#include "model/base/result.hpp"

namespace capstan::runtime {

/// Writes `bytes` to `path`, making missing folders. Returns why not, if so; then `path` is as it
/// was.
std::optional<model::Failure> write_file(const std::string& path, const std::string& bytes);

}  // namespace capstan::runtime
