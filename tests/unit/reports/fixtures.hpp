// SPDX-License-Identifier: MIT
// fixtures: protocols and runs written out by hand, for tests of reports/ that need a certain
// picture. `RunBuilder` keeps the books (variables, messages, history, who is up); what happens is
// the test's to say.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/finding.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::reports::test {

/// A protocol to draw with: types, roles with variables, messages, one object; no code.
class ProtocolBuilder {
 public:
  explicit ProtocolBuilder(std::string name);
  model::TypeId range(std::string name, std::int64_t low, std::int64_t high);
  model::TypeId option(model::TypeId element);
  model::TypeId tuple(std::string name, std::vector<model::Type::Field> fields);
  model::TypeId enumeration(std::string name, std::vector<std::string> enumerators);
  model::TypeId boolean();
  model::TypeId time();
  model::TypeId process_of(int role);
  /// Returns the number of the first process.
  int role(std::string name, int count,
           std::vector<std::pair<std::string, model::TypeId>> variables,
           std::vector<std::pair<std::string, model::TypeId>> parameters = {});
  int message(std::string name, std::vector<model::Type::Field> fields);
  void object(std::string name, std::vector<model::ObjectOp> ops);
  /// The processes of this role call operations.
  void client(int role);
  std::shared_ptr<model::Protocol> take() { return protocol_; }

 private:
  std::shared_ptr<model::Protocol> protocol_;
};

class RunBuilder {
 public:
  RunBuilder(std::shared_ptr<const model::Protocol> protocol,
             std::vector<std::vector<model::Value>> initial);
  /// Each begins a step; what follows belongs to it.
  RunBuilder& invoke(int process, int op, std::vector<model::Value> args, std::string text);
  RunBuilder& deliver(std::uint64_t id, std::string text);
  RunBuilder& lose(std::uint64_t id, std::string text);
  RunBuilder& act(int process, std::string text);
  RunBuilder& cut(std::vector<int> one, std::vector<int> other, std::string text, int fault = -1);
  RunBuilder& heal(std::string text, int fault = -1);
  RunBuilder& crash(int process, std::string text);
  RunBuilder& restart(int process, std::string text);
  RunBuilder& tick(std::string text);
  RunBuilder& jump(int process, int length, std::string text);
  RunBuilder& pause(int process, std::string text);
  RunBuilder& unpause(int process, std::string text);
  /// Parts of the step begun last.
  RunBuilder& reading(std::int64_t offset);
  RunBuilder& set(int process, int variable, model::Value value);
  RunBuilder& send(std::uint64_t id, int from, int to, int message,
                   std::vector<model::Value> fields);
  /// A message in flight vanishes at a cut.
  RunBuilder& drop(std::uint64_t id);
  RunBuilder& answer(int process, model::Value result = {});
  RunBuilder& fail(std::string error);
  model::Run take();

 private:
  model::StepRecord& begin(model::Label::Kind kind, int process, std::string text);
  void finish();
  std::shared_ptr<const model::Protocol> protocol_;
  model::Run run_;
  std::vector<std::vector<model::Value>> variables_;
  std::vector<bool> up_;
  std::int64_t true_time_ = 0;
  std::map<std::uint64_t, model::MessageCopy> in_flight_;
  std::vector<model::HistoryEvent> events_;
  std::vector<int> at_;
};

model::Value number(std::int64_t value);

/// Wraps a run into a report of one scenario with one expectation.
checker::ScenarioReport scenario_of(std::shared_ptr<const model::Protocol> protocol,
                                    std::string scenario, std::string expectation,
                                    checker::Evidence evidence);
checker::Evidence evidence_of(model::Run run, std::string title);

/// The pictures of the design page and what stretches the layout.
checker::ScenarioReport abd_stale_read();
checker::ScenarioReport bank_double_spend();
checker::ScenarioReport lost_write();
checker::ScenarioReport crash_and_restart();
checker::ScenarioReport model_error();
checker::ScenarioReport two_phase_commit_witness();
checker::ScenarioReport long_names();
checker::ScenarioReport many_steps();
checker::ScenarioReport clocks();
checker::ScenarioReport cuts_and_pauses();

/// All of the above with a name for files.
std::vector<std::pair<std::string, checker::ScenarioReport>> all_fixtures();

}  // namespace capstan::reports::test
