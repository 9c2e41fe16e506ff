// SPDX-License-Identifier: MIT
#include "runtime/command/explain_deadlock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "checker/symbolic/wording.hpp"
#include "runtime/execute/story.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {
namespace {

using checker::listed;
using model::Label;
using model::MessageCopy;
using model::StepRecord;
using model::Token;
using model::TypeId;
using model::Value;

/// Whoever waits for somebody who waits, and so on, is followed so far.
constexpr int kDepthMost = 4;
/// Deliveries that are put behind a trace.
constexpr int kDeliveriesMost = 64;

class Waiting {
 public:
  Waiting(const model::Protocol& protocol, const model::Trace& trace, const model::Run& run,
          const model::SourceFile& source)
      : protocol_(protocol), run_(run), source_(source), world_(protocol) {
    for (const Label& label : trace.labels)
      if (!world_.apply(label)) break;
  }

  DeadlockWords words() const {
    DeadlockWords words;
    int count = 0;
    for (int process = 0; process < protocol_.process_count(); ++process) {
      for (const Activation& activation : at(process).activations) {
        if (activation.kind != Activation::Kind::Operation) continue;
        const std::string who =
            fmt::format("{} waits for ever in {}", name(process), call(process, activation));
        const std::string sentence = who + reason(process, activation, 0);
        words.title += (words.title.empty() ? "" : "; ") + who;
        words.why += (words.why.empty() ? "" : " ") + sentence + ".";
        if (count++ == 0) words.text = sentence;
      }
    }
    if (count == 2) words.text += "; one more process waits for ever";
    if (count > 2) words.text += fmt::format("; {} more processes wait for ever", count - 1);
    return words;
  }

 private:
  const Process& at(int process) const {
    return world_.processes()[static_cast<std::size_t>(process)];
  }
  const std::string& name(int process) const {
    return protocol_.types.processes()[static_cast<std::size_t>(process)].name;
  }
  const model::Message& message(int index) const {
    return protocol_.messages[static_cast<std::size_t>(index)];
  }
  std::uint32_t line(const model::Span& span) const { return source_.place(span.begin).line; }

  std::string call(int process, const Activation& activation) const {
    const model::Operation& operation =
        protocol_.role_of(process).operations[static_cast<std::size_t>(activation.index)];
    return call_text(protocol_, operation.object, operation.op, activation.key, activation.args);
  }

  /// " for Got from Server: ...": what the suspended code waits for, and why it never comes.
  std::string reason(int process, const Activation& activation, int depth) const {
    if (activation.waiting == nullptr) return "";
    if (!activation.waiting->ask)
      return fmt::format(": what it waits for in line {} never becomes true",
                         line(activation.waiting->span));
    const model::AskData& ask = *activation.waiting->ask;
    const std::string& reply = message(message(ask.message).reply).name;
    const std::vector<MessageCopy> requests = requests_of(process, activation);
    const auto missing = activation.quorum - static_cast<std::int64_t>(activation.replies.size());
    std::string text = fmt::format(" for {} of {} answers `{}`", missing, requests.size(), reply);
    if (ask.count == model::AskData::Count::One && requests.size() == 1)
      text = fmt::format(" for `{}` from {}", reply, name(requests.front().message.destination));
    std::vector<Fate> fates;
    for (const MessageCopy& request : requests) {
      if (has_counted(activation, request.message.destination)) continue;
      Fate fate = fate_of(request, activation, depth);
      const auto like = std::find_if(fates.begin(), fates.end(), [&](const Fate& other) {
        return !fate.who.empty() && other.what == fate.what && other.then == fate.then;
      });
      if (like == fates.end()) {
        fates.push_back(std::move(fate));
        continue;
      }
      like->who.push_back(fate.who.front());
      like->steps.push_back(fate.steps.front());
    }
    text += requests.empty() ? ": it asked nobody" : ": ";
    for (const Fate& fate : fates) text += (&fate == &fates.front() ? "" : "; ") + told(fate);
    return text;
  }

  /// What became of a request; where several were handled alike, of all of them.
  struct Fate {
    std::vector<std::string> who;  // who handled it; empty: nobody did, and `what` says all
    std::string what;
    std::vector<std::size_t> steps;
    std::string then;
  };

  static std::string told(const Fate& fate) {
    if (fate.who.empty()) return fate.what;
    std::vector<std::string> steps;
    for (const std::size_t step : fate.steps) steps.push_back(std::to_string(step));
    return fmt::format("{}{} in step{} {}{}", listed(fate.who), fate.what,
                       steps.size() == 1 ? "" : "s", listed(steps), fate.then);
  }

  /// What the ask sent, in the last step in which it sent anything.
  std::vector<MessageCopy> requests_of(int process, const Activation& activation) const {
    std::vector<MessageCopy> requests;
    const Token token{process, activation.slot};
    for (auto step = run_.steps.rbegin(); step != run_.steps.rend() && requests.empty(); ++step)
      for (const MessageCopy& copy : step->sent)
        if (copy.message.token == token && copy.message.source == process &&
            copy.message.message == activation.waiting->ask->message)
          requests.push_back(copy);
    return requests;
  }

  static bool has_counted(const Activation& activation, int from) {
    return std::any_of(
        activation.replies.begin(), activation.replies.end(),
        [from](const Value& r) { return r.elements().back() == Value::integer(from); });
  }

  /// The step that ends the flight of a copy: delivered, lost, dropped or discarded.
  std::optional<std::size_t> end_of(std::uint64_t id) const {
    for (std::size_t i = 0; i < run_.steps.size(); ++i) {
      const StepRecord& step = run_.steps[i];
      const bool keeps = step.label.kind == Label::Kind::Duplicate;
      if (step.delivered == id && !keeps) return i;
      if (std::ranges::count(step.dropped, id) > 0 || std::ranges::count(step.discarded, id) > 0)
        return i;
    }
    return std::nullopt;
  }

  Fate fate_of(const MessageCopy& request, const Activation& asker, int depth) const {
    const std::string text = message_text(protocol_, request.message);
    const std::string& receiver = name(request.message.destination);
    const auto end = end_of(request.id);
    if (!end) return {{}, kept_away(request, text), {}, ""};
    const StepRecord& step = run_.steps[*end];
    if (step.label.kind == Label::Kind::Lose || std::ranges::count(step.dropped, request.id) > 0)
      return {{}, fmt::format("{} to {} was lost in step {}", text, receiver, *end), {}, ""};
    if (step.delivered != request.id)
      return {{}, fmt::format("{} to {} was replaced in step {}", text, receiver, *end), {}, ""};
    return {{receiver},
            fmt::format(" handled {}", text),
            {*end},
            after_handling(request, asker, *end, depth)};
  }

  /// Why a message is still in flight.
  std::string kept_away(const MessageCopy& copy, const std::string& text) const {
    const int from = copy.message.source, to = copy.message.destination;
    if (!at(to).is_up) return fmt::format("{} is down, and {} is not delivered", name(to), text);
    if (at(to).is_paused)
      return fmt::format("{} is paused, and {} is not delivered", name(to), text);
    if (world_.is_blocked(from, to)) return fmt::format("a cut keeps {} from {}", text, name(to));
    if (message(copy.message.message).is_reply)
      return fmt::format("{} is on its way to {}", text, name(to));
    return fmt::format("{} is at {}, where no handler of it has a true guard", text, name(to));
  }

  /// ", and its handler ended without a reply (line 9)".
  std::string after_handling(const MessageCopy& request, const Activation& asker, std::size_t step,
                             int depth) const {
    const int to = request.message.destination;
    if (const std::string answer = fate_of_reply(request, step); !answer.empty()) return answer;
    for (std::size_t i = step + 1; i < run_.steps.size(); ++i) {
      const Label& label = run_.steps[i].label;
      if (label.kind == Label::Kind::Crash && label.process == to)
        return fmt::format(", and crashed in step {} before it answered", i);
    }
    const Token token{request.message.source, asker.slot};
    for (const Activation& serving : at(to).activations) {
      if (serving.asker != token) continue;
      if (depth == kDepthMost) return ", and waits itself";
      return ", and waits itself" + reason(to, serving, depth + 1);
    }
    for (int process = 0; process < protocol_.process_count(); ++process)
      if (const std::string keeper = keeper_of(process, token); !keeper.empty())
        return fmt::format(", and {} still has who asked in `{}`, and does not answer",
                           process == to ? "it" : name(process), keeper);
    const auto& handlers = protocol_.role_of(to).handlers;
    const auto index = static_cast<std::size_t>(run_.steps[step].label.alternative);
    const std::string where =
        index < handlers.size() ? fmt::format(" (line {})", line(handlers[index].code.span)) : "";
    return fmt::format(", and its handler{} ended without a reply", where);
  }

  /// What became of the answer to a request; empty if none was sent.
  std::string fate_of_reply(const MessageCopy& request, std::size_t handled) const {
    for (std::size_t i = handled; i < run_.steps.size(); ++i) {
      for (const MessageCopy& reply : run_.steps[i].sent) {
        const bool is_answer = message(reply.message.message).is_reply &&
                               reply.message.token == request.message.token &&
                               reply.message.source == request.message.destination;
        if (!is_answer) continue;
        const std::string text = message_text(protocol_, reply.message);
        const auto end = end_of(reply.id);
        if (!end) return fmt::format(" and answered, but {}", kept_away(reply, text));
        const StepRecord& step = run_.steps[*end];
        const bool is_lost =
            step.label.kind == Label::Kind::Lose || std::ranges::count(step.dropped, reply.id) > 0;
        return fmt::format(" and answered {}, which {} in step {}", text,
                           is_lost ? "was lost" : "did not count", *end);
      }
    }
    return "";
  }

  /// The variable of the process that holds the token.
  std::string keeper_of(int process, Token token) const {
    const std::vector<model::Variable>& variables = protocol_.role_of(process).variables;
    for (std::size_t i = 0; i < variables.size(); ++i)
      if (holds(variables[i].type, at(process).variables[i], token)) return variables[i].name;
    return "";
  }

  bool holds(TypeId type_id, const Value& value, Token token) const {
    if (value.is_none()) return false;
    const model::Type& type = protocol_.types.at(type_id);
    using enum model::Type::Kind;
    if (type.kind == Asker) return Token::from_value(value) == token;
    if (type.kind == Option) return holds(type.element, value, token);
    if (type.kind != Tuple && type.kind != Set && type.kind != Map && type.kind != Sequence)
      return false;
    for (std::size_t i = 0; i < value.elements().size(); ++i)
      if (holds(type.kind == Tuple ? type.fields[i].type : type.element, value.elements()[i],
                token))
        return true;
    return false;
  }

  const model::Protocol& protocol_;
  const model::Run& run_;
  const model::SourceFile& source_;
  World world_;
};

}  // namespace

model::Trace with_idle_deliveries(const model::Protocol& protocol, model::Trace trace) {
  World world(protocol);
  for (const Label& label : trace.labels)
    if (!world.apply(label)) return trace;
  bool goes_on = !protocol.scenario.network_kept;
  for (int added = 0; goes_on && added < kDeliveriesMost; ++added) {
    goes_on = false;
    const std::string before = world.canonical(false);
    for (const Label& label : world.enabled()) {
      if (label.kind != Label::Kind::Deliver) continue;
      World after = world;
      const auto step = after.apply(label);
      if (!step || step.value().error || after.canonical(false) != before) continue;
      if (after.in_flight().size() >= world.in_flight().size()) continue;
      world = std::move(after);
      trace.labels.push_back(label);
      goes_on = true;
      break;
    }
  }
  return trace;
}

DeadlockWords explain_deadlock(const model::Protocol& protocol, const model::Trace& trace,
                               const model::Run& run, const model::SourceFile& source) {
  return Waiting(protocol, trace, run, source).words();
}

}  // namespace capstan::runtime
