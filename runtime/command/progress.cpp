// SPDX-License-Identifier: MIT
#include "runtime/command/progress.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace capstan::runtime {
namespace {

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

}  // namespace

void Progress::begin(std::string what) {
  clear();
  what_ = std::move(what);
  states_before_ = 0;
}

std::function<void(std::uint64_t, std::uint64_t, std::uint32_t, std::uint64_t)>
Progress::callback() {
  if (!enabled_) return {};
  return [this](std::uint64_t states, std::uint64_t frontier, std::uint32_t depth,
                std::uint64_t bytes) {
    const std::uint64_t rate = states > states_before_ ? states - states_before_ : 0;
    states_before_ = states;
    const std::string line =
        fmt::format("{}: {} states, {}/s, depth {}, frontier {}, {} MiB", what_, grouped(states),
                    grouped(rate), depth, grouped(frontier), grouped(bytes >> 20U));
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
    std::fflush(stderr);
    is_shown_ = true;
  };
}

void Progress::clear() {
  if (!is_shown_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  is_shown_ = false;
}

}  // namespace capstan::runtime
