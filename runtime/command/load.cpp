// SPDX-License-Identifier: MIT
#include "runtime/command/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "checker/plan.hpp"
#include "model/source/diagnostic.hpp"
#include "model/source/render.hpp"
#include "model/source/suggest.hpp"
#include "model/source/utf8.hpp"
#include "model/syntax/parser.hpp"
#include "model/typed/typecheck.hpp"
#include "runtime/command/find_specs.hpp"
#include "runtime/execute/trace_json.hpp"

namespace capstan::runtime {
namespace {

bool is_wanted(const std::string& name, const std::vector<std::string>& scenarios) {
  return scenarios.empty() ||
         std::find(scenarios.begin(), scenarios.end(), name) != scenarios.end();
}

/// ; did you mean `...`?
std::string suggestion(const std::string& wrong, const std::vector<std::string>& names) {
  const std::vector<std::string> near = model::suggest(wrong, names);
  return near.empty() ? "" : fmt::format("; did you mean `{}`?", near.front());
}

/// What `--property` could have named, the texts before the slugs and these before single words.
std::vector<std::string> property_names(const std::vector<LoadedSpec>& specs) {
  std::vector<std::string> texts, slugs, words;
  for (const LoadedSpec& spec : specs) {
    for (const auto& point : spec.points) {
      for (const model::Expectation& each : point->scenario.expectations) {
        texts.push_back(checker::expected_text(each));
        slugs.push_back(each.slug);
        std::istringstream parts(texts.back());
        for (std::string word; parts >> word;) words.push_back(word);
      }
    }
  }
  texts.insert(texts.end(), slugs.begin(), slugs.end());
  texts.insert(texts.end(), words.begin(), words.end());
  return texts;
}

/// Leaves out the points without an expectation that is asked for.
std::optional<model::Failure> select_property(std::vector<LoadedSpec>& specs,
                                              const std::string& property) {
  if (property.empty()) return std::nullopt;
  const std::vector<std::string> names = property_names(specs);
  bool is_any = false;
  for (LoadedSpec& spec : specs) {
    const auto others =
        std::stable_partition(spec.points.begin(), spec.points.end(), [&](const auto& point) {
          return std::ranges::any_of(point->scenario.expectations, [&](const auto& expectation) {
            return checker::is_wanted(expectation, property);
          });
        });
    spec.others.insert(spec.others.end(), others, spec.points.end());
    spec.points.erase(others, spec.points.end());
    is_any = is_any || spec.has_errors || !spec.points.empty();
  }
  if (is_any) return std::nullopt;
  return model::Failure{
      fmt::format("no expectation has `{}` in its text{}", property, suggestion(property, names))};
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
  spec.fingerprint = fingerprint_of(spec.source->text());
  model::Diagnostics diagnostics;
  const model::ast::File file = model::parse(*spec.source, diagnostics);
  spec.protocol_name = file.name.text;
  for (const model::ast::Scenario& scenario : file.scenarios)
    spec.scenario_names.push_back(scenario.name.text);
  spec.has_cards = !file.cards.empty();
  if (!diagnostics.has_errors()) {
    const std::vector<model::PointRef> points =
        model::enumerate_points(file, *spec.source, diagnostics);
    if (points.empty() && !diagnostics.has_errors())
      model::check_declarations(file, *spec.source, diagnostics);
    std::vector<bool> has_points(file.scenarios.size());
    for (const model::PointRef& point : points) has_points[point.scenario] = true;
    for (std::size_t i = 0; i < file.scenarios.size(); ++i)
      if (!has_points[i] && is_wanted(file.scenarios[i].name.text, scenarios))
        spec.without_points.push_back(file.scenarios[i].name.text);
    for (const model::PointRef& point : points) {
      auto protocol = std::make_shared<model::Protocol>(
          model::elaborate(file, *spec.source, point, diagnostics));
      auto& list = is_wanted(protocol->scenario.name, scenarios) ? spec.points : spec.others;
      list.push_back(std::move(protocol));
    }
  }
  spec.has_errors = diagnostics.has_errors();
  spec.diagnostics = model::render_all(diagnostics, *spec.source, colour);
  if (spec.has_errors) spec.points.clear();
  if (spec.has_errors) spec.others.clear();
  return spec;
}

std::vector<checker::ExpectationReport> not_judged_of(const LoadedSpec& spec,
                                                      const Selection& selection) {
  std::vector<checker::ExpectationReport> all;
  if (spec.has_errors || !selection.property.empty()) return all;
  for (const std::string& name : spec.without_points)
    all.push_back(
        checker::nothing_expected(fmt::format("the sweep of the scenario `{}` is empty", name)));
  if (!selection.scenarios.empty()) return all;
  if (spec.scenario_names.empty())
    all.push_back(checker::nothing_expected("the file has no scenario"));
  if (spec.has_cards) all.push_back(checker::not_judged("card", "card", "not supported yet"));
  return all;
}

model::Result<std::vector<LoadedSpec>> load_specs(const std::vector<std::string>& paths,
                                                  const Selection& selection, bool colour) {
  const std::vector<std::string>& scenarios = selection.scenarios;
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
    is_any = is_any || spec.value().has_errors || !spec.value().points.empty() ||
             !spec.value().without_points.empty();
    names.insert(names.end(), spec.value().scenario_names.begin(),
                 spec.value().scenario_names.end());
    specs.push_back(std::move(spec.value()));
  }
  if (!is_any) {
    const std::string& wanted = scenarios.front();
    return model::Failure{
        fmt::format("no spec named has a scenario `{}`{}", wanted, suggestion(wanted, names))};
  }
  if (auto failure = select_property(specs, selection.property)) return *failure;
  return specs;
}

}  // namespace capstan::runtime
