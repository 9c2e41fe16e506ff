// SPDX-License-Identifier: MIT
#include "checker/prove/commutes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "checker/prove/segments.hpp"

namespace capstan::checker {
namespace {

using model::Value;

class CommutingProof {
 public:
  CommutingProof(const model::Protocol& protocol, const model::Expectation& expectation)
      : protocol_(protocol), expectation_(expectation), prover_(protocol) {}

  ProofResult run() {
    prover_.proof.ranges_over =
        "all values, whatever the bounds of the types, and any number of processes";
    std::vector<CodeSegment> handlers;
    for (CodeSegment& segment : segments_of(protocol_))
      if (is_meant(segment)) handlers.push_back(std::move(segment));
    for (std::size_t i = 0; i < handlers.size(); ++i)
      for (std::size_t j = i; j < handlers.size(); ++j)
        if (handlers[i].role == handlers[j].role) pair(handlers[i], handlers[j]);
    return {std::move(prover_.proof), prover_.counterexample};
  }

 private:
  bool is_meant(const CodeSegment& segment) const {
    if (segment.kind != CodeSegment::Kind::Handler || segment.at) return false;
    return std::ranges::find(expectation_.messages, handler_of(segment).message) !=
           expectation_.messages.end();
  }

  const model::Role& role_of(const CodeSegment& segment) const {
    return protocol_.roles[static_cast<std::size_t>(segment.role)];
  }

  const model::Handler& handler_of(const CodeSegment& segment) const {
    return role_of(segment).handlers[static_cast<std::size_t>(segment.index)];
  }

  const std::string& message_of(const CodeSegment& segment) const {
    return protocol_.messages[static_cast<std::size_t>(handler_of(segment).message)].name;
  }

  void pair(const CodeSegment& first, const CodeSegment& second) {
    const std::string names =
        &first == &second ? fmt::format("two `{}` at `{}`", message_of(first), role_of(first).name)
                          : fmt::format("`{}` and `{}` at `{}`", message_of(first),
                                        message_of(second), role_of(first).name);
    prover_.ask(names + " commute",
                [&](Setting& setting) { return question(setting, first, second); });
  }

  /// A state of the process, and what is left of it.
  Scene any_state(Setting& setting, const model::Role& role, model::TypeId process) const {
    Scene scene(setting.universe);
    scene.self = setting.universe.fresh(process, "self");
    for (const model::Variable& variable : role.variables)
      scene.variables.push_back(setting.universe.fresh(variable.type, variable.name));
    for (std::size_t i = 0; i < protocol_.ghosts.size(); ++i)
      scene.ghosts.push_back(
          setting.universe.fresh(protocol_.ghosts[i].type, fmt::format("ghost {}", i)));
    return scene;
  }

  /// Ways through one handler on what a way through the other left.
  std::vector<Way> then(Setting& setting, const Way& before, const CodeSegment& segment,
                        const Scene& entered) const {
    Scene scene = entered;
    scene.variables = before.scene.variables;
    scene.ghosts = before.scene.ghosts;
    scene.path = and_of(before.scene.path, entered.path);
    if (segment.code->guard)
      scene.path = and_of(scene.path, setting.encoder.truth(*segment.code->guard, scene));
    return through(setting, segment, scene);
  }

  std::vector<Way> through(Setting& setting, const CodeSegment& segment, const Scene& scene) const {
    std::vector<Way> ways = ways_of(segment, setting, scene);
    for (const Way& way : ways) {
      if (way.end == Way::End::Suspends)
        throw CannotEncode{"a handler that waits for something", way.at->span};
      if (!way.chosen.empty()) throw CannotEncode{"`any` in a handler", segment.code->span};
    }
    return ways;
  }

  std::vector<Way> both(Setting& setting, const CodeSegment& a, const Scene& scene_a,
                        const CodeSegment& b, const Scene& scene_b) const {
    std::vector<Way> all;
    for (const Way& way : through(setting, a, scene_a))
      for (Way& after : then(setting, way, b, scene_b)) all.push_back(std::move(after));
    return all;
  }

  Question question(Setting& setting, const CodeSegment& first, const CodeSegment& second) const {
    const model::Role& role = role_of(first);
    const Scene state = any_state(setting, role, process_type(protocol_, first.role));
    const Entry one = enter(first, setting, state, "first ");
    const Entry two = enter(second, setting, state, "second ");
    Question question{one.assumed, setting.universe.truth(true), {}};
    question.assumed.insert(question.assumed.end(), two.assumed.begin(), two.assumed.end());
    const std::vector<Way> forth = both(setting, first, one.scene, second, two.scene);
    const std::vector<Way> back = both(setting, second, two.scene, first, one.scene);
    for (const Way& a : forth)
      for (const Way& b : back)
        question.goal = and_of(question.goal, implies_of(and_of(a.scene.path, b.scene.path),
                                                         same(setting, role, a.scene, b.scene)));
    question.assumed.push_back(and_of(one.scene.path, two.scene.path));
    question.decode = [this, &setting, &first, &second, one, two](const z3::model& model) {
      return decode(setting, model, first, one.scene, second, two.scene);
    };
    return question;
  }

  static z3::expr same(Setting& setting, const model::Role& role, const Scene& a, const Scene& b) {
    z3::expr all = setting.universe.truth(true);
    for (std::size_t i = 0; i < role.variables.size(); ++i) {
      if (a.variables[i] == b.variables[i]) continue;
      all = and_of(all,
                   setting.universe.equal(a.variables[i], b.variables[i], role.variables[i].type));
    }
    return all;
  }

  Decoded decode(Setting& setting, const z3::model& model, const CodeSegment& first,
                 const Scene& one, const CodeSegment& second, const Scene& two) const {
    ConcreteScene a = concrete(first, setting, model, one, {});
    ConcreteScene b = concrete(second, setting, model, two, {});
    const std::vector<Value> start = a.variables;
    const std::string name = protocol_.types.processes()[static_cast<std::size_t>(a.self)].name;
    const std::string what[] = {text_of(first, a.locals), text_of(second, b.locals)};
    try {
      const std::vector<Value> forth = in_order(first, a, second, b);
      const std::vector<Value> back = in_order(second, b, first, a);
      if (forth == back)
        return {std::nullopt, "Z3 refutes it with values for which the evaluator says it holds"};
      return {show(first, name, what, {start, forth, back}), ""};
    } catch (const model::ModelError& error) {
      return {std::nullopt, fmt::format("handling them ends in a model error: {}", error.message)};
    }
  }

  std::vector<Value> in_order(const CodeSegment& a, ConcreteScene scene_a, const CodeSegment& b,
                              ConcreteScene scene_b) const {
    replay(protocol_, a, scene_a);
    scene_b.variables = scene_a.variables;
    scene_b.ghosts = scene_a.ghosts;
    replay(protocol_, b, scene_b);
    return scene_b.variables;
  }

  std::string text_of(const CodeSegment& segment, const std::vector<Value>& locals) const {
    const model::Frame& frame = segment.code->frame;
    std::string fields;
    for (int i = 0; i < frame.parameter_count; ++i)
      fields += (i == 0 ? "" : ", ") +
                protocol_.types.format(frame.slots[static_cast<std::size_t>(i)].type,
                                       locals[static_cast<std::size_t>(i)]);
    return fmt::format("{}({})", message_of(segment), fields);
  }

  Counterexample show(const CodeSegment& segment, const std::string& process,
                      const std::string (&what)[2],
                      const std::vector<std::vector<Value>>& values) const {
    const model::Role& role = role_of(segment);
    Counterexample shown;
    shown.title = "What a process has depends on which message it handles first";
    const std::string titles[] = {"before", what[0] + " first", what[1] + " first"};
    const std::string notes[] = {process, "then " + what[1], "then " + what[0]};
    for (std::size_t i = 0; i < values.size(); ++i) {
      ShownState state{titles[i], notes[i], {}};
      for (std::size_t v = 0; v < role.variables.size(); ++v) {
        const bool is_marked = i > 0 && values[1][v] != values[2][v];
        const bool can_show = protocol_.types.contains(role.variables[v].type, values[i][v]);
        if (can_show)
          state.rows.push_back({role.variables[v].name,
                                protocol_.types.format(role.variables[v].type, values[i][v]),
                                is_marked});
      }
      shown.states.push_back(std::move(state));
    }
    shown.arrows = {{0, 1, what[0] + ", " + what[1]}, {0, 2, what[1] + ", " + what[0]}};
    shown.differ = {1, 2};
    shown.may_be_unreachable = true;
    shown.why = fmt::format(
        "{} and {} arrive at two replicas in different orders, and these then differ for good.",
        what[0], what[1]);
    return shown;
  }

  const model::Protocol& protocol_;
  const model::Expectation& expectation_;
  Prover prover_;
};

}  // namespace

ProofResult prove_commutes(const model::Protocol& protocol, const model::Expectation& expectation) {
  return CommutingProof(protocol, expectation).run();
}

}  // namespace capstan::checker
