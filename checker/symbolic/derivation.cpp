// SPDX-License-Identifier: MIT
// derivation: see the header.
#include "checker/symbolic/derivation.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "checker/symbolic/cells.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

using model::History;
using model::Protocol;

namespace {

/// Lines so far, and the order that they say must hold.
class Lines {
 public:
  explicit Lines(const History& history, const Core& core) {
    std::vector<Fact> facts = core.facts;
    std::sort(facts.begin(), facts.end(), [&](const Fact& a, const Fact& b) {
      const auto key = [&](const Fact& fact) {
        return std::tuple(history[static_cast<std::size_t>(fact.first)].responded, fact.second);
      };
      return key(a) < key(b);
    });
    for (const Fact& fact : facts) {
      if (fact.kind == Fact::Kind::RealTime)
        add_edge({Rule::RealTime, fact.first, fact.second, -1, -1, -1, {}});
    }
  }

  int add(DerivedLine line) {
    lines_.push_back(std::move(line));
    return static_cast<int>(lines_.size()) - 1;
  }

  /// Returns the lines of a cycle if the new edge closes one.
  std::optional<std::vector<int>> add_edge(DerivedLine line) {
    const int before = line.before, after = line.after;
    auto back = path(after, before);
    const int number = add(std::move(line));
    edges_[before].push_back({after, number});
    if (back) back->push_back(number);
    return back;
  }

  /// The lines of a shortest chain from one operation to the other; empty only if they are the
  /// same.
  std::optional<std::vector<int>> path(int from, int to) const {
    std::map<int, std::pair<int, int>> reached{
        {from, {-1, -1}}};  // operation -> (from where, by which line)
    std::vector<int> open{from};
    for (std::size_t next = 0; next < open.size() && !reached.contains(to); ++next) {
      const auto edges = edges_.find(open[next]);
      if (edges == edges_.end()) continue;
      for (const auto& [after, line] : edges->second) {
        if (reached.try_emplace(after, std::pair(open[next], line)).second) open.push_back(after);
      }
    }
    if (!reached.contains(to)) return std::nullopt;
    std::vector<int> lines;
    for (int at = to; at != from; at = reached.at(at).first) lines.push_back(reached.at(at).second);
    std::reverse(lines.begin(), lines.end());
    return lines;
  }

  /// The lines that the contradiction needs, in the order they were found.
  Derivation result(Rule contradiction, const std::vector<int>& contradicting) const {
    std::set<int> used;
    std::vector<int> open = contradicting;
    while (!open.empty()) {
      const int line = open.back();
      open.pop_back();
      if (!used.insert(line).second) continue;
      const std::vector<int>& premises = lines_[static_cast<std::size_t>(line)].premises;
      open.insert(open.end(), premises.begin(), premises.end());
    }
    const auto renumber = [&](std::vector<int> numbers) {
      for (int& number : numbers)
        number = static_cast<int>(std::distance(used.begin(), used.find(number)));
      std::sort(numbers.begin(), numbers.end());
      numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
      return numbers;
    };
    Derivation derivation;
    for (const int line : used) {
      derivation.lines.push_back(lines_[static_cast<std::size_t>(line)]);
      derivation.lines.back().premises = renumber(derivation.lines.back().premises);
    }
    derivation.contradiction = contradiction;
    derivation.contradicting = renumber(contradicting);
    say_answers(derivation);
    return derivation;
  }

 private:
  /// Puts a line before all others for each answer that they rest on and none of them is about.
  static void say_answers(Derivation& derivation) {
    std::set<int> said, silent;
    for (const DerivedLine& line : derivation.lines) said.insert(line.reader);
    for (const DerivedLine& line : derivation.lines)
      for (const int i : line.answers)
        if (!said.contains(i)) silent.insert(i);
    const int shift = static_cast<int>(silent.size());
    const auto line_of = [&](int i) {
      return static_cast<int>(std::distance(silent.begin(), silent.find(i)));
    };
    for (DerivedLine& line : derivation.lines) {
      for (int& premise : line.premises) premise += shift;
      for (const int i : line.answers)
        if (silent.contains(i)) line.premises.push_back(line_of(i));
      std::sort(line.premises.begin(), line.premises.end());
    }
    for (int& line : derivation.contradicting) line += shift;
    std::vector<DerivedLine> facts;
    for (const int i : silent) facts.push_back({Rule::Returned, -1, -1, i, -1, -1, {}});
    derivation.lines.insert(derivation.lines.begin(), facts.begin(), facts.end());
  }

  struct Edge {
    int after = -1;
    int line = -1;
  };
  std::vector<DerivedLine> lines_;
  std::map<int, std::vector<Edge>> edges_;
};

constexpr int kInitial = -1;  // as the source of a read

class CellProver {
 public:
  CellProver(const History& history, const Core& core, CellView view)
      : lines_(history, core), view_(std::move(view)) {
    for (const CellRead& read : view_.reads) {
      Reader reader{read, {}, {}, {}};
      const auto cell = static_cast<std::size_t>(read.cell);
      if (read.accepts(view_.initial[cell])) reader.candidates.push_back(kInitial);
      for (const CellWrite& write : view_.writes) {
        const bool fits = write.cell == read.cell && write.operation != read.operation &&
                          read.accepts(write.value);
        if (fits) reader.candidates.push_back(write.operation);
      }
      for (const CellWrite& write : view_.undone) {
        const bool fits = write.cell == read.cell && write.operation != read.operation &&
                          read.accepts(write.value);
        if (fits) reader.undone.push_back(write.operation);
      }
      readers_.push_back(std::move(reader));
    }
  }

  std::optional<Derivation> prove() {
    is_changed_ = true;
    while (is_changed_ && !found_) {
      is_changed_ = false;
      for (Reader& reader : readers_) {
        if (!found_) rule_out(reader);
        if (!found_ && reader.candidates.size() == 1) use_source(reader, reader.candidates[0]);
      }
    }
    return found_;
  }

 private:
  struct Reader {
    CellRead read;
    std::vector<int> candidates;
    std::vector<int> ruled_out;  // lines
    std::vector<int> undone;     // would be candidates, but their answers say that they did nothing
  };

  /// Whether an update of the cell that happens for sure, other than these.
  bool overwrites(const CellWrite& write, const Reader& reader, int source) const {
    return write.is_sure && write.cell == reader.read.cell &&
           write.operation != reader.read.operation && write.operation != source;
  }

  void rule_out(Reader& reader) {
    const int r = reader.read.operation;
    for (std::size_t i = 0; i < reader.candidates.size() && reader.candidates.size() > 1;) {
      const int source = reader.candidates[i];
      auto because = why_not(reader, source);
      if (!because) {
        ++i;
        continue;
      }
      reader.ruled_out.push_back(
          lines_.add({Rule::SourceExcluded, source, -1, r, -1, reader.read.cell,
                      std::move(because->lines), std::move(because->answers)}));
      reader.candidates.erase(reader.candidates.begin() + static_cast<std::ptrdiff_t>(i));
      is_changed_ = true;
    }
    if (!reader.candidates.empty()) return;
    const int line = lines_.add(
        {Rule::NoSource, -1, -1, r, -1, reader.read.cell, reader.ruled_out, reader.undone});
    found_ = lines_.result(Rule::NoSource, {line});
  }

  struct Reasons {
    std::vector<int> lines;
    std::vector<int> answers;
  };

  std::optional<Reasons> why_not(const Reader& reader, int source) const {
    const int r = reader.read.operation;
    if (source != kInitial) {
      if (auto late = lines_.path(r, source)) return Reasons{*std::move(late), {}};
    }
    for (const CellWrite& write : view_.writes) {
      if (!overwrites(write, reader, source)) continue;
      auto behind = lines_.path(write.operation, r);
      if (!behind) continue;
      Reasons reasons{*std::move(behind), answer_of(write)};
      if (source == kInitial) return reasons;
      const auto ahead = lines_.path(source, write.operation);
      if (!ahead) continue;
      reasons.lines.insert(reasons.lines.begin(), ahead->begin(), ahead->end());
      return reasons;
    }
    return std::nullopt;
  }

  /// The answer that says that the write took effect, if it needs one.
  static std::vector<int> answer_of(const CellWrite& write) {
    return write.is_by_answer ? std::vector<int>{write.operation} : std::vector<int>{};
  }

  /// Adds an edge unless the order says so already, and notices a cycle.
  void edge(const Reader& reader, Rule rule, int before, int after, int source,
            std::vector<int> premises, std::vector<int> answers) {
    if (found_ || lines_.path(before, after)) return;
    premises.insert(premises.end(), reader.ruled_out.begin(), reader.ruled_out.end());
    answers.insert(answers.end(), reader.undone.begin(), reader.undone.end());
    is_changed_ = true;
    const auto cycle = lines_.add_edge({rule, before, after, reader.read.operation, source,
                                        reader.read.cell, std::move(premises), std::move(answers)});
    if (cycle) found_ = lines_.result(Rule::Cycle, *cycle);
  }

  void use_source(const Reader& reader, int source) {
    const int r = reader.read.operation;
    if (source != kInitial) edge(reader, Rule::Source, source, r, -1, {}, {});
    for (const CellWrite& write : view_.writes) {
      if (found_ || !overwrites(write, reader, source)) continue;
      const int u = write.operation;
      if (source == kInitial) {
        edge(reader, Rule::Initial, r, u, -1, {}, answer_of(write));
        continue;
      }
      if (const auto behind = lines_.path(u, r))
        edge(reader, Rule::NotBetween, u, source, source, *behind, answer_of(write));
      if (const auto ahead = lines_.path(source, u))
        edge(reader, Rule::NotBetween, r, u, source, *ahead, answer_of(write));
    }
  }

  Lines lines_;
  CellView view_;
  std::vector<Reader> readers_;
  bool is_changed_ = false;
  std::optional<Derivation> found_;
};

/// Whether a counter's reads can return what they did.
class CounterProver {
 public:
  CounterProver(const Protocol& protocol, const History& history, const HistoryPart& part,
                const Core& core)
      : protocol_(protocol),
        history_(history),
        lines_(history, core),
        initial_(protocol.objects[static_cast<std::size_t>(part.object)].initial.number()) {
    const model::Object& object = protocol.objects[static_cast<std::size_t>(part.object)];
    for (const int i : part.operations) {
      if (!model::is_read_only(object, history[static_cast<std::size_t>(i)].op))
        updates_.push_back(i);
    }
    for (const Fact& fact : core.facts) {
      if (fact.kind == Fact::Kind::Returned) reads_.push_back(fact.first);
    }
  }

  std::optional<Derivation> prove() {
    for (const int read : reads_) {
      if (auto found = impossible(-1, read)) return found;
    }
    for (const int first : reads_) {
      for (const int second : reads_) {
        if (first == second || !lines_.path(first, second)) continue;
        if (auto found = impossible(first, second)) return found;
      }
    }
    return std::nullopt;
  }

 private:
  std::int64_t returned(int i) const {
    return history_[static_cast<std::size_t>(i)].result.number();
  }

  /// What happens between the reads (or from the start, if first is -1) cannot add up to the
  /// difference.
  std::optional<Derivation> impossible(int first, int second) {
    std::vector<int> premises;
    const auto use = [&](const std::optional<std::vector<int>>& path) {
      if (path) premises.insert(premises.end(), path->begin(), path->end());
      return path.has_value();
    };
    if (first >= 0) use(lines_.path(first, second));
    std::int64_t sum = 0;
    std::vector<std::int64_t> free;
    for (const int i : updates_) {
      const std::int64_t amount = counter_amount(protocol_, history_[static_cast<std::size_t>(i)]);
      if (use(lines_.path(second, i)) || (first >= 0 && use(lines_.path(i, first)))) continue;
      const auto ahead = lines_.path(i, second);
      const auto behind = first < 0 ? std::optional(std::vector<int>{}) : lines_.path(first, i);
      if (ahead && behind) {
        use(ahead);
        use(behind);
        sum += amount;
      } else {
        free.push_back(amount);
      }
    }
    const auto sums = subset_sums(free);
    const std::int64_t wanted = returned(second) - (first < 0 ? initial_ : returned(first)) - sum;
    if (!sums || std::binary_search(sums->begin(), sums->end(), wanted)) return std::nullopt;
    const int line = lines_.add({Rule::Count, -1, -1, second, first, -1, premises});
    return lines_.result(Rule::Count, {line});
  }

  const Protocol& protocol_;
  const History& history_;
  Lines lines_;
  std::int64_t initial_;
  std::vector<int> updates_, reads_;
};

/// What comes out of a queue, or stands in a log, was put in as often.
std::optional<Derivation> derive_container(const Protocol& protocol, const History& history,
                                           const HistoryPart& part, const Core& core) {
  const bool is_queue =
      protocol.objects[static_cast<std::size_t>(part.object)].kind == model::ObjectKind::Queue;
  std::map<model::Value, int>
      seen;  // a queue gives each value away once, a log shows it to every read
  for (const Fact& fact : core.facts) {
    if (fact.kind != Fact::Kind::Returned) continue;
    if (!is_queue) seen.clear();
    for (const model::Value& value :
         shown_values(protocol, history[static_cast<std::size_t>(fact.first)])) {
      if (++seen[value] <= put_count(protocol, history, part, value)) continue;
      Lines lines(history, core);
      const int line = lines.add({Rule::NoSource, -1, -1, fact.first, -1, -1, {}});
      return lines.result(Rule::NoSource, {line});
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Derivation> derive(const Protocol& protocol, const History& history,
                                 const HistoryPart& part, const Core& core) {
  const model::ObjectKind kind = protocol.objects[static_cast<std::size_t>(part.object)].kind;
  if (kind == model::ObjectKind::Counter)
    return CounterProver(protocol, history, part, core).prove();
  if (kind == model::ObjectKind::Queue || kind == model::ObjectKind::Log) {
    return derive_container(protocol, history, part, core);
  }
  std::set<int> answers;
  for (const Fact& fact : core.facts) {
    if (fact.kind == Fact::Kind::Returned) answers.insert(fact.first);
  }
  auto view = cell_view(protocol, history, part, answers);
  if (!view) return std::nullopt;
  return CellProver(history, core, *std::move(view)).prove();
}

std::optional<std::vector<std::int64_t>> subset_sums(const std::vector<std::int64_t>& amounts) {
  constexpr std::size_t kSumsMost = 10'000;
  std::set<std::int64_t> sums{0};
  for (const std::int64_t amount : amounts) {
    std::set<std::int64_t> more;
    for (const std::int64_t sum : sums) more.insert(sum + amount);
    sums.merge(more);
    if (sums.size() > kSumsMost) return std::nullopt;
  }
  return std::vector<std::int64_t>(sums.begin(), sums.end());
}

int put_count(const Protocol& protocol, const History& history, const HistoryPart& part,
              const model::Value& value) {
  const std::vector<model::Value>& initial =
      protocol.objects[static_cast<std::size_t>(part.object)].initial.elements();
  auto count = std::count(initial.begin(), initial.end(), value);
  for (const int i : part.operations) {
    const model::HistoryOperation& operation = history[static_cast<std::size_t>(i)];
    count += !operation.args.empty() && operation.args[0] == value ? 1 : 0;
  }
  return static_cast<int>(count);
}

std::vector<model::Value> shown_values(const Protocol& protocol,
                                       const model::HistoryOperation& operation) {
  const model::Object& object = protocol.objects[static_cast<std::size_t>(operation.object)];
  if (operation.is_pending() || operation.result.is_none()) return {};
  if (object.ops[static_cast<std::size_t>(operation.op)].name == "dequeue")
    return {operation.result};
  return operation.result.elements();
}

std::int64_t counter_amount(const Protocol& protocol, const model::HistoryOperation& operation) {
  const model::Object& object = protocol.objects[static_cast<std::size_t>(operation.object)];
  const std::string& name = object.ops[static_cast<std::size_t>(operation.op)].name;
  if (name == "increment") return 1;
  if (name == "decrement") return -1;
  return operation.args[0].number();
}

}  // namespace capstan::checker
