// SPDX-License-Identifier: MIT
#include "runtime/command/confirm_available.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "checker/symbolic/wording.hpp"
#include "runtime/execute/availability.hpp"
#include "runtime/execute/story.hpp"

namespace capstan::runtime {
namespace {

using checker::listed;
using model::Failure;
using model::Protocol;

/// How far it is told who waits for whom, who waits for whom, ...
constexpr int kTellingMax = 3;

class Telling {
 public:
  Telling(const Protocol& protocol, const WalkedRun& run)
      : protocol_(protocol), run_(run), world_(run.worlds[run.turn]) {}

  std::string call_of(int process) const {
    for (const Activation& activation : activations(world_, process)) {
      if (activation.kind != Activation::Kind::Operation) continue;
      const model::Operation& operation =
          protocol_.role_of(process).operations[static_cast<std::size_t>(activation.index)];
      return call_text(protocol_, operation.object, operation.op, activation.key, activation.args);
    }
    return "an operation";
  }

  /// Why the operation of the process does not go on.
  std::string operation(int process) const {
    std::string text = fmt::format("{} waits for ever in {}", name(process), call_of(process));
    for (const Activation& activation : activations(world_, process))
      if (activation.kind == Activation::Kind::Operation) text += waiting(process, activation, 0);
    return text;
  }

  std::string name(int process) const {
    return protocol_.types.processes()[static_cast<std::size_t>(process)].name;
  }

  /// The faults that stand, in words; empty if there are none.
  std::string faults() const {
    std::vector<std::string> down, paused, texts;
    bool is_cut = false;
    for (int process = 0; process < protocol_.process_count(); ++process) {
      const Process& state = world_.processes()[static_cast<std::size_t>(process)];
      if (!state.is_up) down.push_back(name(process));
      if (state.is_paused) paused.push_back(name(process));
      for (int other = 0; other < protocol_.process_count(); ++other)
        is_cut = is_cut || world_.is_blocked(process, other);
    }
    if (is_cut) texts.push_back("the partition is not healed");
    if (!down.empty()) texts.push_back(fmt::format("{} {} not restart", listed(down), do_(down)));
    if (!paused.empty())
      texts.push_back(fmt::format("{} {} not go on", listed(paused), do_(paused)));
    return listed(texts);
  }

 private:
  static const std::vector<Activation>& activations(const World& world, int process) {
    return world.processes()[static_cast<std::size_t>(process)].activations;
  }
  static const char* do_(const std::vector<std::string>& who) {
    return who.size() == 1 ? "does" : "do";
  }
  static const char* be(const std::vector<std::string>& who) {
    return who.size() == 1 ? "is" : "are";
  }

  std::string waiting(int process, const Activation& activation, int depth) const {
    if (!activation.waiting || activation.waiting->kind != model::StatementKind::Ask)
      return fmt::format(": {} waits until something holds, and it does not come to hold.",
                         name(process));
    const model::AskData& ask = *activation.waiting->ask;
    std::vector<std::string> asked_names;
    std::vector<int> silent;
    const std::set<int> answered = senders(activation);
    for (const int other : asked(process, activation.slot)) {
      asked_names.push_back(name(other));
      if (!answered.contains(other)) silent.push_back(other);
    }
    const std::string message = protocol_.messages[static_cast<std::size_t>(ask.message)].name;
    std::string answers = "no answer";
    if (activation.quorum > 1)
      answers = fmt::format(
          "{} of the {} answers that it needs",
          activation.replies.empty() ? "none" : std::to_string(activation.replies.size()),
          activation.quorum);
    const std::string text = fmt::format(": it has asked {} by `{}`, and has {}.",
                                         listed(asked_names), message, answers);
    return text + reasons(process, activation, silent, depth);
  }

  static std::set<int> senders(const Activation& activation) {
    std::set<int> found;
    for (const model::Value& reply : activation.replies)
      found.insert(static_cast<int>(reply.elements().back().number()));
    return found;
  }

  /// To whom the requests of the open ask went.
  std::set<int> asked(int process, int slot) const {
    std::set<int> found;
    for (std::size_t i = run_.turn + 1; i-- > 0 && found.empty();)
      for (const model::MessageCopy& copy : run_.records[i].sent)
        if (copy.message.token == model::Token{process, slot} && !is_reply(copy.message))
          found.insert(copy.message.destination);
    return found;
  }
  bool is_reply(const model::MessageInstance& message) const {
    return protocol_.messages[static_cast<std::size_t>(message.message)].is_reply;
  }

  /// Why those do not answer, those with the same reason together.
  std::string reasons(int process, const Activation& activation, const std::vector<int>& silent,
                      int depth) const {
    const model::Token token{process, activation.slot};
    std::vector<std::pair<std::string, std::vector<std::string>>> groups;
    std::string deeper;
    for (const int other : silent) {
      const Activation* served = serving(other, token);
      if (is_running(world_, other) && !is_apart(world_, process, other) && served != nullptr &&
          depth + 1 < kTellingMax) {
        deeper += fmt::format(" {} has taken it, and waits itself{}", name(other),
                              waiting(other, *served, depth + 1));
        continue;
      }
      const std::string reason = reason_of(process, other, token);
      const auto known = std::find_if(groups.begin(), groups.end(),
                                      [&](const auto& group) { return group.first == reason; });
      if (known == groups.end())
        groups.push_back({reason, {name(other)}});
      else
        known->second.push_back(name(other));
    }
    std::string text;
    for (const auto& [reason, who] : groups)
      text += " " + fmt::format(fmt::runtime(reason), fmt::arg("who", listed(who)),
                                fmt::arg("is", be(who)),
                                fmt::arg("has", who.size() == 1 ? "has" : "have"));
    return text + deeper;
  }

  std::string reason_of(int process, int other, model::Token token) const {
    const Process& state = world_.processes()[static_cast<std::size_t>(other)];
    if (!state.is_up) return "{who} {is} down.";
    if (state.is_paused) return "{who} {is} paused.";
    if (is_apart(world_, process, other)) return "{who} {is} behind the partition.";
    for (const model::MessageCopy& copy : world_.in_flight()) {
      if (copy.message.token != token) continue;
      if (copy.message.destination == other && !is_reply(copy.message))
        return "{who} {is} not ready to take it.";
    }
    if (serving(other, token) != nullptr) return "{who} {has} taken it, and waits too.";
    return "{who} {has} not answered, and nothing is under way that would.";
  }

  /// What the process is doing about a request.
  const Activation* serving(int process, model::Token token) const {
    for (const Activation& activation : activations(world_, process))
      if (activation.asker == token && !activation.has_replied) return &activation;
    return nullptr;
  }

  const Protocol& protocol_;
  const WalkedRun& run_;
  const World& world_;
};

/// Whether the process is owed an answer and has none, after all steps from the turn on.
bool waits_for_ever(const model::Expectation& expectation, const WalkedRun& run, int process) {
  for (std::size_t i = run.turn; i < run.worlds.size(); ++i)
    if (!run.worlds[i].has_pending_operation(process) ||
        !is_owed_an_answer(run.worlds[i], expectation, process))
      return false;
  return true;
}

}  // namespace

model::Result<Unanswered> find_unanswered(const Protocol& protocol,
                                          const model::Expectation& expectation,
                                          const WalkedRun& run) {
  const Telling telling(protocol, run);
  for (std::size_t i = run.turn + 1; i < run.worlds.size(); ++i)
    if (!keeps_faults(run.records[i].label)) return Failure{"a fault comes or goes in the cycle"};
  for (std::size_t i = run.worlds.size(); i-- > 1;) {
    const model::StepRecord& record = run.records[i];
    const int process = record.label.process;
    if (process < 0 || !ends_without_answer(record.label, record.events, process)) continue;
    if (!is_owed_an_answer(run.worlds[i - 1], expectation, process)) continue;
    const bool failed = record.events.back().kind == model::HistoryEvent::Kind::Fail;
    Unanswered found;
    found.is_refused = true;
    std::string call = "an operation";
    for (std::size_t j = 0; j <= i; ++j) {
      const model::Label& label = run.records[j].label;
      if (label.kind == model::Label::Kind::Invoke && label.process == process)
        call = call_text(protocol, label.object, label.op, label.key, label.args);
    }
    found.title = fmt::format("{} of {} may {}", call, telling.name(process),
                              failed ? "fail" : "end with an unknown outcome");
    found.why =
        fmt::format("Step {} ends {} of {} by `{}`, which is no answer, and an answer was owed.", i,
                    call, telling.name(process), failed ? "fail" : "unknown");
    return found;
  }
  for (int process = 0; process < protocol.process_count(); ++process) {
    if (!waits_for_ever(expectation, run, process)) continue;
    Unanswered found;
    const std::string faults = telling.faults();
    found.title =
        fmt::format("{} may wait for ever in {}", telling.name(process), telling.call_of(process));
    found.why = telling.operation(process);
    if (!faults.empty()) found.why += fmt::format(" All this while {}.", faults);
    return found;
  }
  return Failure{"nobody who is owed an answer waits for ever"};
}

}  // namespace capstan::runtime
