// SPDX-License-Identifier: MIT
// fits: which types agree, what two types have in common, and which values have an order.
//
// From: typed/type. To: typed/body (expressions and statements), typed/scenarios. Numbers fit each
// other whatever their bounds: the bound is checked where a value is stored or sent (D2).
// Representation decides the rest: what fits needs no conversion.
#pragma once

#include <optional>
#include <string>

#include "model/typed/type.hpp"

namespace capstan::model {

/// Whether a value of type `from` may stand where `to` is expected. Unknown agrees with everything.
bool fits(const TypeTable& types, TypeId from, TypeId to);

/// The least type that both fit (`none` and T give T?, two roles give `process`); nullopt if there
/// is none.
std::optional<TypeId> join(TypeTable& types, TypeId a, TypeId b);

/// Whether two types list the same keys in the same order, so that maps over them are laid out
/// alike.
bool same_domain(const TypeTable& types, TypeId a, TypeId b);

bool is_unknown(TypeId id);
bool is_number(const TypeTable& types, TypeId id);
bool is_kind(const TypeTable& types, TypeId id, Type::Kind kind);
/// A set, or the empty braces.
bool is_set(const TypeTable& types, TypeId id);
/// A sequence, or the empty brackets.
bool is_sequence(const TypeTable& types, TypeId id);
/// A tuple, or a message in flight.
bool has_fields(const TypeTable& types, TypeId id);
/// Position of a field; nullopt if there is none of this name.
std::optional<int> field_index(const TypeTable& types, TypeId id, const std::string& name);
/// Whether `<` of two values of the type means something (sets and maps have their own meaning of
/// it).
bool has_order(const TypeTable& types, TypeId id);
/// False if some part is a literal `none`, `{}` or `[]` whose type is still open.
bool is_settled(const TypeTable& types, TypeId id);
/// Whether a variable or a field may have the type: false if an `int` is inside.
bool is_bounded(const TypeTable& types, TypeId id);

TypeId bool_type(TypeTable& types);
TypeId int_type(TypeTable& types);
TypeId option_of(TypeTable& types, TypeId element);
TypeId set_of(TypeTable& types, TypeId element);
TypeId sequence_of(TypeTable& types, TypeId element);
/// Of a role, or of any role if `role` is negative; `name` is the role's.
TypeId process_type(TypeTable& types, int role, const std::string& name);
TypeId kind_type(TypeTable& types, Type::Kind kind);
/// T of a T?; the type itself otherwise.
TypeId without_option(const TypeTable& types, TypeId id);

}  // namespace capstan::model
