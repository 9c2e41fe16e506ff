// SPDX-License-Identifier: MIT
// cells: an object as cells that operations read and write: a register is one cell, a lock one
// (held or free), a set one for each element.
//
// From: derivation (finds a chain of reasons), why_check (checks it). Objects that are no cells
// have no view.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "checker/symbolic/history_formula.hpp"

namespace capstan::checker {

struct CellRead {
  int operation = -1;  // position in the history
  int cell = 0;
  bool equal = true;  // the cell had this value; else: it had not
  model::Value value;
  bool accepts(const model::Value& found) const { return (found == value) == equal; }
};

struct CellWrite {
  int operation = -1;
  int cell = 0;
  model::Value value;
  bool is_sure = true;        // false: it may have had no effect (a pending `cas`)
  bool is_by_answer = false;  // sure because its answer says so
};

struct CellView {
  std::vector<model::Value> initial;   // of each cell
  std::vector<model::Value> elements;  // of a set: whose cell it is
  std::vector<CellRead> reads;
  std::vector<CellWrite> writes;
  std::vector<CellWrite> undone;  // what operations would have written whose answers say otherwise
};

/// `answers`: the operations whose answers may be used; the others count as pending.
std::optional<CellView> cell_view(const model::Protocol& protocol, const model::History& history,
                                  const HistoryPart& part, const std::set<int>& answers);

}  // namespace capstan::checker
