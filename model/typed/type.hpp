// SPDX-License-Identifier: MIT
// type: the concrete types of a protocol at one point (all bounds are numbers), and how values of
// them look.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/typed/value.hpp"

namespace capstan::model {

struct TypeId {
  std::uint32_t index = 0;
  friend auto operator<=>(TypeId, TypeId) = default;
};

struct Type {
  enum class Kind {
    Unknown,  // of an expression that had an error: agrees with everything (index 0)
    Bool,
    Int,            // whole numbers without bound: params, let, arithmetic
    Range,          // low..high
    Enumeration,    // enumerators
    Process,        // of role `role`, or of any role if role < 0
    Option,         // element, or none
    Tuple,          // fields
    Set,            // of element
    Map,            // key -> element, total
    Sequence,       // of element, up to `high`
    Asker,          // of message `message`
    Time,           // a clock reading (not supported yet)
    None,           // the literal none before its place is known
    EmptyBraces,    // the literal {} before its place is known
    EmptyBrackets,  // the literal []
    Message         // a message in flight, in properties: fields, plus sender and receiver
  };
  struct Field {
    std::string name;  // empty in an unnamed tuple
    TypeId type;
  };
  Kind kind = Kind::Unknown;
  std::string name;  // the declared name, if any: for messages to people only
  std::int64_t low = 0, high = 0;
  std::vector<std::string> enumerators;
  int role = -1;
  int message = -1;
  std::vector<Field> fields;
  TypeId key, element;
};

/// A process by its global number: roles in order of declaration, then by number.
struct ProcessInfo {
  int role = 0;
  int number = 1;    // counted from 1 within the role
  std::string name;  // "Replica 1", or "Warehouse" for a role declared without a count
};

class TypeTable {
 public:
  TypeTable();
  /// The id of the type; equal types (declared names included) share one. O(size of the type).
  TypeId add(Type type);
  const Type& at(TypeId id) const { return types_[id.index]; }
  std::size_t size() const { return types_.size(); }
  std::vector<ProcessInfo>& processes() { return processes_; }
  const std::vector<ProcessInfo>& processes() const { return processes_; }

  /// All values of a finite type, in its order. Fails (nullopt) for Int, Time, Asker, Sequence too
  /// large, or over `limit`.
  std::optional<std::vector<Value>> domain(TypeId id, std::size_t limit = 1'000'000) const;
  /// Position of a map key in its domain; nullopt if outside.
  std::optional<std::size_t> key_index(TypeId key_type, const Value& key) const;
  /// How many values a finite type has, without listing them where arithmetic does; nullopt as for
  /// `domain`.
  std::optional<std::size_t> domain_size(TypeId id) const;
  /// Whether `value` is of the type, bounds included.
  bool contains(TypeId id, const Value& value) const;
  /// As the language writes it: `Replica 1`, `(1, Client 2)`, `{1, 2}`, `none`, `true`.
  std::string format(TypeId id, const Value& value) const;
  /// The type itself as the language writes it, by declared name where there is one.
  std::string describe(TypeId id) const;

 private:
  std::vector<Type> types_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> by_hash_;
  std::vector<ProcessInfo> processes_;
};

}  // namespace capstan::model
