// SPDX-License-Identifier: MIT
// trace_json_load: reads what trace_json writes, and refuses everything else with the place where
// it differs.
//
// A trace file may have been edited by hand, so nothing about it is taken for granted; whether its
// labels are steps of the spec is for the replay to say.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "model/base/require.hpp"
#include "runtime/execute/trace_json.hpp"
#include "runtime/execute/trace_json_names.hpp"

namespace capstan::runtime {

using Json = nlohmann::ordered_json;
using model::Failure;
using model::Label;
using model::Result;
using model::Value;

namespace {

/// Values nest as deeply as types do; a file that goes deeper is not ours.
constexpr int kNestingLimit = 64;
/// No run is so long.
constexpr std::int64_t kTicksMax = 1'000'000;

/// Whether the member of the label says something of a step of this kind (model/behaviour/trace).
bool has_meaning(Label::Kind kind, std::string_view name) {
  using enum Label::Kind;
  const auto is_one_of = [name](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (is_one_of({"process", "choices", "reading"})) return true;
  switch (kind) {
    case Start:
      return is_one_of({"parameter_choice", "start_readings"});
    case Invoke:
      return is_one_of({"object", "key", "op", "args", "script_position"});
    case Deliver:
      return is_one_of({"message", "alternative"});
    case Act:
      return is_one_of({"alternative", "args"});
    case Resume:
      return is_one_of({"at", "locals", "message", "alternative"});
    case GiveUp:
      return name == "slot";
    case Lose:
    case Duplicate:
      return is_one_of({"message", "alternative", "fault"});
    case Cut:
      return is_one_of({"fault", "group", "others"});
    case Heal:
    case Crash:
    case Jump:
    case Pause:
    case Unpause:
      return name == "fault";
    case PassWait:
      return name == "script_position";
    case Restart:
    case Tick:
      return false;
  }
  CAPSTAN_UNREACHABLE("every kind of label is listed");
}

/// Reads one document. The first thing that is wrong is kept; after it every answer is a default.
class Reader {
 public:
  const std::optional<std::string>& problem() const { return problem_; }

  void fail(const std::string& place, std::string_view expected) {
    if (!problem_) problem_ = fmt::format("{} is not {}", place, expected);
  }

  std::string text(const Json& object, const char* name) {
    if (!object.is_object() || !object.contains(name) || !object[name].is_string()) {
      fail(name, "a string");
      return {};
    }
    return object[name].get<std::string>();
  }

  std::string optional_text(const Json& object, const char* name) {
    return object.contains(name) ? text(object, name) : std::string();
  }

  template <typename Number>
  Number number(const Json& json, const std::string& place, Number usual) {
    const bool is_small =
        json.is_number_integer() &&
        (!json.is_number_unsigned() ||
         json.get<std::uint64_t>() <=
             static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    if (!is_small ||
        json.get<std::int64_t>() < static_cast<std::int64_t>(std::numeric_limits<Number>::min()) ||
        json.get<std::int64_t>() > static_cast<std::int64_t>(std::numeric_limits<Number>::max())) {
      fail(place, "a number of the expected size");
      return usual;
    }
    return json.get<Number>();
  }

  template <typename Number>
  void optional_number(const Json& object, const char* name, Number& number_out,
                       const std::string& place) {
    if (object.contains(name))
      number_out = number<Number>(object[name], place + "." + name, number_out);
  }

  Value value(const Json& json, const std::string& place, int depth = 0) {
    if (json.is_null()) return Value::none();
    if (json.is_number()) return Value::integer(number<std::int64_t>(json, place, 0));
    if (!json.is_object() || json.size() != 1 || depth > kNestingLimit) {
      fail(place, "a value");
      return {};
    }
    const std::string kind = json.begin().key();
    std::vector<Value> elements = values(json.begin().value(), place + "." + kind, depth + 1);
    if (kind == "tuple") return Value::tuple(std::move(elements));
    if (kind == "set") return Value::set(std::move(elements));
    if (kind == "map") return Value::map(std::move(elements));
    if (kind == "sequence") return Value::sequence(std::move(elements));
    fail(place, "a value");
    return {};
  }

  std::vector<Value> values(const Json& json, const std::string& place, int depth = 0) {
    std::vector<Value> list;
    if (!json.is_array()) fail(place, "a list");
    for (std::size_t i = 0; json.is_array() && i < json.size(); ++i) {
      list.push_back(value(json[i], fmt::format("{}[{}]", place, i), depth));
    }
    return list;
  }

  std::vector<int> numbers(const Json& json, const std::string& place) {
    std::vector<int> list;
    if (!json.is_array()) fail(place, "a list");
    for (std::size_t i = 0; json.is_array() && i < json.size(); ++i) {
      list.push_back(number<int>(json[i], fmt::format("{}[{}]", place, i), 0));
    }
    return list;
  }

  std::vector<std::optional<std::int64_t>> readings(const Json& json, const std::string& place) {
    std::vector<std::optional<std::int64_t>> list;
    if (!json.is_array()) fail(place, "a list");
    for (std::size_t i = 0; json.is_array() && i < json.size(); ++i) {
      list.emplace_back();
      if (!json[i].is_null())
        list.back() = number<std::int64_t>(json[i], fmt::format("{}[{}]", place, i), 0);
    }
    return list;
  }

  model::MessageInstance message(const Json& json, const std::string& place) {
    model::MessageInstance message;
    if (!json.is_object()) {
      fail(place, "a message");
      return message;
    }
    optional_number(json, "source", message.source, place);
    optional_number(json, "destination", message.destination, place);
    optional_number(json, "message", message.message, place);
    if (json.contains("fields")) message.fields = values(json["fields"], place + ".fields");
    if (json.contains("token")) {
      const std::vector<int> token = numbers(json["token"], place + ".token");
      if (token.size() != 2) fail(place + ".token", "a process and a slot");
      if (token.size() == 2) message.token = {token[0], token[1]};
    }
    optional_number(json, "least", message.least, place);
    optional_number(json, "most", message.most, place);
    optional_number(json, "age", message.age, place);
    return message;
  }

  Label label(const Json& json, Label::Kind kind, const std::string& place) {
    Label label;
    label.kind = kind;
    if (!json.is_object()) {
      fail(place, "an object");
      return label;
    }
    for (const auto& [name, member] : json.items())
      if (!has_meaning(kind, name))
        fail(place + "." + name, fmt::format("a part of such a step ({})", kind_name(kind)));
    optional_number(json, "process", label.process, place);
    optional_number(json, "object", label.object, place);
    optional_number(json, "op", label.op, place);
    if (json.contains("key")) label.key = value(json["key"], place + ".key");
    if (json.contains("args")) label.args = values(json["args"], place + ".args");
    optional_number(json, "script_position", label.script_position, place);
    if (json.contains("message")) label.message = message(json["message"], place + ".message");
    optional_number(json, "alternative", label.alternative, place);
    optional_number(json, "at", label.at, place);
    if (json.contains("locals")) label.locals = values(json["locals"], place + ".locals");
    optional_number(json, "slot", label.slot, place);
    optional_number(json, "fault", label.fault, place);
    if (json.contains("group")) label.group = numbers(json["group"], place + ".group");
    if (json.contains("others")) label.others = numbers(json["others"], place + ".others");
    optional_number(json, "parameter_choice", label.parameter_choice, place);
    if (json.contains("choices")) label.choices = numbers(json["choices"], place + ".choices");
    if (json.contains("reading"))
      label.reading = number<std::int64_t>(json["reading"], place + ".reading", 0);
    if (json.contains("start_readings"))
      label.start_readings = readings(json["start_readings"], place + ".start_readings");
    return label;
  }

  Label step(const Json& json, const std::string& place) {
    if (!json.is_object() || !json.contains("label")) {
      fail(place, "a step");
      return {};
    }
    const std::string name = text(json, "kind");
    for (const auto& [kind, known] : kKindNames) {
      if (known == name) return label(json["label"], kind, place + ".label");
    }
    fail(place + ".kind", "a kind of step");
    return {};
  }

 private:
  std::optional<std::string> problem_;
};

}  // namespace

Result<TraceFile> load_trace(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Failure{"the trace file is not JSON"};
  if (!json.is_object() || json.value("format", Json()) != Json(kTraceFormat)) {
    return Failure{"the file is not a trace: it has no `format` that says so"};
  }
  if (json.value("version", Json()) != Json(kTraceVersion)) {
    return Failure{fmt::format("the trace file has another version than {}", kTraceVersion)};
  }
  Reader reader;
  TraceFile file;
  file.protocol = reader.text(json, "protocol");
  file.scenario = reader.text(json, "scenario");
  file.spec_path = reader.text(json, "spec");
  file.spec_beside = reader.optional_text(json, "spec_beside");
  file.spec_fingerprint = reader.optional_text(json, "spec_fingerprint");
  file.property = reader.text(json, "property");
  file.model_error = reader.optional_text(json, "model_error");
  for (const auto& [name, ticks] :
       {std::pair("time_horizon", &file.time_horizon), std::pair("time_gap", &file.time_gap)}) {
    reader.optional_number(json, name, *ticks, "the trace");
    if (*ticks < 0 || *ticks > kTicksMax) reader.fail(name, "a number of ticks");
  }
  const Json point = json.value("point", Json());
  if (!point.is_array()) reader.fail("point", "a list");
  for (std::size_t i = 0; point.is_array() && i < point.size(); ++i) {
    const std::string place = fmt::format("point[{}]", i);
    std::string name = reader.text(point[i], "name");
    const Json value = point[i].is_object() ? point[i].value("value", Json()) : Json();
    file.point.emplace_back(std::move(name), reader.value(value, place));
  }
  const Json steps = json.value("steps", Json());
  if (!steps.is_array() || steps.empty()) reader.fail("steps", "a list that begins with the start");
  for (std::size_t i = 0; steps.is_array() && i < steps.size(); ++i) {
    file.trace.labels.push_back(reader.step(steps[i], fmt::format("steps[{}]", i)));
  }
  if (json.contains("loop_start")) {
    const int count = static_cast<int>(file.trace.labels.size());
    const int first = reader.number<int>(json["loop_start"], "loop_start", -1);
    if (first < 1 || first >= count) reader.fail("loop_start", "the number of a step");
    file.trace.loop_start = first;
  }
  if (reader.problem()) return Failure{"the trace file is damaged: " + *reader.problem()};
  return file;
}

}  // namespace capstan::runtime
