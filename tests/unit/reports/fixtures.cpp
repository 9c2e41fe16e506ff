// SPDX-License-Identifier: MIT
#include "tests/unit/reports/fixtures.hpp"

#include <algorithm>

#include "model/base/require.hpp"

namespace capstan::reports::test {

using checker::CoreOperation;
using checker::Evidence;
using checker::Explanation;
using checker::Rule;
using checker::Sentence;
using model::HistoryEvent;
using model::Label;
using model::Type;
using model::TypeId;
using model::Value;

ProtocolBuilder::ProtocolBuilder(std::string name)
    : protocol_(std::make_shared<model::Protocol>()) {
  protocol_->name = std::move(name);
}

TypeId ProtocolBuilder::range(std::string name, std::int64_t low, std::int64_t high) {
  Type type;
  type.kind = Type::Kind::Range;
  type.name = std::move(name);
  type.low = low;
  type.high = high;
  return protocol_->types.add(type);
}

TypeId ProtocolBuilder::option(TypeId element) {
  Type type;
  type.kind = Type::Kind::Option;
  type.element = element;
  return protocol_->types.add(type);
}

TypeId ProtocolBuilder::tuple(std::string name, std::vector<Type::Field> fields) {
  Type type;
  type.kind = Type::Kind::Tuple;
  type.name = std::move(name);
  type.fields = std::move(fields);
  return protocol_->types.add(type);
}

TypeId ProtocolBuilder::enumeration(std::string name, std::vector<std::string> enumerators) {
  Type type;
  type.kind = Type::Kind::Enumeration;
  type.name = std::move(name);
  type.enumerators = std::move(enumerators);
  return protocol_->types.add(type);
}

TypeId ProtocolBuilder::boolean() {
  Type type;
  type.kind = Type::Kind::Bool;
  return protocol_->types.add(type);
}

TypeId ProtocolBuilder::time() {
  Type type;
  type.kind = Type::Kind::Time;
  return protocol_->types.add(type);
}

TypeId ProtocolBuilder::process_of(int role) {
  Type type;
  type.kind = Type::Kind::Process;
  type.role = role;
  return protocol_->types.add(type);
}

int ProtocolBuilder::role(std::string name, int count,
                          std::vector<std::pair<std::string, TypeId>> variables,
                          std::vector<std::pair<std::string, TypeId>> parameters) {
  model::Role role;
  role.name = name;
  role.first_process = protocol_->process_count();
  role.count = count;
  role.single = count == 1;
  for (auto& [label, type] : parameters) {
    model::Variable variable;
    variable.name = label;
    variable.type = type;
    variable.storage = model::Storage::Parameter;
    role.variables.push_back(std::move(variable));
  }
  for (auto& [label, type] : variables) {
    model::Variable variable;
    variable.name = label;
    variable.type = type;
    role.variables.push_back(std::move(variable));
  }
  const int first = role.first_process;
  for (int i = 1; i <= count; ++i)
    protocol_->types.processes().push_back({static_cast<int>(protocol_->roles.size()), i,
                                            count == 1 ? name : name + " " + std::to_string(i)});
  protocol_->roles.push_back(std::move(role));
  return first;
}

int ProtocolBuilder::message(std::string name, std::vector<Type::Field> fields) {
  model::Message message;
  message.name = std::move(name);
  message.fields = std::move(fields);
  protocol_->messages.push_back(std::move(message));
  return static_cast<int>(protocol_->messages.size()) - 1;
}

void ProtocolBuilder::object(std::string name, std::vector<model::ObjectOp> ops) {
  model::Object object;
  object.name = std::move(name);
  object.ops = std::move(ops);
  protocol_->objects.push_back(std::move(object));
}

void ProtocolBuilder::client(int role) {
  protocol_->roles[static_cast<std::size_t>(role)].operations.emplace_back().object = 0;
}

RunBuilder::RunBuilder(std::shared_ptr<const model::Protocol> protocol,
                       std::vector<std::vector<Value>> initial)
    : protocol_(std::move(protocol)),
      variables_(std::move(initial)),
      up_(static_cast<std::size_t>(protocol_->process_count()), true) {
  CAPSTAN_REQUIRE(variables_.size() == up_.size(), "initial variables of every process");
  begin(Label::Kind::Start, -1, "start");
}

model::StepRecord& RunBuilder::begin(Label::Kind kind, int process, std::string text) {
  finish();
  model::StepRecord& step = run_.steps.emplace_back();
  step.label.kind = kind;
  step.label.process = process;
  step.process = process;
  step.text = std::move(text);
  return step;
}

void RunBuilder::finish() {
  if (run_.steps.empty()) return;
  run_.steps.back().variables = variables_;
  run_.steps.back().up = up_;
  run_.steps.back().true_time = true_time_;
}

RunBuilder& RunBuilder::invoke(int process, int op, std::vector<Value> args, std::string text) {
  model::StepRecord& step = begin(Label::Kind::Invoke, process, std::move(text));
  HistoryEvent event;
  event.process = process;
  event.object = 0;
  event.op = op;
  event.args = std::move(args);
  step.events.push_back(event);
  events_.push_back(event);
  at_.push_back(static_cast<int>(run_.steps.size()) - 1);
  return *this;
}

RunBuilder& RunBuilder::deliver(std::uint64_t id, std::string text) {
  const auto found = in_flight_.find(id);
  CAPSTAN_REQUIRE(found != in_flight_.end(), "a message in flight");
  model::StepRecord& step =
      begin(Label::Kind::Deliver, found->second.message.destination, std::move(text));
  step.label.message = found->second.message;
  step.delivered = id;
  in_flight_.erase(found);
  return *this;
}

RunBuilder& RunBuilder::lose(std::uint64_t id, std::string text) {
  model::StepRecord& step = begin(Label::Kind::Lose, -1, std::move(text));
  step.label.message = in_flight_.at(id).message;
  step.delivered = id;
  in_flight_.erase(id);
  return *this;
}

RunBuilder& RunBuilder::act(int process, std::string text) {
  begin(Label::Kind::Act, process, std::move(text));
  return *this;
}

RunBuilder& RunBuilder::cut(std::vector<int> one, std::vector<int> other, std::string text,
                            int fault) {
  model::StepRecord& step = begin(Label::Kind::Cut, -1, std::move(text));
  step.groups = {std::move(one), std::move(other)};
  step.label.fault = fault;
  return *this;
}

RunBuilder& RunBuilder::heal(std::string text, int fault) {
  begin(Label::Kind::Heal, -1, std::move(text)).label.fault = fault;
  return *this;
}

RunBuilder& RunBuilder::drop(std::uint64_t id) {
  run_.steps.back().dropped.push_back(id);
  in_flight_.erase(id);
  return *this;
}

RunBuilder& RunBuilder::crash(int process, std::string text) {
  begin(Label::Kind::Crash, process, std::move(text));
  up_[static_cast<std::size_t>(process)] = false;
  return *this;
}

RunBuilder& RunBuilder::restart(int process, std::string text) {
  begin(Label::Kind::Restart, process, std::move(text));
  up_[static_cast<std::size_t>(process)] = true;
  return *this;
}

RunBuilder& RunBuilder::tick(std::string text) {
  begin(Label::Kind::Tick, -1, std::move(text));
  ++true_time_;
  return *this;
}

RunBuilder& RunBuilder::jump(int process, int length, std::string text) {
  begin(Label::Kind::Jump, process, std::move(text)).label.choices = {length};
  return *this;
}

RunBuilder& RunBuilder::pause(int process, std::string text) {
  begin(Label::Kind::Pause, process, std::move(text));
  return *this;
}

RunBuilder& RunBuilder::unpause(int process, std::string text) {
  begin(Label::Kind::Unpause, process, std::move(text));
  return *this;
}

RunBuilder& RunBuilder::reading(std::int64_t offset) {
  run_.steps.back().label.reading = offset;
  return *this;
}

RunBuilder& RunBuilder::set(int process, int variable, Value value) {
  Value& place = variables_[static_cast<std::size_t>(process)][static_cast<std::size_t>(variable)];
  run_.steps.back().changes.push_back({process, variable, place, value});
  place = std::move(value);
  return *this;
}

RunBuilder& RunBuilder::send(std::uint64_t id, int from, int to, int message,
                             std::vector<Value> fields) {
  model::MessageCopy copy;
  copy.id = id;
  copy.message.source = from;
  copy.message.destination = to;
  copy.message.message = message;
  copy.message.fields = std::move(fields);
  run_.steps.back().sent.push_back(copy);
  in_flight_[id] = copy;
  return *this;
}

RunBuilder& RunBuilder::answer(int process, Value result) {
  HistoryEvent event;
  event.kind = HistoryEvent::Kind::Ok;
  event.process = process;
  event.object = 0;
  event.result = std::move(result);
  for (const HistoryEvent& earlier : events_)
    if (earlier.process == process && earlier.kind == HistoryEvent::Kind::Invoke)
      event.op = earlier.op;
  run_.steps.back().events.push_back(event);
  events_.push_back(event);
  at_.push_back(static_cast<int>(run_.steps.size()) - 1);
  return *this;
}

RunBuilder& RunBuilder::fail(std::string error) {
  run_.steps.back().error = std::move(error);
  return *this;
}

model::Run RunBuilder::take() {
  finish();
  for (const auto& [id, copy] : in_flight_) run_.in_flight.push_back(copy);
  run_.history = model::operations_of(events_, at_);
  return run_;
}

Value number(std::int64_t value) { return Value::integer(value); }

Evidence evidence_of(model::Run run, std::string title) {
  Evidence evidence;
  for (const model::StepRecord& step : run.steps) evidence.trace.labels.push_back(step.label);
  evidence.title = std::move(title);
  evidence.step_count = static_cast<int>(run.steps.size()) - 1;
  evidence.operation_count = static_cast<int>(run.history.size());
  for (const Label& label : evidence.trace.labels)
    evidence.fault_count += label.kind == Label::Kind::Cut || label.kind == Label::Kind::Crash ||
                            label.kind == Label::Kind::Lose || label.kind == Label::Kind::Pause;
  evidence.run = std::move(run);
  return evidence;
}

checker::ScenarioReport scenario_of(std::shared_ptr<const model::Protocol> protocol,
                                    std::string scenario, std::string expectation,
                                    Evidence evidence) {
  checker::ScenarioReport report;
  report.protocol = std::move(protocol);
  report.name = std::move(scenario);
  report.file_stem = report.protocol->name + "." + report.name;
  report.states = 4061;
  report.transitions = 12345;
  report.depth = 17;
  report.seconds = 0.031;
  checker::ExpectationReport& item = report.expectations.emplace_back();
  item.text = std::move(expectation);
  item.slug = "linearizable";
  item.verdict = evidence.is_witness ? checker::Verdict::Holds : checker::Verdict::Violated;
  item.outcome = checker::Outcome::Met;
  item.evidence = std::move(evidence);
  return report;
}

std::vector<std::pair<std::string, checker::ScenarioReport>> all_fixtures() {
  return {{"abd_stale_read", abd_stale_read()},
          {"bank_double_spend", bank_double_spend()},
          {"lost_write", lost_write()},
          {"crash_and_restart", crash_and_restart()},
          {"model_error", model_error()},
          {"two_phase_commit", two_phase_commit_witness()},
          {"long_names", long_names()},
          {"many_steps", many_steps()},
          {"clocks", clocks()},
          {"cuts_and_pauses", cuts_and_pauses()}};
}

}  // namespace capstan::reports::test
