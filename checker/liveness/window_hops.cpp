// SPDX-License-Identifier: MIT
#include "checker/liveness/window_hops.hpp"

#include <algorithm>
#include <boost/graph/strong_components.hpp>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "model/base/limits.hpp"

namespace capstan::checker {
namespace {

constexpr std::size_t kEdgesMax = 10'000'000;

using Node = std::uint32_t;

/// Messages in flight to one process that are equal.
struct InFlight {
  int destination = 0;
  MessageId message = 0;
  friend auto operator<=>(const InFlight&, const InFlight&) = default;
  friend bool operator==(const InFlight&, const InFlight&) = default;
};

/// What happens in one step, as far as marks see it.
struct Effect {
  StateId target = 0;
  int process = -1;  // who takes it; -1: nobody (a cut heals)
  std::optional<MessageId> delivered;
  PurgeId purge = 0;
  bool changes = false;  // the local state of `process`
  std::vector<InFlight> sent;
  std::optional<LabelSetId> tick;
};

class Chains {
 public:
  Chains(ProtocolSystem& system, StateGraph& graph, const std::vector<bool>& differs,
         const std::vector<bool>& steps)
      : system_(system),
        graph_(graph),
        differs_(differs),
        steps_(steps),
        processes_(static_cast<std::size_t>(system.process_count())) {}

  /// False: chains are not counted here.
  bool build() {
    if (system_.network_is_set()) return false;
    in_flight_.resize(graph_.state_count());
    first_.resize(graph_.state_count());
    Node nodes = 1;  // node 0: nobody cares any more
    for (StateId state = 0; state < graph_.state_count(); ++state) {
      if (!differs_[state]) continue;
      if (!list_messages(state)) return false;
      first_[state] = nodes;
      nodes += static_cast<Node>(processes_ + in_flight_[state].size());
    }
    node_count_ = nodes;
    for (StateId state = 0; state < graph_.state_count(); ++state) {
      if (!differs_[state]) continue;
      add_state(state);
      if (edges_.size() > kEdgesMax) return false;
    }
    return true;
  }

  void measure(Window& window) {
    using Rows = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property,
                                                    boost::no_property, boost::no_property, Node>;
    const Rows rows(boost::edges_are_sorted, edges_.begin(), edges_.end(), node_count_);
    std::vector<Node> component(node_count_);
    const auto index = boost::get(boost::vertex_index, rows);
    const std::size_t count =
        boost::strong_components(rows, boost::make_iterator_property_map(component.begin(), index),
                                 boost::vertex_index_map(index));
    std::vector<std::size_t> by_component(edges_.size());
    for (std::size_t i = 0; i < edges_.size(); ++i) by_component[i] = i;
    std::ranges::sort(by_component, {}, [&](std::size_t i) { return component[edges_[i].first]; });
    // What a component leads to has a smaller number.
    std::vector<std::uint64_t> longest(count);
    window.hops = 0;
    for (const std::size_t i : by_component) {
      const auto& [source, target] = edges_[i];
      const std::uint64_t hop = is_hop_[i] ? 1 : 0;
      const Node from = component[source];
      const Node to = component[target];
      if (from == to && hop == 1) window.has_bounded_hops = false;
      if (from != to) longest[from] = std::max(longest[from], hop + longest[to]);
      window.hops = std::max(*window.hops, longest[from]);
    }
  }

 private:
  bool list_messages(StateId state) {
    std::vector<InFlight>& all = in_flight_[state];
    for (std::size_t i = 0; i < processes_; ++i)
      for (const MessageId message : inbox(state, i)) all.push_back({static_cast<int>(i), message});
    std::ranges::sort(all);
    const auto rest = std::unique(all.begin(), all.end());
    // Of equal messages in a queue a mark would lie on any.
    if (system_.network_is_fifo() && rest != all.end()) return false;
    all.erase(rest, all.end());
    return true;
  }

  std::span<const MessageId> inbox(StateId state, std::size_t process) const {
    return graph_.space().components.inbox(graph_.words(state)[process]);
  }
  LocalId local(StateId state, std::size_t process) const {
    return graph_.space().components[graph_.words(state)[process]].local;
  }

  /// All effects of the state's steps that may come and change something.
  std::vector<Effect> effects_of(StateId state) {
    std::vector<Effect> effects;
    std::map<LabelId, StateId> targets;
    graph_.for_each_step(state, [&](StateId target, LabelSetId set) {
      if (target == state) return;
      for (const LabelId label : graph_.labels(set)) {
        if (!steps_[label]) continue;
        if (graph_.is_tick(set))
          effects.push_back({target, -1, {}, 0, false, {}, set});
        else
          targets.emplace(label, target);
      }
    });
    std::vector<LabelId> taken;
    const auto add = [&](std::size_t process, std::optional<MessageId> delivered) {
      for (const LocalStep& step : local_steps(process, local(state, process), delivered)) {
        const auto target = targets.find(step.label);
        if (target == targets.end() || step.error != 0) continue;
        taken.push_back(step.label);
        effects.push_back(effect_of(state, target->second, process, delivered, step));
      }
    };
    for (std::size_t process = 0; process < processes_; ++process) {
      add(process, std::nullopt);
      for (const InFlight& message : in_flight_[state])
        if (message.destination == static_cast<int>(process)) add(process, message.message);
    }
    for (const LabelId label : taken) targets.erase(label);
    for (const auto& [label, target] : targets)
      effects.push_back({target, -1, {}, 0, false, {}, {}});
    return effects;
  }

  const std::vector<LocalStep>& local_steps(std::size_t process, LocalId local,
                                            std::optional<MessageId> delivered) {
    const auto [place, is_new] = asked_.try_emplace({process, local, delivered});
    const int number = static_cast<int>(process);
    if (is_new && delivered) system_.message_steps(number, local, *delivered, place->second);
    if (is_new && !delivered) system_.own_steps(number, local, place->second);
    return place->second;
  }

  Effect effect_of(StateId state, StateId target, std::size_t process,
                   std::optional<MessageId> delivered, const LocalStep& step) {
    Effect effect{target, static_cast<int>(process), {}, step.purge, false, {}, {}};
    if (step.message == LocalStep::Message::Consumed) effect.delivered = delivered;
    effect.changes = local(state, process) != local(target, process);
    for (const Send& send : step.sends) {
      const InFlight sent{send.destination, send.message};
      if (!send.merge || !has_equal(state, effect, sent)) effect.sent.push_back(sent);
    }
    return effect;
  }

  /// Whether an equal message is in flight when this one would be sent, which then is not.
  bool has_equal(StateId state, const Effect& effect, const InFlight& sent) {
    int count = 0;
    for (const MessageId message : inbox(state, static_cast<std::size_t>(sent.destination)))
      if (after_purge(message, effect.purge) == sent.message) ++count;
    if (effect.delivered && effect.process == sent.destination &&
        after_purge(*effect.delivered, effect.purge) == sent.message)
      --count;
    return count > 0;
  }

  std::optional<MessageId> after_purge(MessageId message, PurgeId purge) {
    return purge == 0 ? std::optional(message) : system_.purge_message(message, purge);
  }

  /// Where a mark goes that lies on the message; nowhere if the message is gone.
  void move_mark(StateId state, const InFlight& marked, const Effect& effect, Node source) {
    const bool is_delivered =
        effect.delivered == marked.message && effect.process == marked.destination;
    if (is_delivered && (effect.changes || !effect.sent.empty())) {
      add_edge(source, effect.target, static_cast<std::size_t>(effect.process), effect.changes,
               true);
      for (const InFlight& sent : effect.sent) add_edge(source, effect.target, sent, true);
    }
    if (is_delivered &&
        std::ranges::count(inbox(state, static_cast<std::size_t>(marked.destination)),
                           marked.message) == 1)
      return;
    std::optional<MessageId> later = marked.message;
    if (effect.tick)
      later = system_.time()->retime_message(system_.time()->tick_message(marked.message),
                                             graph_.retiming(*effect.tick));
    else
      later = after_purge(marked.message, effect.purge);
    if (later) add_edge(source, effect.target, {marked.destination, *later}, false);
  }

  void add_state(StateId state) {
    model::poll_limits();
    const std::vector<Effect> effects = effects_of(state);
    Node source = first_[state];
    for (std::size_t process = 0; process < processes_; ++process, ++source) {
      for (const Effect& effect : effects) {
        add_edge(source, effect.target, process, true, false);
        if (effect.process != static_cast<int>(process)) continue;
        for (const InFlight& sent : effect.sent) add_edge(source, effect.target, sent, false);
      }
    }
    for (const InFlight& marked : in_flight_[state]) {
      for (const Effect& effect : effects) move_mark(state, marked, effect, source);
      ++source;
    }
  }

  /// To a process, if `stays`; else the chain ends here.
  void add_edge(Node source, StateId target, std::size_t process, bool stays, bool is_hop) {
    const bool goes_on = stays && differs_[target];
    add(source, goes_on ? first_[target] + static_cast<Node>(process) : 0, is_hop);
  }

  /// To a message, if it is there.
  void add_edge(Node source, StateId target, const InFlight& message, bool is_hop) {
    if (!differs_[target]) {
      add(source, 0, is_hop);
      return;
    }
    const std::vector<InFlight>& all = in_flight_[target];
    const auto place = std::ranges::lower_bound(all, message);
    if (place == all.end() || *place != message) return;
    add(source,
        first_[target] + static_cast<Node>(processes_) + static_cast<Node>(place - all.begin()),
        is_hop);
  }

  void add(Node source, Node target, bool is_hop) {
    if (target == 0 && !is_hop) return;
    edges_.emplace_back(source, target);
    is_hop_.push_back(is_hop);
  }

  ProtocolSystem& system_;
  StateGraph& graph_;
  const std::vector<bool>& differs_;
  const std::vector<bool>& steps_;
  std::size_t processes_;
  std::vector<std::vector<InFlight>> in_flight_;  // by state; sorted, each once
  std::vector<Node> first_;                       // by state: process 1 is marked
  Node node_count_ = 0;
  std::vector<std::pair<Node, Node>> edges_;  // by source
  std::vector<bool> is_hop_;                  // by edge
  std::map<std::tuple<std::size_t, LocalId, std::optional<MessageId>>, std::vector<LocalStep>>
      asked_;
};

}  // namespace

void count_window_hops(ProtocolSystem& system, StateGraph& graph, const std::vector<bool>& differs,
                       const std::vector<bool>& steps, Window& window) {
  Chains chains(system, graph, differs, steps);
  if (chains.build()) chains.measure(window);
}

}  // namespace capstan::checker
