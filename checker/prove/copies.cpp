// SPDX-License-Identifier: MIT
#include "checker/prove/copies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checker/symbolic/guards.hpp"

namespace capstan::checker {

using model::Expr;
using model::ExprKind;
using model::TypeId;
using model::Value;

namespace {

/// The variables of its process that the expression may read, and -1 for `self`.
void add_reads(const model::Protocol& protocol, const Expr& expr, std::set<int>& reads) {
  if (expr.kind == ExprKind::Variable) reads.insert(expr.slot);
  if (expr.kind == ExprKind::Self) reads.insert(-1);
  if (expr.kind == ExprKind::Call) {
    const auto& value = protocol.functions[static_cast<std::size_t>(expr.index)].value;
    if (value) add_reads(protocol, *value, reads);
  }
  for (const model::ExprPtr& operand : expr.operands)
    if (operand) add_reads(protocol, *operand, reads);
  if (!expr.comprehension) return;
  for (const model::Binder& binder : expr.comprehension->binders)
    add_reads(protocol, *binder.set, reads);
  for (const model::ExprPtr* part : {&expr.comprehension->where, &expr.comprehension->key,
                                     &expr.comprehension->value, &expr.comprehension->otherwise})
    if (*part) add_reads(protocol, **part, reads);
}

}  // namespace

Copies::Copies(const model::Protocol& protocol, const model::Expectation& expectation)
    : protocol_(protocol),
      expectation_(expectation),
      merge_(protocol.functions[static_cast<std::size_t>(expectation.merge)]),
      role_(protocol.roles[static_cast<std::size_t>(merge_.role)]) {
  for (const int slot : merge_.merged_slots)
    types_.push_back(role_.variables[static_cast<std::size_t>(slot)].type);
  read_given();
}

void Copies::read_given() {
  for (const Expr* part : conjuncts_of(expectation_.given.get())) {
    std::set<int> reads;
    add_reads(protocol_, *part, reads);
    const bool is_of_holder = std::any_of(reads.begin(), reads.end(), [&](int slot) {
      return std::ranges::find(merge_.merged_slots, slot) == merge_.merged_slots.end();
    });
    (is_of_holder ? of_holders_ : of_copies_).push_back(part);
    for (const int slot : reads)
      if (slot >= 0) watched_.push_back(slot);
  }
  watched_.insert(watched_.end(), merge_.merged_slots.begin(), merge_.merged_slots.end());
}

Holder Copies::holder(Setting& setting, const std::string& name) const {
  Holder result;
  const TypeId process = process_type(protocol_, merge_.role);
  result.self = setting.universe.fresh(process, name);
  for (std::size_t i = 0; i < role_.variables.size(); ++i)
    result.variables.push_back(setting.universe.fresh(
        role_.variables[i].type, fmt::format("{}.{}", name, role_.variables[i].name)));
  return result;
}

Copy Copies::copy_of(const Holder& holder) const {
  Copy copy;
  for (const int slot : merge_.merged_slots)
    copy.push_back(holder.variables.at(static_cast<std::size_t>(slot)));
  return copy;
}

Copy Copies::any_copy(Setting& setting, const std::string& name) const {
  Copy copy;
  for (std::size_t i = 0; i < types_.size(); ++i)
    copy.push_back(setting.universe.fresh(types_[i], fmt::format("{}.{}", name, variable(i))));
  return copy;
}

const std::string& Copies::variable(std::size_t index) const {
  return role_.variables[static_cast<std::size_t>(merge_.merged_slots[index])].name;
}

Scene Copies::scene_of_copy(Setting& setting, const Copy& mine, const Copy& theirs,
                            std::size_t slots) const {
  Scene scene(setting.universe);
  for (const model::Variable& other : role_.variables)
    scene.variables.push_back(
        opaque_term({fmt::format("`{}`, which is not merged", other.name), {}}));
  for (std::size_t i = 0; i < mine.size(); ++i)
    scene.variables[static_cast<std::size_t>(merge_.merged_slots[i])] = mine[i];
  scene.self = opaque_term({"`self` in a merge", {}});
  scene.locals.assign(slots, nullptr);
  std::copy(theirs.begin(), theirs.end(), scene.locals.begin());
  return scene;
}

Copy Copies::merged(Setting& setting, const Copy& mine, const Copy& theirs) const {
  const Scene scene = scene_of_copy(setting, mine, theirs, merge_.frame.slots.size());
  const std::vector<Way> ways = setting.execution.run(merge_.block, scene);
  if (ways.size() != 1) throw CannotEncode{"a merge with `return`", merge_.span};
  Copy result;
  for (const int slot : merge_.merged_slots) {
    result.push_back(ways[0].scene.variables[static_cast<std::size_t>(slot)]);
    if (result.back()->kind == Term::Kind::Opaque) throw result.back()->reason;
  }
  return result;
}

z3::expr Copies::same(Setting& setting, const Copy& a, const Copy& b) const {
  z3::expr all = setting.universe.truth(true);
  for (std::size_t i = 0; i < a.size(); ++i)
    all = and_of(all, setting.universe.equal(a[i], b[i], types_[i]));
  return all;
}

z3::expr Copies::holds(Setting& setting, const std::vector<const Expr*>& parts, const Scene& scene,
                       Errors errors) const {
  z3::expr all = setting.universe.truth(true);
  for (const Expr* part : parts) all = and_of(all, setting.encoder.judged(*part, scene, errors));
  return all;
}

z3::expr Copies::fit(Setting& setting, const Copy& mine, const Copy& theirs, Errors errors) const {
  return holds(setting, of_copies_,
               scene_of_copy(setting, mine, theirs, expectation_.given_frame.slots.size()), errors);
}

z3::expr Copies::fits_holder(Setting& setting, const Holder& holder, const Copy& theirs,
                             Errors errors) const {
  Scene scene =
      scene_of_copy(setting, copy_of(holder), theirs, expectation_.given_frame.slots.size());
  scene.self = holder.self;
  scene.variables = holder.variables;
  return holds(setting, of_holders_, scene, errors);
}

void Copies::assume_all_fit(Setting& setting, const std::vector<Copy>& copies,
                            Question& question) const {
  if (of_copies_.empty()) return;
  for (const Copy& a : copies)
    for (const Copy& b : copies) question.assumed.push_back(fit(setting, a, b));
}

ConcreteCopy Copies::merge_concretely(const ConcreteCopy& mine, const ConcreteCopy& theirs) const {
  ConcreteScene scene;
  scene.self = role_.first_process;
  scene.variables.resize(role_.variables.size());
  scene.locals.resize(merge_.frame.slots.size());
  for (std::size_t i = 0; i < mine.size(); ++i)
    scene.variables[static_cast<std::size_t>(merge_.merged_slots[i])] = mine[i];
  std::copy(theirs.begin(), theirs.end(), scene.locals.begin());
  Replay(protocol_).run(merge_.block, scene);
  ConcreteCopy result;
  for (const int slot : merge_.merged_slots)
    result.push_back(scene.variables[static_cast<std::size_t>(slot)]);
  return result;
}

Decoded Copies::disagreement() {
  return {std::nullopt, "Z3 refutes it with values for which the evaluator says that it holds"};
}

std::string Copies::differing(const ShownState& state) {
  std::string text;
  for (const ShownState::Row& row : state.rows)
    if (row.is_marked)
      text += fmt::format("{}{} = {}", text.empty() ? "has " : " and ", row.name, row.value);
  return text;
}

ShownState Copies::state(const std::string& title, const std::string& note,
                         const ConcreteCopy& copy) const {
  ShownState shown{title, note, {}};
  for (std::size_t i = 0; i < copy.size(); ++i)
    shown.rows.push_back({variable(i), protocol_.types.format(types_[i], copy[i])});
  return shown;
}

void Copies::mark_difference(Counterexample& shown) {
  ShownState& first = shown.states[static_cast<std::size_t>(shown.differ.first)];
  ShownState& second = shown.states[static_cast<std::size_t>(shown.differ.second)];
  for (std::size_t i = 0; i < first.rows.size(); ++i)
    first.rows[i].is_marked = second.rows[i].is_marked =
        first.rows[i].value != second.rows[i].value;
}

bool Copies::carries_copy(int message, std::vector<int>& fields) const {
  for (const model::Handler& handler : role_.handlers)
    if (handler.message == message &&
        finds_merge_of_parameters(handler.code.block, handler.code.frame, fields))
      return true;
  return false;
}

bool Copies::finds_merge_of_parameters(const model::Block& block, const model::Frame& frame,
                                       std::vector<int>& fields) const {
  return std::any_of(block.begin(), block.end(), [&](const model::Statement& statement) {
    if (statement.kind == model::StatementKind::Call && statement.index == expectation_.merge) {
      fields.clear();
      for (const model::ExprPtr& argument : statement.args)
        if (argument->kind == ExprKind::Local && argument->slot < frame.parameter_count)
          fields.push_back(argument->slot);
      if (fields.size() == statement.args.size()) return true;
    }
    return finds_merge_of_parameters(statement.body, frame, fields) ||
           finds_merge_of_parameters(statement.otherwise, frame, fields);
  });
}

std::optional<Copy> Copies::brought(const CodeSegment& segment, const Scene& scene) const {
  if (segment.kind != CodeSegment::Kind::Handler || segment.at) return std::nullopt;
  std::vector<int> fields;
  if (!carries_copy(role_.handlers[static_cast<std::size_t>(segment.index)].message, fields))
    return std::nullopt;
  Copy copy;
  for (const int field : fields) copy.push_back(scene.locals[static_cast<std::size_t>(field)]);
  return copy;
}

Scene Copies::scene_of_holder(Setting& setting, const Holder& holder) const {
  Scene scene(setting.universe);
  scene.self = holder.self;
  scene.variables = holder.variables;
  for (std::size_t i = 0; i < protocol_.ghosts.size(); ++i)
    scene.ghosts.push_back(
        setting.universe.fresh(protocol_.ghosts[i].type, fmt::format("ghost {}", i)));
  return scene;
}

Copy Copies::after(const Way& way) const {
  Copy copy;
  for (const int slot : merge_.merged_slots) {
    copy.push_back(way.scene.variables[static_cast<std::size_t>(slot)]);
    if (copy.back()->kind == Term::Kind::Opaque) throw copy.back()->reason;
  }
  return copy;
}

const std::vector<std::pair<TermPtr, TypeId>>& Copies::taken(const z3::model& model,
                                                             const std::vector<Way>& ways) {
  for (const Way& way : ways)
    if (model.eval(way.scene.path, true).is_true()) return way.chosen;
  return ways.front().chosen;
}

ConcreteCopy Copies::copy_in(const std::vector<Value>& variables) const {
  ConcreteCopy copy;
  for (const int slot : merge_.merged_slots)
    copy.push_back(variables[static_cast<std::size_t>(slot)]);
  return copy;
}

std::string Copies::parameters_text(const CodeSegment& segment,
                                    const std::vector<Value>& locals) const {
  const model::Frame& frame = segment.code->frame;
  std::string text;
  for (int i = 0; i < frame.parameter_count && !segment.at; ++i) {
    const model::Frame::Slot& slot = frame.slots[static_cast<std::size_t>(i)];
    if (slot.name == "_") continue;
    text += fmt::format("{}{} = {}", text.empty() ? " with " : ", ", slot.name,
                        protocol_.types.format(slot.type, locals[static_cast<std::size_t>(i)]));
  }
  return text;
}

bool Copies::may_crash() const {
  return std::ranges::any_of(protocol_.scenario.faults, [&](const model::Fault& fault) {
    return fault.kind == model::Fault::Kind::Crash && fault.limit > 0 &&
           std::ranges::any_of(fault.subjects, [&](int process) {
             return protocol_.types.processes()[static_cast<std::size_t>(process)].role ==
                    merge_.role;
           });
  });
}

const std::string& Copies::process_name(int process) const {
  return protocol_.types.processes()[static_cast<std::size_t>(process)].name;
}

}  // namespace capstan::checker
