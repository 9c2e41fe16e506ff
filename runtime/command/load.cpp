// SPDX-License-Identifier: MIT
#include "runtime/command/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/source/diagnostic.hpp"
#include "model/source/render.hpp"
#include "model/source/suggest.hpp"
#include "model/source/utf8.hpp"
#include "model/syntax/parser.hpp"
#include "model/typed/typecheck.hpp"
#include "runtime/command/find_specs.hpp"

namespace capstan::runtime {
namespace {

bool is_wanted(const std::string& name, const std::vector<std::string>& scenarios) {
  return scenarios.empty() ||
         std::find(scenarios.begin(), scenarios.end(), name) != scenarios.end();
}

/// The others are checked all the same.
LoadedSpec unreadable(const std::string& path, const std::string& why) {
  LoadedSpec spec;
  spec.path = path;
  spec.source = std::make_shared<const model::SourceFile>(path, "");
  spec.diagnostics = fmt::format("error: {}\n", model::printable(why));
  spec.has_errors = true;
  return spec;
}

}  // namespace

model::Result<LoadedSpec> load_spec(const std::string& path,
                                    const std::vector<std::string>& scenarios, bool colour) {
  model::Result<model::SourceFile> read = model::read_source_file(path);
  if (!read) return read.failure();
  LoadedSpec spec;
  spec.path = path;
  spec.source = std::make_shared<const model::SourceFile>(std::move(read.value()));
  model::Diagnostics diagnostics;
  const model::ast::File file = model::parse(*spec.source, diagnostics);
  spec.protocol_name = file.name.text;
  for (const model::ast::Scenario& scenario : file.scenarios)
    spec.scenario_names.push_back(scenario.name.text);
  if (!diagnostics.has_errors()) {
    if (file.scenarios.empty()) model::check_declarations(file, *spec.source, diagnostics);
    const std::vector<model::PointRef> points =
        model::enumerate_points(file, *spec.source, diagnostics);
    for (const model::PointRef& point : points) {
      auto protocol = std::make_shared<model::Protocol>(
          model::elaborate(file, *spec.source, point, diagnostics));
      if (is_wanted(protocol->scenario.name, scenarios)) spec.points.push_back(std::move(protocol));
    }
  }
  spec.has_errors = diagnostics.has_errors();
  spec.diagnostics = model::render_all(diagnostics, *spec.source, colour);
  if (spec.has_errors) spec.points.clear();
  return spec;
}

model::Result<std::vector<LoadedSpec>> load_specs(const std::vector<std::string>& paths,
                                                  const std::vector<std::string>& scenarios,
                                                  bool colour) {
  model::Result<FoundSpecs> found = find_specs(paths);
  if (!found) return found.failure();
  tell_notes(found.value());
  std::vector<LoadedSpec> specs;
  std::vector<std::string> names;
  bool is_any = scenarios.empty();
  for (const FoundSpec& each : found.value().specs) {
    model::Result<LoadedSpec> spec = each.problem.empty()
                                         ? load_spec(each.path, scenarios, colour)
                                         : model::Result<LoadedSpec>(model::Failure{each.problem});
    if (!spec) spec = unreadable(each.path, spec.failure().message);
    is_any = is_any || spec.value().has_errors || !spec.value().points.empty();
    names.insert(names.end(), spec.value().scenario_names.begin(),
                 spec.value().scenario_names.end());
    specs.push_back(std::move(spec.value()));
  }
  if (is_any) return specs;
  const std::string& wanted = scenarios.front();
  std::string message = fmt::format("no spec named has a scenario `{}`", wanted);
  const std::vector<std::string> near = model::suggest(wanted, names);
  if (!near.empty()) message += fmt::format("; did you mean `{}`?", near.front());
  return model::Failure{message};
}

}  // namespace capstan::runtime
