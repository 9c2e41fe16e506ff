// SPDX-License-Identifier: MIT
#include "checker/prove/semilattice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "checker/prove/copies.hpp"
#include "checker/prove/semilattice_given.hpp"

namespace capstan::checker {
namespace {

using model::TypeId;
using model::Value;

class SemilatticeProof : private Copies {
 public:
  SemilatticeProof(const model::Protocol& protocol, const model::Expectation& expectation,
                   const Omissions& omitted)
      : Copies(protocol, expectation), prover_(protocol), omitted_(omitted) {}

  ProofResult run() {
    prover_.proof.ranges_over =
        "all values, whatever the bounds of the types, and any number of processes";
    std::string& says_nothing = prover_.proof.says_nothing;
    says_nothing = contradiction_in_given(protocol_, expectation_, prover_);
    if (!says_nothing.empty()) return {std::move(prover_.proof), std::nullopt};
    if (!omits(Duty::Commutative)) law("merging is commutative", Law::Commutative);
    if (!omits(Duty::Associative)) law("merging is associative", Law::Associative);
    if (!omits(Duty::Idempotent)) law("merging is idempotent", Law::Idempotent);
    for (const CodeSegment& segment : segments_of(protocol_))
      if (is_update(segment) && !omits(Duty::GoesUp)) goes_up(segment);
    if (!omits(Duty::CrashForgets)) crash();
    if (expectation_.given) prove_given(protocol_, expectation_, prover_, omitted_);
    for (const Obligation& each : prover_.proof.obligations)
      if (each.is_impossible && says_nothing.empty())
        says_nothing = fmt::format("what \"{}\" assumes can never be true", each.name);
    return {std::move(prover_.proof), std::move(prover_.counterexample)};
  }

 private:
  enum class Law { Commutative, Associative, Idempotent };
  bool omits(Duty duty) const { return omitted_.contains(duty); }

  void law(const std::string& name, Law law) {
    prover_.ask(name, [&](Setting& setting) {
      std::vector<Copy> copies;
      for (const char* each : {"a", "b", "c"}) {
        if (law == Law::Idempotent && !copies.empty()) break;
        if (law == Law::Commutative && copies.size() == 2) break;
        copies.push_back(any_copy(setting, each));
      }
      const auto [left, right] =
          sides(law, copies, [&](const Copy& a, const Copy& b) { return merged(setting, a, b); });
      Question question{{}, same(setting, left, right), {}};
      assume_all_fit(setting, copies, question);
      question.decode = [this, &setting, copies, law](const z3::model& model) {
        return decode_law(setting, model, copies, law);
      };
      return question;
    });
  }

  /// The two ways of merging that a law says are the same.
  template <typename Any, typename Merge>
  static std::pair<Any, Any> sides(Law law, const std::vector<Any>& copies, Merge merge) {
    if (law == Law::Idempotent) return {merge(copies[0], copies[0]), copies[0]};
    if (law == Law::Commutative) return {merge(copies[0], copies[1]), merge(copies[1], copies[0])};
    return {merge(merge(copies[0], copies[1]), copies[2]),
            merge(copies[0], merge(copies[1], copies[2]))};
  }

  Decoded decode_law(Setting& setting, const z3::model& model, const std::vector<Copy>& copies,
                     Law law) const {
    std::vector<ConcreteCopy> values;
    for (const Copy& copy : copies) values.push_back(decoded(setting, model, copy, types_));
    try {
      const auto [left, right] = sides(
          law, values,
          [this](const ConcreteCopy& a, const ConcreteCopy& b) { return merge_concretely(a, b); });
      if (left == right) return disagreement();
      return {show_law(law, values, left, right), ""};
    } catch (const model::ModelError& error) {
      return {std::nullopt, fmt::format("merging ends in a model error: {}", error.message)};
    }
  }

  Counterexample show_law(Law law, const std::vector<ConcreteCopy>& copies,
                          const ConcreteCopy& left, const ConcreteCopy& right) const {
    Counterexample shown;
    const char* const names[] = {"a", "b", "c"};
    for (std::size_t i = 0; i < copies.size(); ++i)
      shown.states.push_back(state(names[i], "a copy", copies[i]));
    const std::string& f = merge_.name;
    if (law == Law::Idempotent) {
      shown.title = fmt::format("Merging a copy with itself by `{}` changes it", f);
      shown.states.push_back(state("a merged with a", "", left));
      shown.arrows = {{0, 1, "merged with a"}};
      shown.differ = {0, 1};
    } else if (law == Law::Commutative) {
      shown.title = fmt::format("`{}` depends on which copy is merged into which", f);
      shown.states.push_back(state("a merged with b", "", left));
      shown.states.push_back(state("b merged with a", "", right));
      shown.arrows = {{0, 2, "merged with b"}, {1, 3, "merged with a"}};
      shown.differ = {2, 3};
    } else {
      shown.title = fmt::format("`{}` depends on what is merged first", f);
      shown.states.push_back(state("a merged with b", "", merge_concretely(copies[0], copies[1])));
      shown.states.push_back(state("b merged with c", "", merge_concretely(copies[1], copies[2])));
      shown.states.push_back(state("(a merged with b) merged with c", "", left));
      shown.states.push_back(state("a merged with (b merged with c)", "", right));
      shown.arrows = {{0, 3, "merged with b"},
                      {1, 4, "merged with c"},
                      {3, 5, "merged with c"},
                      {4, 6, "merged into a"}};
      shown.differ = {5, 6};
    }
    mark_difference(shown);
    const ShownState& first = shown.states[static_cast<std::size_t>(shown.differ.first)];
    const ShownState& second = shown.states[static_cast<std::size_t>(shown.differ.second)];
    shown.why = fmt::format(
        "{} {}, {} {}. Replicas that hear the same in another order, or twice, "
        "need not agree.",
        first.title, differing(first), second.title, differing(second));
    return shown;
  }

  /// At the start nobody has a copy yet.
  static bool is_first_of_all(const CodeSegment& segment) {
    return segment.kind == CodeSegment::Kind::Start && !segment.at;
  }

  bool is_update(const CodeSegment& segment) const {
    return segment.role == merge_.role && !is_first_of_all(segment) &&
           assigns_any(protocol_, segment.code->block, merge_.merged_slots);
  }

  void goes_up(const CodeSegment& segment) {
    prover_.ask(segment.name + " only goes up", [&](Setting& setting) {
      const Holder self = holder(setting, "p");
      const Entry entry = enter(segment, setting, scene_of_holder(setting, self));
      const Copy before = copy_of(self);
      Question question{entry.assumed, setting.universe.truth(true), {}};
      std::vector<Copy> copies{before};
      if (const auto theirs = brought(segment, entry.scene)) copies.push_back(*theirs);
      assume_all_fit(setting, copies, question);
      for (const Copy& copy : copies)
        if (!of_holders_.empty()) question.assumed.push_back(fits_holder(setting, self, copy));
      const std::vector<Way> ways = ways_of(segment, setting, entry.scene);
      for (const Way& way : ways) {
        const Copy changed = after(way);
        question.goal = and_of(
            question.goal,
            implies_of(way.scene.path, same(setting, merged(setting, before, changed), changed)));
      }
      question.assumed.push_back(entry.scene.path);
      question.decode = [this, &setting, &segment, entry, ways](const z3::model& model) {
        return decode_update(setting, model, segment, entry.scene, ways);
      };
      return question;
    });
  }

  Decoded decode_update(Setting& setting, const z3::model& model, const CodeSegment& segment,
                        const Scene& scene, const std::vector<Way>& ways) const {
    if (ways.empty()) return disagreement();
    ConcreteScene run = concrete(segment, setting, model, scene, taken(model, ways));
    const ConcreteCopy before = copy_in(run.variables);
    const std::string process =
        protocol_.types.processes()[static_cast<std::size_t>(run.self)].name;
    const std::string with = parameters_text(segment, run.locals);
    try {
      replay(protocol_, segment, run);
      const ConcreteCopy changed = copy_in(run.variables);
      const ConcreteCopy joined = merge_concretely(before, changed);
      if (joined == changed) return disagreement();
      return {show_update(segment.name + with, process, before, changed, joined), ""};
    } catch (const model::ModelError& error) {
      return {std::nullopt,
              fmt::format("{} ends in a model error: {}", segment.name, error.message)};
    }
  }

  Counterexample show_update(const std::string& what, const std::string& process,
                             const ConcreteCopy& before, const ConcreteCopy& changed,
                             const ConcreteCopy& joined) const {
    Counterexample shown;
    shown.title = fmt::format("An update does not go up: merging the old copy back changes it");
    shown.states.push_back(state("before", process, before));
    shown.states.push_back(state("after", what, changed));
    shown.states.push_back(state("before merged with after", "", joined));
    shown.arrows = {{0, 1, "updated"}, {0, 2, "merged with after"}};
    shown.differ = {1, 2};
    shown.may_be_unreachable = true;
    mark_difference(shown);
    shown.why = fmt::format(
        "After {}, {} {}; a replica that still has the old copy and hears of the new one {}.", what,
        process, differing(shown.states[1]), differing(shown.states[2]));
    return shown;
  }

  /// A crash makes volatile variables what they were at the start.
  void crash() {
    const bool has_crash = may_crash();
    for (const int slot : merge_.merged_slots) {
      const model::Variable& lost = role_.variables[static_cast<std::size_t>(slot)];
      if (!has_crash || lost.storage == model::Storage::Durable) continue;
      Obligation obligation;
      obligation.name = fmt::format("a crash forgets nothing of `{}`", lost.name);
      obligation.note = fmt::format(
          "`{}` is {}, and a crash may strike", lost.name,
          lost.storage == model::Storage::Volatile ? "volatile" : "written without `sync`");
      prover_.proof.obligations.push_back(std::move(obligation));
    }
  }

  Prover prover_;
  const Omissions& omitted_;
};

}  // namespace

ProofResult prove_semilattice(const model::Protocol& protocol,
                              const model::Expectation& expectation, const Omissions& omitted) {
  return SemilatticeProof(protocol, expectation, omitted).run();
}

}  // namespace capstan::checker
