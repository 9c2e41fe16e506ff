// SPDX-License-Identifier: MIT
// cut_short: work that a limit may end before its time, and the sentence that says so: which limit,
// in which phase, how far it had come, what was tried before, and which option helps.
//
// From: model/base/limits (what ends it). To: check, liveness, prove, runtime/command. Everything
// that a scenario does runs through `cut_short`, so that a limit (or memory that the system
// refuses) ends a phase and nothing else: what other phases found stays. Tested by:
// tests/unit/checker/cut_short_test.cpp, tests/specs/limits_test.cpp
#pragma once

#include <chrono>
#include <new>
#include <optional>
#include <string>
#include <system_error>

#include "checker/explore/explorer.hpp"
#include "checker/explore/time_abstraction.hpp"
#include "model/base/limits.hpp"

namespace capstan::checker {

/// The phases of a scenario, as they are named in messages: "was reached in ...".
namespace phase {
inline constexpr const char* kExploration = "the exploration";
inline constexpr const char* kMinimal = "the search for a counterexample with less";
inline constexpr const char* kGraph = "the graph of all states and steps";
inline constexpr const char* kEndless = "the search for runs without end";
inline constexpr const char* kWindow = "the measuring of the window";
inline constexpr const char* kHops = "the exploration that counts hops";
inline constexpr const char* kQuiescence = "the search for quiescent states";
inline constexpr const char* kFinalReads = "the reads at the end";
inline constexpr const char* kProof = "the proof";
inline constexpr const char* kAttempts = "the attempts at a proof";
inline constexpr const char* kVacuity = "the search for what was never put to the test";
inline constexpr const char* kGuards = "the look at guards";
inline constexpr const char* kCoverage = "the coverage";
inline constexpr const char* kConfirmation = "the confirmation of what was found";
inline constexpr const char* kExplanation = "the search for a short reason";
inline constexpr const char* kAudit = "the audit";
inline constexpr const char* kPictures = "the drawing of pictures";
}  // namespace phase

/// Since when a scenario is looked at, and for how long it may be.
class ScenarioClock {
 public:
  /// `seconds_max`: 0 is no limit.
  explicit ScenarioClock(double seconds_max) : seconds_max_(seconds_max) {}

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  /// For Limits: 0 is no limit, so what is over is a little more than that.
  double seconds_left() const {
    constexpr double kNothing = 1e-6;
    if (seconds_max_ <= 0) return 0;
    const double left = seconds_max_ - seconds();
    return left > kNothing ? left : kNothing;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double seconds_max_;
};

/// Whether what was thrown says that the system gave no memory (or no thread, which is the same).
bool is_lack_of_memory(const std::system_error& error);

/// Does `body` in a phase, under further limits. What ended it, if it came to no end by itself.
template <typename Body>
std::optional<model::LimitReached> cut_short(const char* name, model::Limits::Wanted wanted,
                                             const Body& body) {
  try {
    const model::Limits limits(wanted);
    const model::Phase phase(name);
    model::poll_limits_now();
    body();
    return std::nullopt;
  } catch (const model::LimitReached& reached) {
    return reached;
  } catch (const std::bad_alloc&) {
  } catch (const std::system_error& error) {
    if (!is_lack_of_memory(error)) throw;
  }
  return model::LimitReached{model::LimitKind::Memory, name, 0, 0};
}

/// How an exploration ends that this ends.
Exploration::End end_of(model::LimitKind kind);
/// What ended the exploration; nullopt: it came to its end, or was told how many states to visit.
std::optional<model::LimitKind> limit_of(Exploration::End end);

/// "the time limit of 5 s was reached in the exploration". The limits are those of `options`,
/// whatever share of them the phase had.
std::string limit_words(const model::LimitReached& reached, const ExploreOptions& options);

/// The same with all there is to say. `done`: " after 9 states at depth 1", or empty. `time`: how
/// often the work was begun again because constants of time were raised; may be nullptr.
std::string cut_short_text(const model::LimitReached& reached, const ExploreOptions& options,
                           const std::string& done, const TimeAbstraction* time = nullptr);

}  // namespace capstan::checker
