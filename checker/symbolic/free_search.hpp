// SPDX-License-Identifier: MIT
// free_search: whether facts about some operations of a history can all hold, whatever the others
// do; by search, without Z3.
//
// From: why_check (the last word on an explanation), core (for objects that Z3 has no axioms for:
// with few facts nearly all operations are concurrent, where a search that remembers (operations
// placed, object state) is far faster than Z3's slots). Operations outside the facts may be placed
// anywhere or left out, and return anything; pure reads outside them are left out at once. Exact;
// gives up at kStatesMost.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "checker/symbolic/history_formula.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

class FreeSearch {
 public:
  enum class Answer { NoOrder, Order, TooMany };

  FreeSearch(const model::Protocol& protocol, const model::History& history,
             const HistoryPart& part);

  /// Whether some order of the part's operations satisfies the facts (positions in the history).
  Answer search(const std::vector<Fact>& facts);

 private:
  struct Operation {
    int history_index = -1;
    bool is_read_only = false;
    bool is_bound = false;  // to its answer
    bool must_be_placed = false;
    std::vector<std::size_t> behind;  // it stands behind these
  };
  struct Answered {
    std::size_t state = 0;
    bool is_as_seen = false;
  };

  void bind(const std::vector<Fact>& facts);
  std::size_t state_id(const model::Value& state);
  std::optional<Answered> answer(std::size_t operation, std::size_t state);

  const model::Protocol& protocol_;
  const model::History& history_;
  int object_;
  std::vector<Operation> operations_;
  std::map<model::Value, std::size_t> state_ids_;
  std::vector<model::Value> states_;
  std::map<std::pair<std::size_t, std::size_t>, std::optional<Answered>> answers_;
};

}  // namespace capstan::checker
