// SPDX-License-Identifier: MIT
// typecheck: the three entry points; the work is in typed/elaboration, typed/body and
// typed/scenario. Tested by: tests/unit/model/typed, tests/golden/typed
#include "model/typed/typecheck.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/base/limits.hpp"
#include "model/system/evaluate.hpp"
#include "model/typed/body.hpp"
#include "model/typed/scenario.hpp"

namespace capstan::model {
namespace {

/// Of one scenario, and of all scenarios of a file.
constexpr std::size_t kPointsMax = 10'000;
/// Combinations of swept values that are looked at, those that `where` leaves out included.
constexpr std::uint64_t kCombinationsMax = 100'000;

using Sweep = std::vector<std::pair<std::string, Value>>;

/// Walks the binders of one scenario's `for`, elaborating the params anew for each partial
/// assignment: later sets may depend on earlier names. Cost: params times points.
class PointWalk {
 public:
  PointWalk(const ast::File& file, const SourceFile& source, Diagnostics& diagnostics,
            std::size_t scenario, std::vector<PointRef>& points)
      : file_(file),
        source_(source),
        diagnostics_(diagnostics),
        scenario_(scenario),
        points_(points) {
    for (const ast::Binder& binder : file.scenarios[scenario].sweep) {
      for (const ast::Name& name : binder.names) names_.emplace_back(&name, binder.set.get());
    }
  }

  /// False: the file has as many points as it may have, so further scenarios would add nothing.
  bool walk() {
    if (!check_names()) return true;
    first_point_ = points_.size();
    sizes_.assign(names_.size(), 0);
    visit(0, {});
    return !is_full_;
  }

 private:
  bool check_names() {
    Elaboration elaboration(file_, source_, diagnostics_);
    elaboration.collect_names();
    const ast::Scenario& scenario = file_.scenarios[scenario_];
    bool fine = true;
    std::vector<std::string> seen;
    for (const auto& [name, set] : names_) {
      if (!elaboration.find_param(name->text)) {
        std::vector<std::string> known;
        for (const Param& param : elaboration.protocol.params) known.push_back(param.name);
        Diagnostic& diagnostic = diagnostics_.add(
            "E0501", name->span, fmt::format("the protocol has no param `{}`", name->text),
            "unknown param");
        elaboration.suggest_for(diagnostic, name->text, known);
        fine = false;
      }
      const bool set_by_with = std::ranges::any_of(
          scenario.settings,
          [&name = name](const ast::Setting& each) { return each.name.text == name->text; });
      const bool again = std::ranges::find(seen, name->text) != seen.end();
      if (set_by_with || again) {
        diagnostics_.add("E0503", name->span,
                         fmt::format("the param `{}` is {}", name->text,
                                     again ? "swept twice" : "swept, and set by `with`"),
                         "set again");
        fine = false;
      }
      seen.push_back(name->text);
    }
    return fine;
  }

  bool visit(std::size_t depth, const Sweep& sweep) {
    const ast::Scenario& scenario = file_.scenarios[scenario_];
    Elaboration elaboration(file_, source_, diagnostics_);
    elaboration.collect_names();
    elaboration.set_params(scenario.settings, sweep);
    elaboration.elaborate_params();
    poll_limits_now();
    if (depth == names_.size()) return !refuse_combinations() && add_point(elaboration, sweep);
    const auto& [name, set] = names_[depth];
    Body body(elaboration, BodyKind::Constant);
    const ExprPtr checked = body.collection(*set, "what a param is swept over");
    if (is_unknown(checked->type)) return false;
    const Param& param = elaboration.param(*elaboration.find_param(name->text));
    const TypeId element = elaboration.types().at(checked->type).element;
    if (!fits(elaboration.types(), element, param.type)) {
      diagnostics_.add("E0502", set->span,
                       fmt::format("the param `{}` is {}, and each of these is {}", name->text,
                                   elaboration.a(param.type), elaboration.a(element)),
                       "other values");
      return false;
    }
    const auto values =
        elaboration.evaluate_constant(*checked, static_cast<int>(body.frame.slots.size()));
    if (!values) return false;
    note_size(depth, values->elements().size(), params_read(elaboration.protocol, *checked));
    for (const Value& value : values->elements()) {
      Sweep longer = sweep;
      longer.emplace_back(name->text, value);
      if (!visit(depth + 1, longer)) return false;
    }
    return true;
  }

  /// The sets on the way to the first combination tell how many there are, unless a set depends on
  /// what is swept.
  void note_size(std::size_t depth, std::uint64_t size, const std::set<int>& params) {
    if (combinations_ > 0) return;
    sizes_[depth] = size;
    is_product_ = is_product_ && params.empty();
  }

  bool refuse_combinations() {
    std::uint64_t total = ++combinations_;
    if (total == 1 && is_product_)
      for (const std::uint64_t size : sizes_)
        if (size > 0 && total <= kManyMax / size) total *= size;
    if (total <= kCombinationsMax) return false;
    const ast::Scenario& scenario = file_.scenarios[scenario_];
    diagnostics_
        .add("E0509", names_.front().first->span,
             combinations_ == 1 ? fmt::format("`{}` sweeps {} combinations of values, more than {}",
                                              scenario.name.text, total, kCombinationsMax)
                                : fmt::format("`{}` sweeps more than {} combinations of values",
                                              scenario.name.text, kCombinationsMax),
             "too many")
        .helps.push_back("narrow the sets: what `where` leaves out is looked at, too");
    return true;
  }

  bool add_point(Elaboration& elaboration, const Sweep& sweep) {
    const ast::Scenario& scenario = file_.scenarios[scenario_];
    if (scenario.sweep_where) {
      const auto wanted = elaboration.constant(
          *scenario.sweep_where, bool_type(elaboration.types()), "the condition after `where`");
      if (!wanted) return false;
      if (!wanted->truth()) return true;
    }
    if (points_.size() >= kPointsMax) {
      const std::string whose = first_point_ == 0 ? fmt::format("`{}` has", scenario.name.text)
                                                  : "the scenarios of this file up to here have";
      diagnostics_
          .add("E0509", scenario.name.span,
               fmt::format("{} more than {} points", whose, kPointsMax), "too many")
          .helps.push_back("write several files, or narrow what is swept");
      is_full_ = true;
      return false;
    }
    points_.push_back({scenario_, sweep});
    return true;
  }

  const ast::File& file_;
  const SourceFile& source_;
  Diagnostics& diagnostics_;
  std::size_t scenario_;
  std::vector<PointRef>& points_;
  std::vector<std::pair<const ast::Name*, const ast::Expr*>> names_;
  std::size_t first_point_ = 0;
  static constexpr std::uint64_t kManyMax = 1'000'000'000'000'000;
  std::vector<std::uint64_t> sizes_;  // of the sets on the way to the first combination
  bool is_product_ = true;
  std::uint64_t combinations_ = 0;
  bool is_full_ = false;
};

void refuse_repeated_scenarios(const ast::File& file, Diagnostics& diagnostics) {
  std::map<std::string, Span> seen;
  for (const ast::Scenario& scenario : file.scenarios) {
    const auto [other, is_new] = seen.emplace(scenario.name.text, scenario.name.span);
    if (is_new) continue;
    diagnostics
        .add("E0205", scenario.name.span,
             fmt::format("there are two scenarios `{}`", scenario.name.text), "declared again")
        .secondary.push_back({other->second, "first declared here"});
  }
}

void leave_out_cards(const ast::File& file, Diagnostics& diagnostics) {
  for (const ast::Card& card : file.cards) {
    const Span word{card.span.begin, card.span.begin + 4};
    diagnostics.add("W0591", word, "cards are not supported yet: this one is left out",
                    "not judged");
  }
}

}  // namespace

std::vector<PointRef> enumerate_points(const ast::File& file, const SourceFile& source,
                                       Diagnostics& diagnostics) {
  refuse_repeated_scenarios(file, diagnostics);
  std::vector<PointRef> points;
  for (std::size_t i = 0; i < file.scenarios.size(); ++i) {
    if (!PointWalk(file, source, diagnostics, i, points).walk()) break;
  }
  return points;
}

Protocol elaborate(const ast::File& file, const SourceFile& source, const PointRef& point,
                   Diagnostics& diagnostics) {
  leave_out_cards(file, diagnostics);
  const ast::Scenario& scenario = file.scenarios.at(point.scenario);
  Elaboration elaboration(file, source, diagnostics);
  elaboration.collect_names();
  elaboration.set_params(scenario.settings, point.sweep);
  elaboration.elaborate_declarations();
  ScenarioElaboration(elaboration, scenario).elaborate(point.sweep);
  return std::move(elaboration.protocol);
}

void check_declarations(const ast::File& file, const SourceFile& source, Diagnostics& diagnostics) {
  leave_out_cards(file, diagnostics);
  Elaboration elaboration(file, source, diagnostics);
  elaboration.collect_names();
  elaboration.elaborate_declarations();
}

}  // namespace capstan::model
