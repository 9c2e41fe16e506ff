// SPDX-License-Identifier: MIT
// Chooser: answers every `any` that a step meets; NotEnabled: why a label cannot be taken. Private
// to runtime/execute.
//
// Either all choices are given (a label to be taken), or they are explored: each run of the step
// extends the sequence by zeros, and `advance` counts it up, so that every branch is met once.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/base/require.hpp"

namespace capstan::runtime {

/// Thrown by World::take, and caught in World: the label is no step of this world.
struct NotEnabled {
  std::string reason;
};

class Chooser {
 public:
  /// Explores all choices.
  Chooser() = default;
  /// Takes exactly these.
  explicit Chooser(std::vector<int> given) : choices_(std::move(given)), is_given_(true) {}

  /// The index of the element taken out of `size` > 0.
  int choose(int size) {
    CAPSTAN_REQUIRE(size > 0, "somebody else deals with empty sets");
    if (made_ == choices_.size()) {
      if (is_given_) throw NotEnabled{"the label has too few choices"};
      choices_.push_back(0);
      sizes_.push_back(size);
    }
    const int choice = choices_[made_++];
    if (choice < 0 || choice >= size)
      throw NotEnabled{"the label chooses an element that is not there"};
    return choice;
  }
  /// Throws unless every choice given was asked for.
  void require_all_made() const {
    if (made_ != choices_.size()) throw NotEnabled{"the label has too many choices"};
  }
  /// Next sequence of choices, after a run of the step; false if there is none.
  bool advance() {
    made_ = 0;
    while (!choices_.empty() && !is_given_) {
      if (++choices_.back() < sizes_.back()) return true;
      choices_.pop_back();
      sizes_.pop_back();
    }
    return false;
  }
  const std::vector<int>& choices() const { return choices_; }

 private:
  std::vector<int> choices_;
  std::vector<int> sizes_;
  std::size_t made_ = 0;
  bool is_given_ = false;
};

}  // namespace capstan::runtime
