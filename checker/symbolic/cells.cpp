// SPDX-License-Identifier: MIT
// cells: see the header.
#include "checker/symbolic/cells.hpp"

#include <algorithm>
#include <string>

namespace capstan::checker {

using model::HistoryOperation;
using model::ObjectKind;
using model::Value;

namespace {

class Viewer {
 public:
  Viewer(const model::Object& object, const model::History& history, const HistoryPart& part,
         const std::set<int>& answers)
      : object_(object), history_(history), part_(part), answers_(answers) {}

  CellView view() {
    if (object_.kind == ObjectKind::Set) {
      list_elements();
    } else if (object_.kind == ObjectKind::Lock) {
      view_.initial = {Value::boolean(!object_.initial.is_none() && object_.initial.truth())};
    } else {
      view_.initial = {object_.initial};
    }
    for (const int i : part_.operations) {
      const HistoryOperation& operation = history_[static_cast<std::size_t>(i)];
      const std::string& name = object_.ops[static_cast<std::size_t>(operation.op)].name;
      if (name == "write")
        write(i, 0, operation.args[0]);
      else if (name == "cas")
        exchange(i, operation.args[0], operation.args[1]);
      else if (name == "acquire")
        exchange(i, Value::boolean(false), Value::boolean(true));
      else if (name == "release")
        exchange(i, Value::boolean(true), Value::boolean(false));
      else if (name == "add")
        write(i, cell_of(operation.args[0]), Value::boolean(true));
      else if (name == "remove")
        write(i, cell_of(operation.args[0]), Value::boolean(false));
      else if (!answers_.contains(i))
        continue;
      else if (name == "contains")
        read(i, cell_of(operation.args[0]), operation.result);
      else if (object_.kind == ObjectKind::Set)
        read_all(i, operation.result);
      else
        read(i, 0, operation.result);
    }
    return std::move(view_);
  }

 private:
  void write(int i, int cell, const Value& value) {
    view_.writes.push_back({i, cell, value, true, false});
  }
  void read(int i, int cell, const Value& value) { view_.reads.push_back({i, cell, true, value}); }
  void read_all(int i, const Value& set) {
    for (std::size_t c = 0; c < view_.elements.size(); ++c) {
      read(i, static_cast<int>(c), Value::boolean(set.contains(view_.elements[c])));
    }
  }
  void exchange(int i, const Value& from, const Value& to) {
    const bool is_known = answers_.contains(i);
    const bool done = is_known && history_[static_cast<std::size_t>(i)].result.truth();
    if (is_known) view_.reads.push_back({i, 0, done, from});
    (!is_known || done ? view_.writes : view_.undone).push_back({i, 0, to, is_known, is_known});
  }

  void list_elements() {
    std::set<Value> all(object_.initial.elements().begin(), object_.initial.elements().end());
    for (const int i : part_.operations) {
      const HistoryOperation& operation = history_[static_cast<std::size_t>(i)];
      all.insert(operation.args.begin(), operation.args.end());
      if (operation.result.kind() != Value::Kind::Set) continue;
      all.insert(operation.result.elements().begin(), operation.result.elements().end());
    }
    view_.elements.assign(all.begin(), all.end());
    for (const Value& element : view_.elements) {
      view_.initial.push_back(Value::boolean(object_.initial.contains(element)));
    }
  }
  int cell_of(const Value& element) const {
    const auto at = std::lower_bound(view_.elements.begin(), view_.elements.end(), element);
    return static_cast<int>(at - view_.elements.begin());
  }

  const model::Object& object_;
  const model::History& history_;
  const HistoryPart& part_;
  const std::set<int>& answers_;
  CellView view_;
};

}  // namespace

std::optional<CellView> cell_view(const model::Protocol& protocol, const model::History& history,
                                  const HistoryPart& part, const std::set<int>& answers) {
  const model::Object& object = protocol.objects[static_cast<std::size_t>(part.object)];
  switch (object.kind) {
    case ObjectKind::Register:
    case ObjectKind::CasRegister:
    case ObjectKind::Set:
    case ObjectKind::Lock:
      return Viewer(object, history, part, answers).view();
    case ObjectKind::Counter:
    case ObjectKind::Queue:
    case ObjectKind::Log:
    case ObjectKind::Written:
      break;
  }
  return std::nullopt;
}

}  // namespace capstan::checker
