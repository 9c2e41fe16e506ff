// SPDX-License-Identifier: MIT
#include "checker/reduce/dead.hpp"

#include <array>
#include <optional>
#include <utility>

#include "checker/explore/timed_system.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

DeadMessages::DeadMessages(Questions& questions, std::function<bool(MessageId)> keeps)
    : questions_(questions),
      keeps_(std::move(keeps)),
      edges_(static_cast<std::size_t>(questions.process_count())),
      purges_(static_cast<std::size_t>(questions.process_count())) {}

bool DeadMessages::drops(int process, LocalId local, MessageId message) {
  if (keeps_ && keeps_(message)) return false;
  if (TimedSystem* const time = questions_.system().time()) {
    const std::optional<MessageId> ripe = time->ripe(message);
    if (!ripe) return false;
    message = *ripe;
  }
  const std::uint64_t key = pair_key(local, message);
  if (const std::uint8_t* known = verdicts_.find(key)) return *known != 0;
  const bool dropped =
      denied_.find(key) == nullptr &&
      !questions_.is_productive(process, questions_.system().awake(process, local), message);
  verdicts_.insert(key, dropped ? 1 : 0);
  if (dropped) {
    if (decisions_.size() <= message) decisions_.resize(std::size_t{message} + 1);
    decisions_[message].push_back({process, local, message});
    ++decision_count_;
  }
  return dropped;
}

void DeadMessages::note_edge(int process, LocalId from, LocalId to, PurgeId purge) {
  if (from == to && purge == 0) return;
  const std::array<std::uint32_t, 4> edge{static_cast<std::uint32_t>(process), from, to, purge};
  const std::uint32_t next_id = known_edges_.size();
  if (known_edges_.intern(edge) != next_id) return;
  std::vector<std::vector<Edge>>& from_local = edges_[static_cast<std::size_t>(process)];
  if (from_local.size() <= from) from_local.resize(std::size_t{from} + 1);
  from_local[from].push_back({to, purge});
}

void DeadMessages::note_purge(PurgeId purge) {
  const std::size_t before = known_purges_.size();
  known_purges_.insert(purge, 1);
  if (known_purges_.size() == before) return;
  purges_[static_cast<std::size_t>(questions_.system().purge_process(purge))].push_back(purge);
}

void DeadMessages::restart() {
  verdicts_ = {};
  decisions_.clear();
  decision_count_ = 0;
  known_edges_ = SequenceInterner();
  for (auto& edges : edges_) edges.clear();
  for (auto& purges : purges_) purges.clear();
  known_purges_ = {};
}

/// The check of the decisions on one message: a search over pairs (local state, what has become of
/// the message) from the decisions, then backwards from the pairs where it is productive.
class DeadMessages::Check {
 public:
  explicit Check(DeadMessages& dead) : dead_(dead), questions_(dead.questions_) {}

  /// Adds the refuted ones to the denials. True: there are some.
  bool refute(const std::vector<Decision>& decisions) {
    for (const Decision& decision : decisions) {
      reach(decision.process, decision.local, decision.message, no_node);
    }
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) expand(node);
    spread_back();
    bool some = false;
    for (std::uint32_t node = 0; node < decisions.size(); ++node) {
      // Decisions on one message are distinct, so the first nodes are theirs, in order.
      if (!nodes_[node].is_live) continue;
      dead_.denied_.insert(pair_key(nodes_[node].local, nodes_[node].message), 1);
      some = true;
    }
    return some;
  }

 private:
  static constexpr std::uint32_t no_node = ~std::uint32_t{0};
  struct Node {
    int process = 0;
    LocalId local = 0;
    MessageId message = 0;
    bool is_live = false;
    std::vector<std::uint32_t> before;
  };

  void reach(int process, LocalId local, MessageId message, std::uint32_t before) {
    const auto next_id = static_cast<std::uint32_t>(nodes_.size());
    const std::uint32_t node = ids_.insert(pair_key(local, message), next_id);
    if (node == next_id) nodes_.push_back({process, local, message, false, {}});
    if (before != no_node && before != node) nodes_[node].before.push_back(before);
  }

  void expand(std::uint32_t node) {
    model::poll_limits();
    const int process = nodes_[node].process;
    const LocalId local = nodes_[node].local;
    const MessageId message = nodes_[node].message;
    const LocalId awake = questions_.system().awake(process, local);
    if (questions_.would_be_productive(process, awake, message)) {
      nodes_[node].is_live = true;
      live_.push_back(node);
      return;  // what comes after cannot make it less live
    }
    const std::uint64_t tokens = questions_.system().message_token_mask(message);
    const auto& all_edges = dead_.edges_[static_cast<std::size_t>(process)];
    if (local < all_edges.size()) {
      for (const Edge& edge : all_edges[local]) {
        if (const auto left = after(message, tokens, edge.purge)) {
          reach(process, edge.to, *left, node);
        }
      }
    }
    for (int other = 0; other < questions_.process_count(); ++other) {
      if (other == process || ((tokens >> other) & 1) == 0) continue;
      for (const PurgeId purge : dead_.purges_[static_cast<std::size_t>(other)]) {
        if (const auto left = after(message, tokens, purge)) {
          reach(process, questions_.system().purge_local(process, local, purge), *left, node);
        }
      }
    }
  }

  /// What a purge makes of the message.
  std::optional<MessageId> after(MessageId message, std::uint64_t tokens, PurgeId purge) {
    ComponentSystem& system = questions_.system();
    if (purge == 0 || ((tokens >> system.purge_process(purge)) & 1) == 0) return message;
    return system.purge_message(message, purge);
  }

  void spread_back() {
    while (!live_.empty()) {
      const std::uint32_t node = live_.back();
      live_.pop_back();
      for (const std::uint32_t before : nodes_[node].before) {
        if (nodes_[before].is_live) continue;
        nodes_[before].is_live = true;
        live_.push_back(before);
      }
    }
  }

  DeadMessages& dead_;
  Questions& questions_;
  FlatMap<std::uint32_t> ids_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> live_;
};

bool DeadMessages::refute() {
  bool some = false;
  for (const std::vector<Decision>& decisions : decisions_) {
    if (!decisions.empty() && Check(*this).refute(decisions)) some = true;
  }
  return some;
}

std::size_t DeadMessages::bytes() const {
  return verdicts_.bytes() + denied_.bytes() + known_edges_.bytes() * 2 +
         decision_count_ * sizeof(Decision) + decisions_.capacity() * sizeof(decisions_[0]);
}

}  // namespace capstan::checker
