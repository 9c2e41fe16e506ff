// SPDX-License-Identifier: MIT
// read_bytes: a whole file, within bounds.
#pragma once

#include <cstddef>
#include <string>

#include "model/base/result.hpp"

namespace capstan::model {

/// All bytes of a file, pipe or device; fails with the reason of the operating system, and if there
/// are more than `size_max`. Throws std::bad_alloc where it is memory that is missing.
Result<std::string> read_bytes(const std::string& path, std::size_t size_max);

}  // namespace capstan::model
