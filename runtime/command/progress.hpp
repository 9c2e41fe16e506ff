// SPDX-License-Identifier: MIT
// progress: one line on a terminal's error stream while a scenario takes longer than a second;
// nothing where it is no terminal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace capstan::runtime {

class Progress {
 public:
  /// Shows nothing unless `enabled`.
  explicit Progress(bool enabled) : enabled_(enabled) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void begin(std::string what);
  /// To be given to ExploreOptions::progress.
  std::function<void(std::uint64_t, std::uint64_t, std::uint32_t, std::uint64_t)> callback();
  void clear();

 private:
  bool enabled_;
  bool is_shown_ = false;
  std::string what_;
  std::uint64_t states_before_ = 0;
};

}  // namespace capstan::runtime
