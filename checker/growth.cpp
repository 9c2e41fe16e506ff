// SPDX-License-Identifier: MIT
#include "checker/growth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace capstan::checker {
namespace {

using model::Type;
using model::Value;

/// Fewer copies in flight than this may be chance.
constexpr std::size_t kCopiesLeast = 4;
/// So many different sizes, one after another, are no chance.
constexpr std::size_t kSizesLeast = 6;

/// How large something is in each sample.
using Sizes = std::vector<std::int64_t>;

/// Whether it never falls, and has grown in the second half as well as in the first.
bool only_grows(const Sizes& sizes) {
  const std::size_t half = sizes.size() / 2;
  return std::is_sorted(sizes.begin(), sizes.end()) && sizes.front() < sizes[half] &&
         sizes[half] < sizes.back();
}

std::size_t distinct(Sizes sizes) {
  return static_cast<std::size_t>(std::unique(sizes.begin(), sizes.end()) - sizes.begin());
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3;) digits.insert(end -= 3, ",");
  return digits;
}

class Growth {
 public:
  Growth(const ProtocolSystem& system, const std::vector<Sample>& way)
      : system_(system), protocol_(system.machine().protocol()), way_(way) {}

  std::string text() {
    if (way_.size() < kSizesLeast) return "";
    const std::string pile = messages();
    return pile.empty() ? values() : pile;
  }

 private:
  using Link = std::tuple<int, int, int>;  // message, source, destination

  std::string messages() const {
    std::map<Link, Sizes> counts;
    std::map<Link, std::map<MessageId, int>> contents;
    for (std::size_t i = 0; i < way_.size(); ++i) {
      for (const std::vector<MessageId>& inbox : way_[i].inboxes) {
        for (const MessageId id : inbox) {
          const model::MessageInstance& message = system_.message(id);
          const Link link{message.message, message.source, message.destination};
          Sizes& sizes = counts[link];
          sizes.resize(way_.size());
          ++sizes[i];
          if (i + 1 == way_.size()) ++contents[link][id];
        }
      }
    }
    // A delivery may take one out now and then; what counts is what is left.
    const auto best = std::max_element(
        counts.begin(), counts.end(),
        [](const auto& a, const auto& b) { return a.second.back() < b.second.back(); });
    if (best == counts.end() || best->second.back() < static_cast<std::int64_t>(kCopiesLeast))
      return "";
    const Sizes& sizes = best->second;
    const std::size_t half = sizes.size() / 2;
    if (sizes[half] >= sizes.back() || sizes[half / 2] > sizes[half]) return "";
    const auto [message, source, destination] = best->first;
    return fmt::format(
        "{} `{}` from {} to {} pile up: {} are in flight in a state of the last ones, after {} "
        "steps, and {} were after {}; so the states may have no end. Bound how often it is sent: "
        "by a guard, or from an action, whose message is not sent while an equal one is in flight",
        contents[best->first].size() == 1 ? "copies of" : "messages",
        protocol_.messages[static_cast<std::size_t>(message)].name, name(source), name(destination),
        grouped(sizes.back()), grouped(way_.back().depth), grouped(sizes[half]),
        grouped(way_[half].depth));
  }

  /// The variable or ghost that takes the most sizes, if it only grows.
  std::string values() const {
    std::optional<std::pair<std::size_t, std::string>> best;
    const auto offer = [&](const std::string& what, Type::Kind kind, const Sizes& sizes) {
      using enum Type::Kind;
      const bool is_number = kind == Range || kind == Int;
      if (!is_number && kind != Set && kind != Sequence) return;
      if (!only_grows(sizes) || distinct(sizes) < kSizesLeast) return;
      if (best && best->first >= distinct(sizes)) return;
      const std::size_t half = sizes.size() / 2;
      best.emplace(
          distinct(sizes),
          fmt::format("{} only grows: it {} {}{} in a state of the last ones, after {} steps, and "
                      "{} after {}. Bound it: by a guard, or by a smaller type",
                      what, is_number ? "is" : "has", grouped(sizes.back()),
                      is_number ? "" : " elements", grouped(way_.back().depth),
                      grouped(sizes[half]), grouped(way_[half].depth)));
    };
    for (int process = 0; process < protocol_.process_count(); ++process) {
      const std::vector<model::Variable>& variables = protocol_.role_of(process).variables;
      for (std::size_t i = 0; i < variables.size(); ++i)
        offer(fmt::format("`{}` of {}", variables[i].name, name(process)), kind(variables[i].type),
              sizes([&](const Sample& sample) -> const Value& {
                const LocalId local = sample.locals[static_cast<std::size_t>(process)];
                return system_.local_state(process, local).variables[i];
              }));
    }
    for (std::size_t i = 0; i < protocol_.ghosts.size(); ++i)
      offer(fmt::format("the ghost `{}`", protocol_.ghosts[i].name), kind(protocol_.ghosts[i].type),
            sizes([&](const Sample& sample) -> const Value& {
              const auto track = static_cast<std::size_t>(system_.ghost_track());
              return system_.ghosts(sample.tracks[track])[i];
            }));
    return best ? best->second : "";
  }

  template <typename Read>
  Sizes sizes(const Read& read) const {
    Sizes all;
    for (const Sample& sample : way_) {
      const Value& value = read(sample);
      switch (value.kind()) {
        case Value::Kind::Integer:
          all.push_back(value.number());
          break;
        case Value::Kind::Set:
        case Value::Kind::Sequence:
          all.push_back(static_cast<std::int64_t>(value.elements().size()));
          break;
        default:
          all.push_back(0);
          break;
      }
    }
    return all;
  }

  Type::Kind kind(model::TypeId type) const { return protocol_.types.at(type).kind; }
  const std::string& name(int process) const {
    return protocol_.types.processes()[static_cast<std::size_t>(process)].name;
  }

  const ProtocolSystem& system_;
  const model::Protocol& protocol_;
  const std::vector<Sample>& way_;
};

}  // namespace

std::string growth_text(const ProtocolSystem& system, const std::vector<Sample>& way) {
  return Growth(system, way).text();
}

}  // namespace capstan::checker
