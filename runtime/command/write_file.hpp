// SPDX-License-Identifier: MIT
// write_file: a whole file or nothing, where the name stands for a file; what is no regular file is
// written through.
//
// A new file, or a new version of one, is written beside its place under a name that nobody can
// guess, and renamed: who reads it meanwhile sees the old bytes or the new ones. Links are
// followed; owner, group and mode stay. A file with other names (hard links), with an access list,
// or in a folder that may not be written, keeps its place and is overwritten; if that fails, its
// old bytes are put back. Devices, pipes and descriptors (/dev/stdout, /dev/fd/3) are written to.
// Tested by: tests/unit/runtime/write_file_test.cpp.
#pragma once

#include <optional>
#include <string>

#include "model/base/result.hpp"

namespace capstan::runtime {

/// Writes `bytes` to `path`, making missing folders. Returns why not, if so; then a regular file at
/// `path` is as it was.
std::optional<model::Failure> write_file(const std::string& path, const std::string& bytes);

/// Whether the name stands for the standard output: `-`, /dev/stdout, /dev/fd/1, ...
bool is_standard_output(const std::string& path);

}  // namespace capstan::runtime
