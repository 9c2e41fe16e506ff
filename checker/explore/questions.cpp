// SPDX-License-Identifier: MIT
#include "checker/explore/questions.hpp"

#include <algorithm>

#include "model/base/require.hpp"

namespace capstan::checker {

Questions::Questions(ComponentSystem& system)
    : system_(system),
      process_count_(system.process_count()),
      track_count_(system.track_count()),
      own_(static_cast<std::size_t>(process_count_)) {
  CAPSTAN_REQUIRE(process_count_ >= 1 && process_count_ <= 63,
                  "sets of processes are 64-bit masks");
  CAPSTAN_REQUIRE(track_count_ >= 0 && track_count_ < 4096, "tracks fit 16 bits");
}

const std::vector<LocalStep>& Questions::message_steps(int process, LocalId local,
                                                       MessageId message) {
  return message_answer(process, local, message).steps;
}

bool Questions::is_productive(int process, LocalId local, MessageId message) {
  return message_answer(process, local, message).is_productive;
}

bool Questions::would_be_productive(int process, LocalId local, MessageId message) {
  const std::uint64_t key = pair_key(local, message);
  if (const std::uint32_t* found = messages_.find(key)) return answers_[*found].is_productive;
  if (const std::uint8_t* found = asides_.find(key)) return *found != 0;
  std::vector<LocalStep> steps;
  system_.message_steps(process, local, message, steps);
  return asides_.insert(key, is_productive(local, steps) ? 1 : 0) != 0;
}

const Questions::Answer& Questions::message_answer(int process, LocalId local, MessageId message) {
  const std::uint64_t key = pair_key(local, message);
  if (const std::uint32_t* found = messages_.find(key)) return answers_[*found];
  std::vector<LocalStep> steps;
  system_.message_steps(process, local, message, steps);
  return answers_[messages_.insert(key, keep(local, std::move(steps)))];
}

const std::vector<LocalStep>& Questions::own_steps(int process, LocalId local) {
  FlatMap<std::uint32_t>& known = own_[static_cast<std::size_t>(process)];
  if (const std::uint32_t* found = known.find(local)) return answers_[*found].steps;
  std::vector<LocalStep> steps;
  system_.own_steps(process, local, steps);
  return answers_[known.insert(local, keep(local, std::move(steps)))].steps;
}

std::uint32_t Questions::keep(LocalId local, std::vector<LocalStep> steps) {
  bytes_ += sizeof(Answer) + steps.capacity() * sizeof(LocalStep);
  for (const LocalStep& step : steps) {
    bytes_ += step.sends.capacity() * sizeof(Send) + step.events.capacity() * sizeof(TrackEvent);
    for (const Send& send : step.sends) {
      CAPSTAN_REQUIRE(send.destination < process_count_, "a send goes to a process");
    }
    for (const TrackEvent& event : step.events) {
      CAPSTAN_REQUIRE(event.track < track_count_, "an event goes to a track");
    }
    CAPSTAN_REQUIRE(step.guard < system_.predicate_count(), "a guard is a predicate");
  }
  const bool productive = is_productive(local, steps);
  answers_.push_back(Answer{std::move(steps), productive});
  return static_cast<std::uint32_t>(answers_.size() - 1);
}

bool Questions::is_productive(LocalId local, const std::vector<LocalStep>& steps) {
  return std::ranges::any_of(steps, [local](const LocalStep& step) {
    return !step.is_fault && (step.next != local || step.purge != 0 || step.error != 0 ||
                              !step.sends.empty() || !step.events.empty());
  });
}

}  // namespace capstan::checker
