// SPDX-License-Identifier: MIT
#include "reports/json.hpp"

#include <nlohmann/json.hpp>

#include "reports/words.hpp"

namespace capstan::reports {

using Json = nlohmann::ordered_json;
using checker::Evidence;
using checker::ExpectationReport;
using checker::Explanation;
using checker::ScenarioReport;
using model::Protocol;

namespace {

Json json_of(const Protocol& protocol, const model::MessageCopy& copy) {
  return {{"id", copy.id},
          {"from", process_name(protocol, copy.message.source)},
          {"to", process_name(protocol, copy.message.destination)},
          {"message", message_name(protocol, copy.message)}};
}

Json json_of(const Protocol& protocol, const model::Change& change) {
  const model::Role& role = protocol.role_of(change.process);
  return {{"process", process_name(protocol, change.process)},
          {"variable", role.variables[static_cast<std::size_t>(change.variable)].name},
          {"before", variable_text(protocol, change.process, change.variable, change.before)},
          {"after", variable_text(protocol, change.process, change.variable, change.after)}};
}

template <typename Items>
Json list_of(const Protocol& protocol, const Items& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(json_of(protocol, item));
  return list;
}

Json names_of(const Protocol& protocol, const std::vector<int>& processes) {
  Json names = Json::array();
  for (const int process : processes) names.push_back(process_name(protocol, process));
  return names;
}

/// The variables of every process and the ghosts after the step.
Json state_of(const Protocol& protocol, const model::StepRecord& step) {
  Json state = Json::object();
  for (std::size_t p = 0; p < step.variables.size(); ++p) {
    const int process = static_cast<int>(p);
    Json variables = Json::object();
    const model::Role& role = protocol.role_of(process);
    for (std::size_t v = 0; v < step.variables[p].size() && v < role.variables.size(); ++v)
      variables[role.variables[v].name] =
          variable_text(protocol, process, static_cast<int>(v), step.variables[p][v]);
    if (p < step.up.size() && !step.up[p]) variables["(down)"] = "true";
    state[process_name(protocol, process)] = std::move(variables);
  }
  if (!step.ghosts.empty()) {
    Json ghosts = Json::object();
    for (std::size_t g = 0; g < step.ghosts.size() && g < protocol.ghosts.size(); ++g)
      ghosts[protocol.ghosts[g].name] =
          protocol.types.format(protocol.ghosts[g].type, step.ghosts[g]);
    state["(ghosts)"] = std::move(ghosts);
  }
  return state;
}

Json json_of(const Protocol& protocol, const model::StepRecord& step, std::size_t number) {
  Json json = {{"number", number}, {"kind", word(step.label.kind)}, {"text", step.text}};
  if (step.process >= 0) json["process"] = process_name(protocol, step.process);
  if (step.delivered) json["delivered"] = *step.delivered;
  if (!step.sent.empty()) json["sent"] = list_of(protocol, step.sent);
  if (!step.discarded.empty()) json["discarded"] = step.discarded;
  if (!step.dropped.empty()) json["dropped"] = step.dropped;
  if (!step.changes.empty()) json["changes"] = list_of(protocol, step.changes);
  for (const model::HistoryEvent& event : step.events)
    json["events"].push_back({{"kind", word(event.kind)},
                              {"process", process_name(protocol, event.process)},
                              {"text", event_text(protocol, event)}});
  for (const std::vector<int>& group : step.groups)
    json["groups"].push_back(names_of(protocol, group));
  if (protocol.scenario.has_ticks()) json["true_time"] = step.true_time;
  if (step.label.reading) json["clock"] = step.true_time + *step.label.reading;
  for (std::size_t p = 0; p < step.label.start_readings.size(); ++p)
    if (const auto reading = step.label.start_readings[p])
      json["clocks"][process_name(protocol, static_cast<int>(p))] = *reading;
  json["state"] = state_of(protocol, step);
  if (step.error) json["error"] = *step.error;
  return json;
}

Json json_of(const checker::TriedOrder& order) {
  Json json = {{"title", order.title},
               {"operations", order.operations},
               {"states", order.states},
               {"respects_real_time", order.respects_real_time}};
  if (order.breaks_at >= 0) {
    json["breaks_at"] = order.breaks_at;
    json["must_return"] = order.must_return;
    json["returned"] = order.returned;
  }
  json["text"] = order.text;
  return json;
}

Json json_of(const Protocol& protocol, const Explanation& explanation) {
  Json json = {{"title", explanation.title}, {"subject", explanation.subject}};
  json["operations"] = Json::array();
  for (const checker::CoreOperation& operation : explanation.operations) {
    Json item = {{"badge", operation.badge},
                 {"name", operation.name},
                 {"process", process_name(protocol, operation.process)},
                 {"invoked", operation.invoked}};
    if (operation.responded != model::HistoryOperation::kNever) {
      item["responded"] = operation.responded;
      item["answer"] = operation.answer;
    }
    json["operations"].push_back(std::move(item));
  }
  json["sentences"] = Json::array();
  for (const checker::Sentence& sentence : explanation.sentences)
    json["sentences"].push_back(
        {{"number", sentence.number}, {"text", sentence.text}, {"premises", sentence.premises}});
  json["cycle"] = Json::array();
  for (const checker::CoreEdge& edge : explanation.cycle)
    json["cycle"].push_back(
        {{"before", edge.before}, {"after", edge.after}, {"sentence", edge.sentence}});
  json["conclusion"] = explanation.conclusion;
  json["core_size"] = explanation.core_size;
  json["fact_count"] = explanation.fact_count;
  if (!explanation.note.empty()) json["note"] = explanation.note;
  json["orders"] = Json::array();
  for (const checker::TriedOrder& order : explanation.orders)
    json["orders"].push_back(json_of(order));
  return json;
}

Json json_of(const Protocol& protocol, const Evidence& evidence) {
  Json json = {{"kind", evidence.is_witness ? "witness" : "counterexample"},
               {"title", evidence.title},
               {"step_count", evidence.step_count},
               {"operation_count", evidence.operation_count},
               {"fault_count", evidence.fault_count}};
  if (evidence.trace.loop_start >= 0) json["loop_start"] = evidence.trace.loop_start;
  json["steps"] = Json::array();
  for (std::size_t i = 0; i < evidence.run.steps.size(); ++i)
    json["steps"].push_back(json_of(protocol, evidence.run.steps[i], i));
  json["in_flight"] = list_of(protocol, evidence.run.in_flight);
  for (const model::ShownTime& each : evidence.run.shown)
    json["clocks_at_end"].push_back(
        {{"process", process_name(protocol, each.process)}, {"clock", each.time}});
  if (!evidence.why.empty()) json["why"] = evidence.why;
  if (evidence.explanation) json["explanation"] = json_of(protocol, *evidence.explanation);
  return json;
}

Json json_of(const checker::Attempt& attempt) {
  Json json = {{"method", checker::word(attempt.method)},
               {"true_of_every_state", attempt.proves},
               {"text", attempt.text}};
  if (attempt.steps > 0) json["steps"] = attempt.steps;
  if (!attempt.invariant.empty()) json["invariant"] = attempt.invariant;
  return json;
}

Json json_of(const checker::Proof& proof, const JsonOptions& options) {
  Json json = {{"ranges_over", proof.ranges_over}};
  json["obligations"] = Json::array();
  for (const checker::Obligation& each : proof.obligations) {
    Json item = {{"name", each.name},
                 {"status", checker::word(each.status)},
                 {"precondition_satisfiable", each.is_possible}};
    if (each.is_impossible) item["never_happens"] = true;
    if (!each.note.empty()) item["note"] = each.note;
    if (options.times) item["milliseconds"] = each.milliseconds;
    json["obligations"].push_back(std::move(item));
  }
  for (const checker::Attempt& each : proof.attempts) json["attempts"].push_back(json_of(each));
  return json;
}

Json json_of(const checker::Counterexample& found) {
  Json json = {
      {"title", found.title}, {"why", found.why}, {"may_be_unreachable", found.may_be_unreachable}};
  if (found.is_unreachable) json["is_unreachable"] = true;
  json["states"] = Json::array();
  for (const checker::ShownState& state : found.states) {
    Json values = Json::object();
    Json differing = Json::array();
    for (const checker::ShownState::Row& row : state.rows) {
      values[row.name] = row.value;
      if (row.is_marked) differing.push_back(row.name);
    }
    Json item = {{"title", state.title}, {"values", std::move(values)}};
    if (!state.note.empty()) item["note"] = state.note;
    if (!differing.empty()) item["differing"] = std::move(differing);
    json["states"].push_back(std::move(item));
  }
  json["arrows"] = Json::array();
  for (const checker::ShownArrow& arrow : found.arrows)
    json["arrows"].push_back({{"from", arrow.from}, {"to", arrow.to}, {"text", arrow.text}});
  return json;
}

Json json_of(const std::vector<checker::Unwritten>& unwritten) {
  Json list = Json::array();
  for (const checker::Unwritten& each : unwritten)
    list.push_back({{"path", each.path}, {"why", each.why}});
  return list;
}

Json json_of(const ScenarioReport& scenario, const ExpectationReport& expectation,
             const JsonOptions& options) {
  Json json = {{"text", expectation.text},
               {"slug", expectation.slug},
               {"verdict", checker::word(expectation.verdict)},
               {"outcome", checker::word(expectation.outcome)}};
  if (!expectation.remark.empty()) json["remark"] = expectation.remark;
  if (const auto& window = expectation.window) {
    json["window"] = {{"steps", window->steps}, {"bounded", window->is_bounded}};
    if (window->hops) {
      json["window"]["hops"] = *window->hops;
      json["window"]["bounded_hops"] = window->has_bounded_hops;
    }
    if (window->ticks) {
      json["window"]["ticks"] = *window->ticks;
      json["window"]["bounded_ticks"] = window->has_bounded_ticks;
    }
  }
  json["files"] = expectation.files;
  if (!expectation.unwritten.empty()) json["unwritten"] = json_of(expectation.unwritten);
  if (expectation.evidence && scenario.protocol)
    json["evidence"] = json_of(*scenario.protocol, *expectation.evidence);
  if (expectation.proof) json["proof"] = json_of(*expectation.proof, options);
  if (expectation.counterexample) json["counterexample"] = json_of(*expectation.counterexample);
  return json;
}

Json json_of(const ScenarioReport& scenario, const JsonOptions& options) {
  Json json = {{"name", scenario.name}};
  if (!scenario.point.empty()) {
    json["point"] = Json::object();
    if (scenario.protocol)
      for (const auto& [name, value] : scenario.protocol->scenario.point)
        for (const model::Param& param : scenario.protocol->params)
          if (param.name == name)
            json["point"][name] = scenario.protocol->types.format(param.type, value);
    json["point_text"] = scenario.point;
  }
  json["file_stem"] = scenario.file_stem;
  json["states"] = scenario.states;
  json["transitions"] = scenario.transitions;
  json["depth"] = scenario.depth;
  if (options.times) {
    json["seconds"] = scenario.seconds;
    json["memory_bytes"] = scenario.memory_bytes;
  }
  json["collision_probability"] = scenario.collision_probability;
  json["histories_audited"] = scenario.histories_audited;
  json["expectations"] = Json::array();
  for (const ExpectationReport& expectation : scenario.expectations)
    json["expectations"].push_back(json_of(scenario, expectation, options));
  if (scenario.model_error) json["model_error"] = json_of(scenario, *scenario.model_error, options);
  if (!scenario.deadlock_text.empty()) {
    json["deadlock"] = {{"text", scenario.deadlock_text}};
    if (!scenario.deadlock_files.empty()) json["deadlock"]["files"] = scenario.deadlock_files;
    if (scenario.deadlock && scenario.protocol)
      json["deadlock"]["evidence"] = json_of(*scenario.protocol, *scenario.deadlock);
  }
  json["remarks"] = scenario.remarks;
  return json;
}

Json summary_of(const checker::RunReport& report) {
  std::array<std::size_t, checker::kOutcomes.size()> counts = {};
  std::size_t errors = 0;
  for (const checker::FileReport& file : report.files) {
    errors += file.has_errors;
    for (const ExpectationReport* each : checker::outcomes_of(file))
      ++counts[static_cast<std::size_t>(each->outcome)];
  }
  Json json = Json::object();
  for (const checker::Outcome outcome : checker::kOutcomes)
    json[checker::word(outcome)] = counts[static_cast<std::size_t>(outcome)];
  json["files_with_errors"] = errors;
  return json;
}

}  // namespace

std::string json_of(const checker::RunReport& report, const JsonOptions& options) {
  Json json = {{"format", "capstan-report"},
               {"version", kJsonVersion},
               {"command", report.command},
               {"exit_status", checker::exit_status(report)},
               {"summary", summary_of(report)}};
  if (report.is_interrupted) json["interrupted"] = true;
  if (!report.unwritten.empty()) json["unwritten"] = json_of(report.unwritten);
  json["files"] = Json::array();
  for (const checker::FileReport& file : report.files) {
    Json item = {{"path", file.path},
                 {"protocol", file.protocol_name},
                 {"has_errors", file.has_errors},
                 {"diagnostics", without_colours(file.diagnostics)}};
    for (const ExpectationReport& each : file.not_judged)
      item["not_judged"].push_back(json_of(ScenarioReport{}, each, options));
    item["scenarios"] = Json::array();
    for (const ScenarioReport& scenario : file.scenarios)
      item["scenarios"].push_back(json_of(scenario, options));
    json["files"].push_back(std::move(item));
  }
  // Names in specs are ASCII, but diagnostics quote the source: bytes that are not UTF-8 are
  // replaced, never fatal.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace capstan::reports
