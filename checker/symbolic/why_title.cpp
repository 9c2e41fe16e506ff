// SPDX-License-Identifier: MIT
// why_title: what went wrong, in one sentence, from an explanation's structure.
//
// Patterns from the most telling to the plainest; each says only what the sentences that it is read
// off say. The last one fits always.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "checker/symbolic/why.hpp"

namespace capstan::checker {

using model::HistoryOperation;
using model::ObjectKind;
using model::Value;

namespace {

class Title {
 public:
  Title(const model::Protocol& protocol, const model::History& history,
        const Explanation& explanation)
      : protocol_(protocol),
        history_(history),
        explanation_(explanation),
        object_(protocol.objects[static_cast<std::size_t>(explanation.object)]) {}

  std::string text() const {
    for (const auto pattern : {&Title::both, &Title::disagree, &Title::goes_back, &Title::misses,
                               &Title::too_early, &Title::from_nowhere}) {
      if (const auto text = (this->*pattern)()) return *text;
    }
    if (const auto text = by_last_sentence()) return *text;
    return fmt::format("No order of the operations explains why {}", does(last_answered()));
  }

 private:
  const CoreOperation& core(int i) const {
    return explanation_.operations[static_cast<std::size_t>(i)];
  }
  const HistoryOperation& operation(int i) const {
    return history_[static_cast<std::size_t>(core(i).history_index)];
  }
  const std::string& op_name(int i) const {
    return object_.ops[static_cast<std::size_t>(operation(i).op)].name;
  }
  const std::string& client(int i) const {
    return protocol_.types.processes()[static_cast<std::size_t>(core(i).process)].name;
  }
  bool has_answer(int i) const { return !core(i).answer.empty() && core(i).answer != "ok"; }
  int count() const { return static_cast<int>(explanation_.operations.size()); }
  bool is_collection() const {
    return object_.kind == ObjectKind::Set || object_.kind == ObjectKind::Log ||
           object_.kind == ObjectKind::Queue;
  }

  /// "Client 2 reads 1".
  std::string does(int i) const {
    const std::string& name = op_name(i);
    const std::string& answer = core(i).answer;
    if (name == "read") return fmt::format("{} reads {}", client(i), answer);
    if (name == "dequeue") {
      return operation(i).result.is_none() ? fmt::format("{} finds nothing to dequeue", client(i))
                                           : fmt::format("{} dequeues {}", client(i), answer);
    }
    const bool said_yes =
        operation(i).result.kind() == Value::Kind::Integer && operation(i).result.number() != 0;
    if (name == "cas")
      return fmt::format("{}'s {} {}", client(i), core(i).name, said_yes ? "succeeds" : "fails");
    if (object_.kind == ObjectKind::Lock) {
      return fmt::format("{} {} the lock", client(i), said_yes ? name + "s" : "cannot " + name);
    }
    return fmt::format("{}'s {} returns {}", client(i), core(i).name, answer);
  }

  /// "write(1)", "its own write(1)".
  std::string seen_from(int i, int reader) const {
    const bool is_own = core(i).process == core(reader).process;
    return is_own ? "its own " + core(i).name : core(i).long_name;
  }
  /// "write(1) was acknowledged".
  std::string was_answered(int i, int reader) const {
    if (has_answer(i)) return fmt::format("{} returned {}", seen_from(i, reader), core(i).answer);
    return fmt::format("{} was acknowledged", seen_from(i, reader));
  }

  /// The last operation with an answer.
  int last_answered() const {
    int last = -1;
    for (int i = 0; i < count(); ++i) {
      if (has_answer(i) && (last < 0 || core(i).responded > core(last).responded)) last = i;
    }
    return last;
  }
  /// The operation whose answer contradicts the rest, if the sentences name it.
  int reader() const {
    int reader = -1;
    for (const int number : explanation_.contradicting) {
      const Sentence& sentence = explanation_.sentences[static_cast<std::size_t>(number - 1)];
      if (sentence.rule != Rule::RealTime && sentence.reader >= 0) reader = sentence.reader;
    }
    if (explanation_.contradiction != Rule::AllOrders) return reader;
    return last_answered();
  }
  bool is_real_time(int before, int after) const {
    return std::any_of(explanation_.sentences.begin(), explanation_.sentences.end(),
                       [&](const Sentence& sentence) {
                         return sentence.rule == Rule::RealTime && sentence.before == before &&
                                sentence.after == after;
                       });
  }

  /// Two like updates get the same answer: "Client 1 and Client 2 both withdraw 100 from a balance
  /// of 100".
  std::optional<std::string> both() const {
    std::vector<int> answered;
    for (int i = 0; i < count(); ++i) {
      if (has_answer(i)) answered.push_back(i);
    }
    if (answered.size() != 2) return std::nullopt;
    const int a = answered[0], b = answered[1];
    const bool is_alike =
        core(a).name == core(b).name && core(a).answer == core(b).answer && !core(a).is_read;
    if (!is_alike || core(a).process == core(b).process) return std::nullopt;
    const std::string who = fmt::format("{} and {} both", client(a), client(b));
    const bool said_yes = core(a).answer == "true";
    if (op_name(a) == "dequeue") {
      if (operation(a).result.is_none()) return std::nullopt;
      return fmt::format("{} dequeue {}", who, core(a).answer);
    }
    if (object_.kind == ObjectKind::Lock && said_yes)
      return fmt::format("{} {} the lock", who, op_name(a));
    if (op_name(a) == "cas" && said_yes)
      return fmt::format("{} succeed with {}", who, core(a).name);
    static constexpr std::array<std::string_view, 3> kTakes{"withdraw", "spend", "take"};
    const bool takes = std::find(kTakes.begin(), kTakes.end(), op_name(a)) != kTakes.end();
    if (takes && said_yes && count() == 2 && object_.states.size() == 1 &&
        operation(a).args.size() == 1) {
      return fmt::format(
          "{} {} {} from a {} of {}", who, op_name(a),
          protocol_.types.format(
              object_.ops[static_cast<std::size_t>(operation(a).op)].parameters[0].type,
              operation(a).args[0]),
          object_.states[0].name,
          protocol_.types.format(object_.states[0].type, object_.initial.elements()[0]));
    }
    return fmt::format("{} get {} from {}", who, core(a).answer, core(a).name);
  }

  /// Two reads, each with its own last write: "Client 1 and Client 3 disagree on which write came
  /// last, 1 or 3".
  std::optional<std::string> disagree() const {
    const bool is_register =
        object_.kind == ObjectKind::Register || object_.kind == ObjectKind::CasRegister;
    std::vector<int> readers;
    for (const int number : explanation_.contradicting) {
      const Sentence& sentence = explanation_.sentences[static_cast<std::size_t>(number - 1)];
      if (sentence.rule != Rule::NotBetween || op_name(sentence.reader) != "read")
        return std::nullopt;
      readers.push_back(sentence.reader);
    }
    if (!is_register || readers.size() != 2) return std::nullopt;
    std::sort(readers.begin(), readers.end());
    const int a = readers[0], b = readers[1];
    if (operation(a).result == operation(b).result || is_real_time(a, b) || is_real_time(b, a))
      return std::nullopt;
    const std::string who = core(a).process == core(b).process ? client(a) + "'s reads"
                                                               : client(a) + " and " + client(b);
    return fmt::format("{} disagree on which write came last, {} or {}", who, core(a).answer,
                       core(b).answer);
  }

  /// "Client 2's read goes back from 2 to 1", "Client 2 reads 1 after Client 1 read 2".
  std::optional<std::string> goes_back() const {
    const int r = reader();
    if (r < 0 || op_name(r) != "read" || !has_answer(r)) return std::nullopt;
    for (int i = 0; i < count(); ++i) {
      const bool is_update_known = any_update_before(r);
      if (is_update_known || i == r || op_name(i) != "read" || !has_answer(i) ||
          !is_real_time(i, r))
        continue;
      if (operation(i).result == operation(r).result) continue;
      if (core(i).process == core(r).process) {
        return fmt::format("{}'s read goes {} from {} to {}", client(r),
                           is_collection() ? "" : "back", core(i).answer, core(r).answer);
      }
      return fmt::format("{} reads {} after {} read {}", client(r), core(r).answer, client(i),
                         core(i).answer);
    }
    return std::nullopt;
  }
  bool any_update_before(int r) const {
    for (int i = 0; i < count(); ++i) {
      if (!core(i).is_read && is_real_time(i, r) && !is_what_it_read(i, r)) return true;
    }
    return false;
  }
  /// Whether r may have got its answer from i: then i is not what it missed.
  bool is_what_it_read(int i, int r) const {
    const std::vector<Value>& args = operation(i).args;
    const std::string& name = op_name(r);
    if (args.empty()) return false;
    if (name == "read" || name == "dequeue") return args.back() == operation(r).result;
    if (name == "contains") {
      return args == operation(r).args && (op_name(i) == "add") == operation(r).result.truth();
    }
    return name == "cas" && args.back() == operation(r).args[0] && operation(r).result.truth();
  }

  /// "Client 2 reads none after write(1) was acknowledged".
  std::optional<std::string> misses() const {
    const int r = reader();
    if (r < 0 || !has_answer(r)) return std::nullopt;
    std::vector<int> missed;
    for (int i = 0; i < count(); ++i) {
      if (!core(i).is_read && is_real_time(i, r) && !is_what_it_read(i, r)) missed.push_back(i);
    }
    if (missed.empty()) return std::nullopt;
    if (object_.kind == ObjectKind::Counter && missed.size() > 1) {
      const bool all_increments = std::all_of(missed.begin(), missed.end(),
                                              [&](int i) { return op_name(i) == "increment"; });
      return fmt::format("{} after {} {} were acknowledged", does(r), missed.size(),
                         all_increments ? "increments" : "updates");
    }
    // The one called last is the one that should have been seen.
    const int latest = *std::max_element(missed.begin(), missed.end(), [&](int a, int b) {
      return core(a).invoked < core(b).invoked;
    });
    return fmt::format("{} after {}", does(r), was_answered(latest, r));
  }

  /// "Client 2 reads 1 before write(1) was called".
  std::optional<std::string> too_early() const {
    const int r = reader();
    if (r < 0 || !has_answer(r)) return std::nullopt;
    for (int i = 0; i < count(); ++i) {
      if (core(i).is_read || !is_real_time(r, i) || !is_what_it_read(i, r)) continue;
      return fmt::format("{} before {} was called", does(r), seen_from(i, r));
    }
    return std::nullopt;
  }

  /// "Client 2 reads 7, which nobody wrote".
  std::optional<std::string> from_nowhere() const {
    const int r = reader();
    const bool is_single =
        explanation_.contradiction == Rule::NoSource && explanation_.sentences.size() == 1;
    if (r < 0 || !is_single || op_name(r) != "read" || is_collection()) return std::nullopt;
    const bool was_tried = std::any_of(
        explanation_.failed.begin(), explanation_.failed.end(), [&](const HistoryOperation& each) {
          return !each.args.empty() && each.args.back() == operation(r).result;
        });
    return fmt::format("{}, which {}", does(r),
                       was_tried ? "only a write that failed wrote" : "nobody wrote");
  }

  /// A contradiction in one sentence: "Client 3 reads 4, but x is at most 3 by then".
  std::optional<std::string> by_last_sentence() const {
    const int r = reader();
    const bool is_single =
        explanation_.sentences.size() == 1 && explanation_.contradiction != Rule::AllOrders;
    const std::string& text = explanation_.sentences.back().text;
    const std::size_t but = text.find(", but ");
    if (r < 0 || !is_single || but == std::string::npos) return std::nullopt;
    return does(r) + text.substr(but, text.size() - but - 1);
  }

  const model::Protocol& protocol_;
  const model::History& history_;
  const Explanation& explanation_;
  const model::Object& object_;
};

}  // namespace

std::string title_of(const model::Protocol& protocol, const model::History& history,
                     const Explanation& explanation) {
  return Title(protocol, history, explanation).text();
}

}  // namespace capstan::checker
