// SPDX-License-Identifier: MIT
#include "checker/prove/layout.hpp"

#include <fmt/format.h>

#include <utility>

#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

using model::Type;
using model::TypeId;
using Kind = Term::Kind;

/// Whether the type's values are left out of rows.
bool is_left_out(const model::TypeTable& types, TypeId id) {
  const Type& type = types.at(id);
  if (type.kind == Type::Kind::Sequence || type.kind == Type::Kind::Asker) return true;
  if (type.kind != Type::Kind::Option) return false;
  const Type::Kind inner = types.at(type.element).kind;
  return inner == Type::Kind::Set || inner == Type::Kind::Map || is_left_out(types, type.element);
}

class RowMaker {
 public:
  RowMaker(const model::Protocol& protocol, Universe& universe)
      : types_(protocol.types), universe_(universe) {}

  Row row;
  int message = -1;

  /// The parts of a value that is there under the condition, and 0 otherwise.
  void add(const TermPtr& term, TypeId id, const std::string& name, const z3::expr& is_there) {
    const Type& type = types_.at(id);
    if (is_left_out(types_, id)) return;
    if (term->kind == Kind::Opaque) throw term->reason;
    switch (type.kind) {
      case Type::Kind::Option:
        return add_option(as_option(term, universe_.context()), type.element, name, is_there);
      case Type::Kind::Time:
        cell(*term->scalar, name + " > least", {}, is_there);
        return cell(number_of(term->parts[0]), name, {}, and_of(is_there, *term->scalar));
      case Type::Kind::Tuple:
      case Type::Kind::Message: {
        const TermPtr tuple = payload_of(term);
        for (std::size_t i = 0; i < type.fields.size(); ++i)
          add(tuple->parts.at(i), type.fields[i].type, name + "." + type.fields[i].name, is_there);
        return;
      }
      case Type::Kind::Set:
        return universe_.each(type.element, [&](const TermPtr& each) {
          const std::string value = text(each);
          cell(term->contains(each), fmt::format("{} in {}", value, name), {}, is_there);
        });
      case Type::Kind::Map:
        return universe_.each(type.key, [&](const TermPtr& key) {
          add(term->at(key), type.element, fmt::format("{}[{}]", name, text(key)), is_there);
        });
      case Type::Kind::None:
        return;
      default:
        return cell(*payload_of(term)->scalar, name, id, is_there);
    }
  }

  void cell(const z3::expr& value, const std::string& name, TypeId type, const z3::expr& is_there) {
    const z3::expr nothing =
        value.is_bool() ? universe_.truth(false) : universe_.context().int_val(0);
    z3::expr shown = value;
    if (is_false(is_there)) shown = nothing;
    if (!is_false(is_there) && !is_true(is_there)) shown = z3::ite(is_there, value, nothing);
    row.push_back({shown, name, type, message});
  }

 private:
  void add_option(const TermPtr& option, TypeId element, const std::string& name,
                  const z3::expr& is_there) {
    cell(*option->scalar, name + " != none", {}, is_there);
    const TermPtr value = option->parts[0] ? option->parts[0] : any_of(element);
    add(value, element, name, and_of(is_there, *option->scalar));
  }

  /// Some value, of which nothing is said.
  TermPtr any_of(TypeId type) { return universe_.fresh(type, "nothing"); }

  static std::string text(const TermPtr& constant) {
    std::string all;
    if (constant->scalar) all = constant->scalar->to_string();
    for (const TermPtr& part : constant->parts)
      if (part) all += (all.empty() ? "" : ", ") + text(part);
    return all;
  }

  const model::TypeTable& types_;
  Universe& universe_;
};

/// Any value, of which every part is a constant.
TermPtr any_value(const model::TypeTable& types, Universe& universe, TypeId id,
                  const std::string& name) {
  const Type& type = types.at(id);
  if (type.kind == Type::Kind::Tuple || type.kind == Type::Kind::Message) {
    std::vector<TermPtr> parts;
    for (const Type::Field& field : type.fields)
      parts.push_back(any_value(types, universe, field.type, name + "." + field.name));
    return tuple_term(std::move(parts));
  }
  if (type.kind != Type::Kind::Set && type.kind != Type::Kind::Map) return universe.fresh(id, name);
  const bool is_set = type.kind == Type::Kind::Set;
  const TypeId index = is_set ? type.element : type.key;
  std::vector<std::pair<TermPtr, TermPtr>> entries;
  universe.each(index, [&](const TermPtr& at) {
    const std::string entry = fmt::format("{} {}", name, entries.size());
    entries.emplace_back(at, is_set ? truth_term(universe.any_truth(entry))
                                    : any_value(types, universe, type.element, entry));
  });
  if (entries.empty()) throw CannotEncode{"a map without keys", {}};
  const auto look_up = [&universe, entries, index](const TermPtr& at) {
    TermPtr found = entries.back().second;
    for (auto entry = entries.rbegin() + 1; entry != entries.rend(); ++entry)
      found = choice(universe.equal(at, entry->first, index), entry->second, found);
    return found;
  };
  if (!is_set) return map_term(look_up);
  std::vector<std::pair<z3::expr, TermPtr>> members;
  for (const auto& [at, is_member] : entries) members.emplace_back(*is_member->scalar, at);
  return listed_term([look_up](const TermPtr& at) { return truth_of(look_up(at)); }, members);
}

}  // namespace

Row Layout::row(WholeStates& states, const WholeState& state, const Slots& slots) const {
  const model::Protocol& protocol = claim_.protocol;
  Universe& universe = states.setting().universe;
  const z3::expr always = universe.truth(true);
  RowMaker maker(protocol, universe);
  for (const int index : claim_.expectation.free_params) {
    const model::Param& param = protocol.params[static_cast<std::size_t>(index)];
    maker.add(states.params[static_cast<std::size_t>(index)], param.type, param.name, always);
  }
  for (std::size_t p = 0; p < state.variables.size(); ++p) {
    const std::string& process = claim_.process_name(static_cast<int>(p));
    const auto& variables = protocol.role_of(static_cast<int>(p)).variables;
    for (std::size_t i = 0; i < variables.size(); ++i)
      maker.add(state.variables[p][i], variables[i].type,
                fmt::format("{}.{}", process, variables[i].name), always);
    if (claim_.may_crash[p])
      maker.cell(state.is_live[p], fmt::format("live({})", process), {}, always);
    if (states.has_clocks())
      maker.cell(state.last[p], fmt::format("last reading of {}", process), {}, always);
  }
  for (std::size_t i = 0; i < protocol.ghosts.size(); ++i)
    maker.add(state.ghosts[i], protocol.ghosts[i].type, protocol.ghosts[i].name, always);
  if (states.has_clocks() || protocol.scenario.has_ticks())
    maker.cell(state.true_time, "now", {}, always);
  for (const auto& [message, slot] : slots) {
    maker.message = message;
    maker.cell(slot.is_there, "m in flight", {}, always);
    maker.add(slot.content, claim_.message(message).in_flight, "m", slot.is_there);
  }
  return std::move(maker.row);
}

MessageSlot Layout::any_slot(WholeStates& states, int message, const std::string& name) const {
  Universe& universe = states.setting().universe;
  const std::string slot = fmt::format("{} {}", name, claim_.message(message).name);
  return {universe.any_truth(slot + "?"), universe.fresh(claim_.message(message).in_flight, slot)};
}

WholeState Layout::any(WholeStates& states, Slots& slots) const {
  Universe& universe = states.setting().universe;
  WholeState state = states.any();
  for (std::size_t p = 0; p < state.variables.size(); ++p) {
    const auto& variables = claim_.protocol.role_of(static_cast<int>(p)).variables;
    for (std::size_t i = 0; i < variables.size(); ++i)
      if (variables[i].storage != model::Storage::Parameter)
        state.variables[p][i] = any_value(claim_.protocol.types, universe, variables[i].type,
                                          fmt::format("{}.{}", p, variables[i].name));
  }
  for (std::size_t i = 0; i < state.ghosts.size(); ++i)
    state.ghosts[i] = any_value(claim_.protocol.types, universe, claim_.protocol.ghosts[i].type,
                                "ghost " + claim_.protocol.ghosts[i].name);
  for (const int message : claim_.asked) {
    const MessageSlot slot = any_slot(states, message, "slot");
    slots.insert_or_assign(message, slot);
    const TypeId type = claim_.message(message).in_flight;
    state.in_flight[message] = listed_term(
        [&universe, slot, type](const TermPtr& wanted) {
          return and_of(slot.is_there, universe.equal(wanted, slot.content, type));
        },
        {{slot.is_there, slot.content}});
  }
  return state;
}

}  // namespace capstan::checker
