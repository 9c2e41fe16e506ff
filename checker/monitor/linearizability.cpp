// SPDX-License-Identifier: MIT
// linearizability: see the header for the method and why it is exact.
#include "checker/monitor/linearizability.hpp"

#include <algorithm>
#include <set>

#include "model/base/hash.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

using model::HistoryEvent;
using model::Value;

namespace {

/// Whether sorted `inner` is a sub-multiset of sorted `outer`.
bool is_part(const std::vector<std::uint32_t>& inner, const std::vector<std::uint32_t>& outer) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

}  // namespace

LinearizabilityMonitor::LinearizabilityMonitor(const model::Protocol& protocol, int object,
                                               Value key, int newest)
    : protocol_(protocol),
      object_(object),
      key_(std::move(key)),
      newest_(static_cast<std::size_t>(newest)) {
  CAPSTAN_REQUIRE(object >= 0 && static_cast<std::size_t>(object) < protocol.objects.size(),
                  "no such object");
  const std::uint32_t violated = content_id({});
  Content start;
  const Value& empty = protocol.objects[static_cast<std::size_t>(object)].initial;
  start.configurations.push_back(
      {value_id(newest_ == 1 ? empty : Value::sequence({empty})), {}, {}});
  const std::uint32_t first = content_id(std::move(start));
  CAPSTAN_ENSURE(violated == kViolated && first == kInitial,
                 "the first two states have fixed numbers");
  const std::uint32_t none = intern({});
  CAPSTAN_ENSURE(none == kNoEvents, "the empty list has a fixed number");
}

std::uint32_t LinearizabilityMonitor::intern(const std::vector<HistoryEvent>& events) {
  std::vector<Event> list;
  for (const HistoryEvent& event : events) {
    if (event.object != object_ || event.key != key_) continue;
    Event mine{event.kind, event.process, 0};
    if (event.kind == HistoryEvent::Kind::Invoke) mine.what = call_id({event.op, event.args});
    if (event.kind == HistoryEvent::Kind::Ok) mine.what = value_id(event.result);
    list.push_back(mine);
  }
  const auto [place, is_new] =
      list_ids_.try_emplace(list, static_cast<std::uint32_t>(lists_.size()));
  if (is_new) {
    lists_.push_back(std::move(list));
    next_.emplace_back();
  }
  return place->second;
}

std::uint32_t LinearizabilityMonitor::step(std::uint32_t state, std::uint32_t event_list) {
  CAPSTAN_REQUIRE(state < contents_.size() && event_list < lists_.size(),
                  "no such monitor state or event list");
  if (event_list == kNoEvents || state == kViolated) return state;
  std::vector<std::uint32_t>& row = next_[event_list];
  if (state < row.size() && row[state] != kUnknown) return row[state];
  std::uint32_t after = state;
  for (const Event& event : lists_[event_list]) {
    after = take(after, event);
    if (after == kViolated) break;
  }
  if (row.size() <= state) row.resize(state + 1, kUnknown);
  row[state] = after;
  return after;
}

std::uint32_t LinearizabilityMonitor::take(std::uint32_t state, const Event& event) {
  const Content before = contents_[state];  // a copy: apply may intern, which moves contents_
  const auto at =
      std::find_if(before.pending.begin(), before.pending.end(),
                   [&](const Pending& pending) { return pending.process == event.process; });
  if (event.kind == HistoryEvent::Kind::Invoke) {
    CAPSTAN_REQUIRE(at == before.pending.end(), "a client has one operation at a time");
    return content_id(invoked(before, event.process, event.what));
  }
  CAPSTAN_REQUIRE(at != before.pending.end(), "only a pending operation can end");
  const auto which = static_cast<std::size_t>(at - before.pending.begin());
  switch (event.kind) {
    case HistoryEvent::Kind::Ok:
      return content_id(answered(before, which, event.what));
    case HistoryEvent::Kind::Fail:
      return content_id(failed(before, which));
    case HistoryEvent::Kind::Info:
      return content_id(unknown(before, which));
    case HistoryEvent::Kind::Invoke:
      break;
  }
  CAPSTAN_UNREACHABLE("an invocation is dealt with above");
}

LinearizabilityMonitor::Content LinearizabilityMonitor::invoked(const Content& before, int process,
                                                                std::uint32_t call) const {
  Content after = before;
  const auto at = std::lower_bound(after.pending.begin(), after.pending.end(), Pending{process, 0});
  const auto where = at - after.pending.begin();
  after.pending.insert(at, {process, call});
  for (Configuration& configuration : after.configurations) {
    configuration.status.insert(configuration.status.begin() + where, kNotLinearized);
  }
  return after;
}

LinearizabilityMonitor::Content LinearizabilityMonitor::answered(const Content& before,
                                                                 std::size_t which,
                                                                 std::uint32_t result) {
  Content after;
  after.pending = before.pending;
  after.pending.erase(after.pending.begin() + static_cast<std::ptrdiff_t>(which));
  for (const Configuration& configuration : before.configurations) {
    if (configuration.status[which] == result + 1) {
      after.configurations.push_back(configuration);
    } else if (configuration.status[which] == kNotLinearized) {
      for (Configuration& found : linearize(before, configuration, which, result)) {
        after.configurations.push_back(std::move(found));
      }
    }
  }
  for (Configuration& configuration : after.configurations) {
    configuration.status.erase(configuration.status.begin() + static_cast<std::ptrdiff_t>(which));
  }
  return after;
}

/// The configurations after every sequence of pending operations that ends in `which` with that
/// result.
std::vector<LinearizabilityMonitor::Configuration> LinearizabilityMonitor::linearize(
    const Content& before, const Configuration& start, std::size_t which, std::uint32_t result) {
  std::vector<Configuration> found;
  std::set<Configuration> seen{start};
  std::vector<Configuration> open{start};
  while (!open.empty()) {
    const Configuration here = std::move(open.back());
    open.pop_back();
    for (const Answer& answer : apply(here.object_state, before.pending[which].call)) {
      if (answer.result != result) continue;
      Configuration last = here;
      last.object_state = answer.object_state;
      last.status[which] = result + 1;
      found.push_back(std::move(last));
    }
    for (std::size_t i = 0; i < here.status.size(); ++i) {
      if (i == which || here.status[i] != kNotLinearized) continue;
      for (const Answer& other : apply(here.object_state, before.pending[i].call)) {
        Configuration next = here;
        next.object_state = other.object_state;
        next.status[i] = other.result + 1;
        if (seen.insert(next).second) open.push_back(std::move(next));
      }
    }
    for (std::size_t i = 0; i < here.left.size(); ++i) {
      if (i > 0 && here.left[i] == here.left[i - 1]) continue;  // equal calls are one choice
      Configuration next = here;
      // No read, so there is one answer.
      next.object_state = apply(here.object_state, here.left[i]).front().object_state;
      next.left.erase(next.left.begin() + static_cast<std::ptrdiff_t>(i));
      if (seen.insert(next).second) open.push_back(std::move(next));
    }
  }
  return found;
}

LinearizabilityMonitor::Content LinearizabilityMonitor::failed(const Content& before,
                                                               std::size_t which) const {
  Content after;
  after.pending = before.pending;
  after.pending.erase(after.pending.begin() + static_cast<std::ptrdiff_t>(which));
  for (const Configuration& configuration : before.configurations) {
    if (configuration.status[which] != kNotLinearized) continue;
    after.configurations.push_back(configuration);
    auto& status = after.configurations.back().status;
    status.erase(status.begin() + static_cast<std::ptrdiff_t>(which));
  }
  return after;
}

LinearizabilityMonitor::Content LinearizabilityMonitor::unknown(const Content& before,
                                                                std::size_t which) const {
  const std::uint32_t call = before.pending[which].call;
  Content after = before;
  after.pending.erase(after.pending.begin() + static_cast<std::ptrdiff_t>(which));
  for (Configuration& configuration : after.configurations) {
    if (configuration.status[which] == kNotLinearized && !call_is_read_only_[call]) {
      configuration.left.insert(
          std::upper_bound(configuration.left.begin(), configuration.left.end(), call), call);
    }
    configuration.status.erase(configuration.status.begin() + static_cast<std::ptrdiff_t>(which));
  }
  return after;
}

/// Sorts, and drops configurations that another one covers.
void LinearizabilityMonitor::normalise(Content& content) {
  std::vector<Configuration>& all = content.configurations;
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::vector<bool> is_covered(all.size(), false);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < all.size() && !is_covered[i]; ++j) {
      is_covered[i] = i != j && all[i].object_state == all[j].object_state &&
                      all[i].status == all[j].status && is_part(all[i].left, all[j].left);
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_covered[i]) continue;
    if (kept != i) all[kept] = std::move(all[i]);
    ++kept;
  }
  all.resize(kept);
}

std::uint32_t LinearizabilityMonitor::content_id(Content content) {
  normalise(content);
  if (content.configurations.empty()) content.pending.clear();  // one sink
  const auto [place, is_new] =
      content_ids_.try_emplace(content, static_cast<std::uint32_t>(contents_.size()));
  if (is_new) {
    hashes_.push_back(content_hash(content));
    contents_.push_back(std::move(content));
  }
  return place->second;
}

std::uint64_t LinearizabilityMonitor::content_hash(const Content& content) const {
  std::uint64_t hash = content.pending.size();
  for (const Pending& pending : content.pending) {
    hash = model::combine(hash, static_cast<std::uint64_t>(pending.process));
    hash = model::combine(hash, call_hashes_[pending.call]);
  }
  std::uint64_t sum =
      0;  // ids sort configurations in the order of discovery: a sum does not see it
  for (const Configuration& configuration : content.configurations) {
    std::uint64_t one = value_hashes_[configuration.object_state];
    for (const std::uint32_t status : configuration.status) {
      one = model::combine(one, status == kNotLinearized ? 0 : value_hashes_[status - 1]);
    }
    std::uint64_t left = 0;
    for (const std::uint32_t call : configuration.left) left += model::mix(call_hashes_[call]);
    sum += model::combine(one, left);
  }
  return model::combine(hash, sum);
}

const std::vector<LinearizabilityMonitor::Answer>& LinearizabilityMonitor::apply(
    std::uint32_t object_state, std::uint32_t call) {
  const std::uint64_t name = (static_cast<std::uint64_t>(object_state) << 32) | call;
  if (const auto known = answers_.find(name); known != answers_.end()) return known->second;
  const Value state = values_[object_state];  // a copy: interning moves values_
  std::vector<Answer> answers;
  if (newest_ == 1)
    answers.push_back(answer(state, calls_[call]));
  else
    answers = stale_answers(state.elements(), calls_[call]);
  return answers_.emplace(name, std::move(answers)).first->second;
}

LinearizabilityMonitor::Answer LinearizabilityMonitor::answer(const Value& state,
                                                              const Call& call) {
  const model::ObjectAnswer found = model::apply(protocol_, object_, state, call.op, call.args);
  return {value_id(found.state), value_id(found.result)};
}

/// `newest`: the values that a read may return, the newest first.
std::vector<LinearizabilityMonitor::Answer> LinearizabilityMonitor::stale_answers(
    const std::vector<Value>& newest, const Call& call) {
  std::vector<Answer> answers;
  const std::uint32_t unchanged = value_id(Value::sequence(newest));
  if (model::is_read_only(protocol_.objects[static_cast<std::size_t>(object_)], call.op)) {
    for (const Value& value : newest) {
      const Answer one{unchanged, answer(value, call).result};
      const bool is_new = std::none_of(answers.begin(), answers.end(), [&](const Answer& known) {
        return known.result == one.result;
      });
      if (is_new) answers.push_back(one);
    }
    return answers;
  }
  const model::ObjectAnswer written =
      model::apply(protocol_, object_, newest.front(), call.op, call.args);
  std::vector<Value> after{written.state};
  after.insert(after.end(), newest.begin(), newest.end());
  if (after.size() > newest_) after.resize(newest_);
  return {{value_id(Value::sequence(std::move(after))), value_id(written.result)}};
}

std::uint32_t LinearizabilityMonitor::value_id(const Value& value) {
  const auto [place, is_new] =
      value_ids_.try_emplace(value, static_cast<std::uint32_t>(values_.size()));
  if (is_new) {
    values_.push_back(value);
    value_hashes_.push_back(hash_of(value));
  }
  return place->second;
}

std::uint32_t LinearizabilityMonitor::call_id(Call call) {
  const auto [place, is_new] =
      call_ids_.try_emplace(call, static_cast<std::uint32_t>(calls_.size()));
  if (is_new) {
    std::uint64_t hash = static_cast<std::uint64_t>(call.op) + 1;
    for (const Value& argument : call.args) hash = model::combine(hash, hash_of(argument));
    call_hashes_.push_back(hash);
    call_is_read_only_.push_back(
        model::is_read_only(protocol_.objects[static_cast<std::size_t>(object_)], call.op));
    calls_.push_back(std::move(call));
  }
  return place->second;
}

}  // namespace capstan::checker
