// SPDX-License-Identifier: MIT
#include "runtime/command/quantities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace capstan::runtime {
namespace {

constexpr double kSecondsMax = 1e9;  // thirty years

struct Quantity {
  std::string_view number, unit;
};

/// Digits, perhaps with a point, and letters behind them; nothing for anything else.
std::optional<Quantity> quantity_of(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  std::string_view unit = text.substr(end);
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  const bool is_one = end > 0 && std::all_of(unit.begin(), unit.end(),
                                             [](unsigned char c) { return std::isalpha(c) != 0; });
  return is_one ? std::optional(Quantity{text.substr(0, end), unit}) : std::nullopt;
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

model::Failure wanted(const std::string& text, std::string_view what) {
  return model::Failure{fmt::format("`{}` is not {}", text, what)};
}

}  // namespace

model::Result<std::uint64_t> count_of(const std::string& text, std::uint64_t least,
                                      std::uint64_t most) {
  const auto number = number_of<std::uint64_t>(text);
  if (number && *number >= least && *number <= most) return *number;
  return wanted(text, fmt::format("a whole number from {} to {}, such as 1000", least, most));
}

model::Result<double> seconds_of(const std::string& text) {
  constexpr auto units = std::to_array<std::pair<std::string_view, double>>(
      {{"", 1}, {"ms", 0.001}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}});
  const auto failure = [&text] {
    return wanted(text, "a time above 0; write a number and ms, s, m or h, such as 30s or 5m");
  };
  const std::optional<Quantity> quantity = quantity_of(text);
  if (!quantity) return failure();
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&](const auto& each) { return each.first == quantity->unit; });
  const auto number = number_of<double>(quantity->number);
  if (unit == units.end() || !number) return failure();
  const double seconds = *number * unit->second;
  if (!(seconds > 0) || !(seconds <= kSecondsMax)) return failure();
  return seconds;
}

model::Result<std::uint64_t> bytes_of(const std::string& text) {
  constexpr std::string_view prefixes = "kmgtpe";
  const auto failure = [&text] {
    return wanted(text, "a size above 0; write a whole number and a unit, such as 4GiB or 500MB");
  };
  const std::optional<Quantity> quantity = quantity_of(text);
  const auto number = quantity ? number_of<std::uint64_t>(quantity->number) : std::nullopt;
  if (!number || *number == 0) return failure();
  std::string unit(quantity->unit);
  for (char& c : unit) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::uint64_t bytes = *number;
  if (!unit.empty() && unit != "b") {
    const std::size_t power = prefixes.find(unit.front());
    const std::string rest = unit.substr(1);
    if (power == std::string_view::npos ||
        (rest != "" && rest != "b" && rest != "i" && rest != "ib"))
      return failure();
    for (std::size_t i = 0; i <= power; ++i) {
      if (bytes > std::numeric_limits<std::uint64_t>::max() / 1024) return failure();
      bytes *= 1024;
    }
  }
  return bytes;
}

}  // namespace capstan::runtime
