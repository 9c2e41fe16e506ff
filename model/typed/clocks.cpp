// SPDX-License-Identifier: MIT
// clocks: what a scenario says of time (D24, D25): its clocks, how long messages take; and whether
// that fits the code that the params leave alive.
// Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/typed/clock_usage.hpp"
#include "model/typed/scenario.hpp"

namespace capstan::model {
namespace {

/// More ticks than any scenario needs, and few enough to count them in every state.
constexpr std::int64_t kTicksMax = 1000;

std::string clock_name(ast::Clock::Kind kind) {
  using enum ast::Clock::Kind;
  if (kind == Perfect) return "perfect";
  if (kind == Free) return "free";
  if (kind == Within) return "within";
  return kind == Drift ? "drift" : "jump";
}

const ast::Clock* find_clock(const std::vector<ast::Clock>& clocks, ast::Clock::Kind kind) {
  const auto found = std::ranges::find(clocks, kind, &ast::Clock::kind);
  return found == clocks.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::int64_t> ScenarioElaboration::read_ticks(const ast::Expr& expr,
                                                            const std::string& what,
                                                            std::int64_t least, const char* code) {
  const auto number = elaboration_.constant_number(expr, what);
  if (!number || (*number >= least && *number <= kTicksMax)) return number;
  error(code, expr.span, fmt::format("{} cannot be {}", what, *number),
        fmt::format("from {} to {}", least, kTicksMax));
  return std::nullopt;
}

std::optional<std::pair<std::int64_t, std::int64_t>> ScenarioElaboration::read_span(
    const ast::Expr& expr, const std::string& what, std::int64_t least, const char* code) {
  const ast::Expr& inner = expr.kind == ast::ExprKind::Parenthesized ? *expr.operands[0] : expr;
  const bool is_range = inner.kind == ast::ExprKind::Binary && inner.op == "..";
  const auto low = read_ticks(is_range ? *inner.operands[0] : inner, what, least, code);
  const auto high = is_range ? read_ticks(*inner.operands[1], what, least, code) : low;
  if (!low || !high) return std::nullopt;
  if (*low <= *high) return std::pair(*low, *high);
  error(code, inner.span, fmt::format("{} cannot be in {}..{}", what, *low, *high), "empty");
  return std::nullopt;
}

void ScenarioElaboration::read_clocks() {
  const std::vector<ast::Clock>& written = written_.circumstances.clocks;
  if (written.empty()) return;
  Clocks clocks;
  clocks.span = *written_.circumstances.clocks_span;
  for (const ast::Clock& clock : written) {
    if (&clock != find_clock(written, clock.kind)) {
      error("E0514", clock.span, fmt::format("`clocks {}` is said twice", clock_name(clock.kind)),
            "again");
      return;
    }
    read_clock(clock, clocks);
  }
  if (!refuse_clocks(written)) scenario_.clocks = clocks;
}

void ScenarioElaboration::read_clock(const ast::Clock& written, Clocks& clocks) {
  using enum ast::Clock::Kind;
  const auto set = [](int& place, std::optional<std::int64_t> number) {
    if (number) place = static_cast<int>(*number);
  };
  if (written.kind == Free) clocks.is_free = true;
  if (written.kind == Within && written.first) {
    const bool before = std::exchange(elaboration_.notes_fixed, false);
    const auto ticks = read_ticks(*written.first, "how far clocks are off", 0, "E0514");
    elaboration_.notes_fixed = before;
    set(clocks.within, ticks);
    Body body(elaboration_, BodyKind::Constant);
    if (ticks) clocks.within_expr = body.check(*written.first, int_type(types()));
  }
  if (written.kind == Drift && written.first && written.second) {
    set(clocks.drift_ticks, read_ticks(*written.first, "the drift of clocks", 0, "E0514"));
    set(clocks.drift_per,
        read_ticks(*written.second, "the ticks that a drift is over", 1, "E0514"));
  }
  if (written.kind != Jump || !written.first) return;
  set(clocks.jumps, read_ticks(*written.first, "the number of jumps", 0, "E0514"));
  clocks.jump_any = !written.second;
  if (!written.second) return;
  const auto by = read_span(*written.second, "the length of a jump", -kTicksMax, "E0514");
  if (!by) return;
  clocks.jump_low = by->first;
  clocks.jump_high = by->second;
}

/// Kinds of clocks that contradict each other.
bool ScenarioElaboration::refuse_clocks(const std::vector<ast::Clock>& written) {
  using enum ast::Clock::Kind;
  const auto both = [&](ast::Clock::Kind a, ast::Clock::Kind b, const char* why) {
    const ast::Clock* first = find_clock(written, a);
    const ast::Clock* second = find_clock(written, b);
    if (first == nullptr || second == nullptr) return false;
    error("E0514", second->span,
          fmt::format("clocks cannot be both `{}` and `{}`", clock_name(a), clock_name(b)), why)
        .secondary.push_back({first->span, "said here"});
    return true;
  };
  return both(Perfect, Within, "a perfect clock is never off") ||
         both(Perfect, Drift, "a perfect clock does not drift") ||
         both(Perfect, Free, "a perfect clock shows true time") ||
         both(Free, Within, "a free clock shows anything") ||
         both(Free, Drift, "a free clock shows anything") ||
         both(Free, Jump, "a free clock shows anything, but never goes back");
}

void ScenarioElaboration::read_delay(const ast::Network& written) {
  if (scenario_.delay) {
    error("E0516", written.span, "`network delay` is said twice", "again");
    return;
  }
  if (!written.delay) return;
  const auto span = read_span(*written.delay, "the delay of messages", 0, "E0516");
  if (!span) return;
  scenario_.delay = Delay{static_cast<int>(span->first), static_cast<int>(span->second)};
}

void ScenarioElaboration::check_time() {
  Protocol& protocol = elaboration_.protocol;
  const std::optional<Span> first = mark_clock_usage(protocol);
  if (first && !scenario_.clocks && written_.circumstances.clocks.empty()) {
    Diagnostic& diagnostic =
        error("E0515", written_.name.span,
              fmt::format("`{}` does not say what the clocks show, and the protocol reads one",
                          written_.name.text),
              "without `clocks`");
    diagnostic.secondary.push_back({*first, "reads a clock"});
    diagnostic.helps.push_back(
        "`clocks perfect` if they show true time, `clocks within 1` if they are off by up to a "
        "tick");
  }
  if (scenario_.is_timely && scenario_.network_kept) {
    error("E0516", written_.name.span,
          "`network kept` with messages that take time is not supported yet", "never passes");
  }
}

}  // namespace capstan::model
