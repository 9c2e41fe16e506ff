// SPDX-License-Identifier: MIT
#include "runtime/command/write_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace capstan::runtime {

std::optional<model::Failure> write_file(const std::string& path, const std::string& bytes) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) fs::create_directories(folder, error);
  if (error)
    return model::Failure{
        fmt::format("cannot make the folder `{}`: {}", folder.string(), error.message())};
  const std::string temporary = fmt::format("{}.{}.part", path, getpid());
  {
    std::ofstream file(temporary, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.flush();
    if (!file) {
      fs::remove(temporary, error);
      return model::Failure{fmt::format("cannot write `{}`", path)};
    }
  }
  fs::rename(temporary, path, error);
  if (error) return model::Failure{fmt::format("cannot write `{}`: {}", path, error.message())};
  return std::nullopt;
}

}  // namespace capstan::runtime
