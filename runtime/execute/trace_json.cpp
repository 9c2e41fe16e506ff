// SPDX-License-Identifier: MIT
// trace_json: writing. Reading is in trace_json_load.cpp.
#include "runtime/execute/trace_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "model/base/hash.hpp"
#include "model/base/require.hpp"
#include "runtime/execute/story.hpp"
#include "runtime/execute/trace_json_names.hpp"

namespace capstan::runtime {

using Json = nlohmann::ordered_json;
using model::Label;
using model::Value;

namespace {

Json values_json(const std::vector<Value>& values);

Json value_json(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::None:
      return nullptr;
    case Value::Kind::Integer:
      return value.number();
    case Value::Kind::Tuple:
      return {{"tuple", values_json(value.elements())}};
    case Value::Kind::Set:
      return {{"set", values_json(value.elements())}};
    case Value::Kind::Map:
      return {{"map", values_json(value.elements())}};
    case Value::Kind::Sequence:
      return {{"sequence", values_json(value.elements())}};
  }
  CAPSTAN_UNREACHABLE("every kind of value is listed");
}

Json values_json(const std::vector<Value>& values) {
  Json list = Json::array();
  for (const Value& value : values) list.push_back(value_json(value));
  return list;
}

Json message_json(const model::MessageInstance& message) {
  Json json = {{"source", message.source},
               {"destination", message.destination},
               {"message", message.message},
               {"fields", values_json(message.fields)},
               {"token", Json::array({message.token.process, message.token.slot})}};
  const model::MessageInstance timeless;
  if (message.least != timeless.least) json["least"] = message.least;
  if (message.most != timeless.most) json["most"] = message.most;
  if (message.age != timeless.age) json["age"] = message.age;
  return json;
}

/// What differs from an empty label, so that a reader sees what counts.
Json label_json(const Label& label) {
  const Label empty;
  Json json = Json::object();
  const auto add = [&json](const char* name, auto value, auto usual) {
    if (value != usual) json[name] = value;
  };
  add("process", label.process, empty.process);
  add("object", label.object, empty.object);
  add("op", label.op, empty.op);
  if (!label.key.is_none()) json["key"] = value_json(label.key);
  if (!label.args.empty()) json["args"] = values_json(label.args);
  add("script_position", label.script_position, empty.script_position);
  if (!(label.message == empty.message)) json["message"] = message_json(label.message);
  add("alternative", label.alternative, empty.alternative);
  add("at", label.at, empty.at);
  if (!label.locals.empty()) json["locals"] = values_json(label.locals);
  add("slot", label.slot, empty.slot);
  add("fault", label.fault, empty.fault);
  add("group", label.group, empty.group);
  add("others", label.others, empty.others);
  add("parameter_choice", label.parameter_choice, empty.parameter_choice);
  add("choices", label.choices, empty.choices);
  if (label.reading) json["reading"] = *label.reading;
  for (const auto& reading : label.start_readings)
    json["start_readings"].push_back(reading ? Json(*reading) : Json());
  return json;
}

Json names_json(const std::vector<int>& processes, const model::Protocol& protocol) {
  Json names = Json::array();
  for (const int process : processes) {
    names.push_back(protocol.types.processes().at(static_cast<std::size_t>(process)).name);
  }
  return names;
}

Json step_json(const model::StepRecord& step, std::size_t number, const model::Protocol& protocol) {
  const Label& label = step.label;
  Json json = {{"step", number}, {"kind", kind_name(label.kind)}, {"text", step.text}};
  const auto name = [&](int process) {
    return protocol.types.processes().at(static_cast<std::size_t>(process)).name;
  };
  if (step.process >= 0) json["process"] = name(step.process);
  if (label.kind == Label::Kind::Invoke) {
    json["call"] = call_text(protocol, label.object, label.op, label.key, label.args);
  }
  if (label.message.message >= 0) {
    json["message"] = message_text(protocol, label.message);
    json["from"] = name(label.message.source);
    json["to"] = name(label.message.destination);
  }
  if (!label.group.empty()) json["group"] = names_json(label.group, protocol);
  if (step.error) json["error"] = *step.error;
  if (protocol.scenario.has_ticks()) json["true_time"] = step.true_time;
  if (label.reading) json["clock"] = step.true_time + *label.reading;
  json["label"] = label_json(label);
  return json;
}

}  // namespace

std::string fingerprint_of(std::string_view spec_text) {
  return fmt::format("{:016x}", model::hash_bytes(spec_text));
}

std::string save_trace(const TraceFile& file, const model::Protocol& protocol,
                       const model::Run& run) {
  CAPSTAN_REQUIRE(file.trace.labels.size() == run.steps.size(),
                  "the run is the replay of the trace");
  Json point = Json::array();
  for (const auto& [name, value] : file.point)
    point.push_back({{"name", name}, {"value", value_json(value)}});
  Json steps = Json::array();
  for (std::size_t i = 0; i < run.steps.size(); ++i)
    steps.push_back(step_json(run.steps[i], i, protocol));
  Json json = {{"format", kTraceFormat},          {"version", kTraceVersion},
               {"protocol", file.protocol},       {"scenario", file.scenario},
               {"point", std::move(point)},       {"spec", file.spec_path},
               {"spec_beside", file.spec_beside}, {"spec_fingerprint", file.spec_fingerprint},
               {"property", file.property}};
  if (!file.model_error.empty()) json["model_error"] = file.model_error;
  if (file.time_horizon != 0) json["time_horizon"] = file.time_horizon;
  if (file.time_gap != 0) json["time_gap"] = file.time_gap;
  json["steps"] = std::move(steps);
  if (file.trace.loop_start >= 0) json["loop_start"] = file.trace.loop_start;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace capstan::runtime
