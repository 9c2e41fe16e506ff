// SPDX-License-Identifier: MIT
#include "runtime/command/confirm_hops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "checker/liveness/hops.hpp"
#include "runtime/execute/replay.hpp"
#include "runtime/execute/story.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {
namespace {

using model::Failure;
using model::Label;

class HopsConfirmation {
 public:
  HopsConfirmation(const model::Protocol& protocol, const model::Expectation& expectation,
                   checker::Evidence& evidence)
      : protocol_(protocol), expectation_(expectation), evidence_(evidence) {}

  std::optional<Failure> run() {
    World world(protocol_);
    world.count_hops(checker::hops_counted(protocol_));
    if (protocol_.scenario.has_ticks())
      evidence_.trace = with_due_deliveries(world, std::move(evidence_.trace));
    for (const Label& label : evidence_.trace.labels) {
      Label counted = label;
      counted.message.chain = chain_of(world, label.message);
      const model::Result<model::StepRecord> step = world.apply(counted);
      if (!step) return step.failure();
      records_.push_back(step.value());
    }
    for (Label& label : evidence_.trace.labels) label.message.chain = {};
    return judge(records_.back());
  }

 private:
  /// The hops of the copy that is meant. A trace out of a file does not say: then those of the copy
  /// with the most.
  static model::Chain chain_of(const World& world, const model::MessageInstance& message) {
    std::optional<model::Chain> most;
    for (const model::MessageCopy& copy : world.in_flight()) {
      if (copy.message == message) return message.chain;
      model::MessageInstance plain = copy.message;
      plain.chain = message.chain;
      if (plain == message && (!most || copy.message.chain.hops > most->hops))
        most = copy.message.chain;
    }
    return most.value_or(message.chain);
  }

  std::optional<Failure> judge(const model::StepRecord& last) {
    const bool is_answer =
        std::any_of(last.events.begin(), last.events.end(), [&](const model::HistoryEvent& event) {
          const std::pair operation{event.object, event.op};
          const auto& promised = expectation_.operations;
          return event.kind == model::HistoryEvent::Kind::Ok &&
                 std::find(promised.begin(), promised.end(), operation) != promised.end();
        });
    if (!is_answer) return Failure{"the trace does not end with an answer that is promised"};
    if (last.hops <= expectation_.hops)
      return Failure{fmt::format(
          "the checker says that the answer takes more than {} hops, the plain executor "
          "that it takes {}",
          expectation_.hops, last.hops)};
    tell(last);
    return std::nullopt;
  }

  std::string name(int process) const {
    return protocol_.types.processes()[static_cast<std::size_t>(process)].name;
  }

  static const char* hops_word(int hops) { return hops == 1 ? "hop" : "hops"; }

  void tell(const model::StepRecord& last) {
    const int client = last.process;
    std::string call = "its operation";
    for (const model::StepRecord& record : records_)
      if (record.label.kind == Label::Kind::Invoke && record.process == client)
        call = call_text(protocol_, record.label.object, record.label.op, record.label.key,
                         record.label.args);
    evidence_.title =
        fmt::format("{} of {} takes {} {}", call, name(client), last.hops, hops_word(last.hops));
    evidence_.why = fmt::format(
        "{} of {} is answered after {} {}, one after another; {} {} promised.", call, name(client),
        last.hops, hops_word(last.hops), expectation_.hops, expectation_.hops == 1 ? "is" : "are");
    const std::vector<std::string> chain = messages_to(last);
    for (std::size_t i = 0; i < chain.size(); ++i)
      evidence_.why += (i == 0 ? " " : ", then ") + chain[i];
    if (!chain.empty()) evidence_.why += ".";
  }

  /// The messages that led to the answer, first to last.
  std::vector<std::string> messages_to(const model::StepRecord& last) const {
    std::vector<std::string> texts;
    int process = last.process;
    std::size_t step = records_.size();
    for (int hops = last.hops; hops > 0; --hops) {
      const model::MessageCopy* copy = delivered_to(process, last.process, hops, step);
      if (copy == nullptr) break;
      const model::MessageInstance& message = copy->message;
      texts.push_back(
          fmt::format("`{}` from {} to {} (step {})",
                      protocol_.messages[static_cast<std::size_t>(message.message)].name,
                      name(message.source), name(message.destination), step));
      process = message.source;
    }
    std::reverse(texts.begin(), texts.end());
    return texts;
  }

  /// The last message before step `before` that came to the process for the client's operation with
  /// so many hops; `before` becomes the step in which it came.
  const model::MessageCopy* delivered_to(int process, int client, int hops,
                                         std::size_t& before) const {
    for (std::size_t i = before; i-- > 0;) {
      if (!records_[i].delivered) continue;
      const model::MessageCopy* copy = sent(*records_[i].delivered);
      if (copy == nullptr || copy->message.destination != process) continue;
      if (copy->message.chain != model::Chain{client, hops}) continue;
      before = i;
      return copy;
    }
    return nullptr;
  }

  const model::MessageCopy* sent(std::uint64_t id) const {
    for (const model::StepRecord& record : records_)
      for (const model::MessageCopy& copy : record.sent)
        if (copy.id == id) return &copy;
    return nullptr;
  }

  const model::Protocol& protocol_;
  const model::Expectation& expectation_;
  checker::Evidence& evidence_;
  std::vector<model::StepRecord> records_;
};

}  // namespace

std::optional<Failure> confirm_hops(const model::Protocol& protocol,
                                    const model::Expectation& expectation,
                                    checker::Evidence& evidence) {
  return HopsConfirmation(protocol, expectation, evidence).run();
}

}  // namespace capstan::runtime
