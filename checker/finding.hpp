// SPDX-License-Identifier: MIT
// finding: what a check found, with its evidence, against what was expected: everything that
// reports/ prints or draws.
//
// From: checker/check and runtime/execute (the Run inside a counterexample is filled by the
// replay). To: reports/. Data only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/liveness/component_map.hpp"
#include "checker/liveness/window.hpp"
#include "checker/prove/proof.hpp"
#include "checker/symbolic/explanation.hpp"
#include "model/behaviour/trace.hpp"
#include "model/system/evaluate.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// What is true of the property itself (`linearizable`), whatever was expected.
enum class Verdict { Holds, Violated, Undecided };
/// The verdict against the expectation (`expect not linearizable` is met by a violation).
/// `Vacuous`: it was met, and nothing put it to the test. `Undecided`: a limit ended the work.
/// `NotJudged`: nothing looked at it, as it is not supported yet, or as nothing is expected at all.
enum class Outcome { Met, Unmet, Vacuous, Undecided, NotJudged };
/// All of them, in the order in which they are counted out.
inline constexpr std::array kOutcomes = {Outcome::Met, Outcome::Unmet, Outcome::Vacuous,
                                         Outcome::Undecided, Outcome::NotJudged};

/// A run that shows something, replayed by the plain executor.
struct Evidence {
  model::Trace trace;
  model::Run run;
  bool is_witness =
      false;  // shows that something can happen (`reachable`), rather than that a claim is false
  std::string title;                       // one sentence: what went wrong, for the picture's head
  std::optional<Explanation> explanation;  // of a history property
  std::string why;  // else: one or more sentences ("`agreed` is false: ...", the model error)
  std::string model_error;  // that the run ends in, without its place; empty: it ends in none
  /// Of a run without end where time passes: which times were told apart when it was found to go
  /// round (H and K of model/README, time); the plain executor tests that this was enough.
  std::int64_t time_horizon = 0;
  std::int64_t time_gap = 0;
  std::optional<ComponentMap> components;  // of `converges`: what lies ahead when clients stop
  bool allows_faults = false;  // the scenario allows faults, whether the run has some or not
  int fault_count = 0;         // cuts, crashes, losses, duplications
  int operation_count = 0;     // invoked
  int step_count = 0;          // the start not counted
};

/// A file that could not be written, and why.
struct Unwritten {
  std::string path;
  std::string why;  // "cannot write `out/a.svg`: No space left on device"
};

struct ExpectationReport {
  std::string text;  // as written after `expect`: "not linearizable"
  std::string slug;  // for file names: "linearizable"
  Verdict verdict = Verdict::Undecided;
  Outcome outcome = Outcome::Undecided;
  std::string remark;  // why undecided, vacuous or not judged, or a note; may be empty
  std::optional<Evidence> evidence;
  std::optional<Proof> proof;                    // of what Z3 proves and nobody explores
  std::optional<Counterexample> counterexample;  // of it, if it is refuted
  std::optional<Window> window;                  // of `converges`, where it holds
  model::Span span;                              // of the expectation in the spec
  std::vector<std::string> files;  // pictures and traces, relative to the working directory: to be
                                   // written while the table is printed, afterwards those written
  std::vector<Unwritten> unwritten;  // of the others
};

/// A part of the spec that a whole exploration never used.
struct Uncovered {
  model::Span span;
  std::string what;  // "this condition is never true"
  friend bool operator==(const Uncovered&, const Uncovered&) = default;
};

/// An action that no state enables, though the params do not rule it out.
struct IdleAction {
  std::string role, action;
  std::string reason;  // ": `broken` never held"; may be empty
};

struct ScenarioReport {
  std::shared_ptr<const model::Protocol> protocol;  // at this point
  std::string name;
  std::string point;      // "skew = 2, guard = 3"; empty if not swept
  std::string file_stem;  // "abd.concurrent.skew-2"
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint32_t depth = 0;
  std::uint64_t memory_bytes = 0;
  double seconds = 0;
  double collision_probability = 0;
  std::vector<ExpectationReport> expectations;
  std::optional<ExpectationReport> model_error;  // present iff one was found: always unmet
  std::optional<Evidence> deadlock;              // a remark, never an outcome
  std::string deadlock_text;  // "Client 1 waits for ever in read() for Got from Server: ..."
  std::vector<std::string> deadlock_files;  // its picture and trace, if they are written
  std::uint64_t histories_audited = 0;      // --audit
  bool is_whole = false;                    // all that can ever happen was explored
  std::vector<IdleAction> idle_actions;     // if so; judged by idle_actions over the file
  std::set<std::pair<std::string, std::string>> enabled_actions;  // role, action
  std::vector<Uncovered> uncovered;  // --coverage, in the order of the text
  std::vector<std::string> remarks;  // merged sends, what was left out, limits hit, ...
};

struct FileReport {
  std::string path;
  std::string protocol_name;
  std::vector<ScenarioReport> scenarios;
  std::vector<ExpectationReport> not_judged;  // of the file itself: it has no scenario, or cards
  std::string diagnostics;                    // rendered errors and warnings; may be empty
  bool has_errors = false;                    // then no scenario was checked
};

struct RunReport {
  std::vector<FileReport> files;
  std::string command;               // the command line, for `reproduce with`
  std::vector<Unwritten> unwritten;  // reports (--junit) that could not be written
  bool is_interrupted = false;       // what was not finished is undecided
  bool has_internal_error = false;   // what it concerns is undecided
};

/// A report on the protocol's scenario that says which it is, and nothing of what was found.
ScenarioReport empty_report(std::shared_ptr<const model::Protocol> protocol);
/// What is expected at this point: the property, with `not` before it where it should be violated
/// (also where the condition after `iff` is false).
std::string expected_text(const model::Expectation& expectation);
/// The expectation with this verdict, and the outcome that follows from it.
ExpectationReport judged_as(const model::Expectation& expectation, Verdict verdict);

/// What nobody looked at: never a pass.
ExpectationReport not_judged(std::string text, std::string slug, std::string remark);
/// Where there is no expectation: nothing can be met.
ExpectationReport nothing_expected(std::string remark);
/// The expectation, which is not supported yet.
ExpectationReport not_judged(const model::Expectation& expectation);

/// All that has an outcome in a file, in the order of the reports: of each scenario its model error
/// first.
std::vector<const ExpectationReport*> outcomes_of(const FileReport& file);

/// Whether the outcome is a pass that tells nothing unless what the scenario declares was
/// exercised: a counterexample, a witness or a proof speaks for itself.
bool rests_on_what_is_exercised(const ExpectationReport& expectation);

/// Evidence with this trace, its steps, operations and faults counted, and nothing said of it yet.
Evidence evidence_of(const model::Protocol& protocol, model::Trace trace);
/// What is expected of every scenario without a word: the text of a report on a model error.
inline constexpr const char* kNoModelError = "no model error";
/// The report on a model error that the evidence's trace ends in: always unmet.
ExpectationReport model_error_report(const model::ModelError& error, Evidence evidence);

/// A deadlock as an expectation that nobody wrote, to be told and drawn like one.
ExpectationReport deadlock_report(Evidence evidence);

/// All files of the run that could not be written.
std::vector<Unwritten> unwritten_of(const RunReport& report);

/// 0 all met, 1 some unmet, 2 spec error, 3 vacuous, 4 undecided or not judged; the worst wins in
/// the order 2, 1, 4, 3, 0. At least 4 if the run was interrupted. Where it would be 0 and some
/// file could not be written, it is 2. 70 if there was an internal error.
int exit_status(const RunReport& report);

/// "met", "unmet", "vacuous", "undecided", "not judged".
const char* word(Outcome outcome);
/// "holds", "violated", "undecided".
const char* word(Verdict verdict);

}  // namespace capstan::checker
