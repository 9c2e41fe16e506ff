// SPDX-License-Identifier: MIT
#include "checker/prove/proof.hpp"

#include <algorithm>

#include "model/base/require.hpp"

namespace capstan::checker {

const char* word(Obligation::Status status) {
  switch (status) {
    case Obligation::Status::Proved:
      return "proved";
    case Obligation::Status::Refuted:
      return "refuted";
    case Obligation::Status::Bounded:
      return "not refuted within the types";
    case Obligation::Status::Unknown:
      return "undecided";
  }
  CAPSTAN_UNREACHABLE("a status");
}

const char* word(Attempt::Method method) {
  switch (method) {
    case Attempt::Method::KInduction:
      return "k-induction";
    case Attempt::Method::Spacer:
      return "Spacer";
  }
  CAPSTAN_UNREACHABLE("a method");
}

const Attempt* proof_among(const std::vector<Attempt>& attempts) {
  const auto found = std::ranges::find_if(attempts, &Attempt::proves);
  return found == attempts.end() ? nullptr : &*found;
}

std::string texts_of(const std::vector<Attempt>& attempts) {
  std::string text;
  for (const Attempt& each : attempts) text += (text.empty() ? "" : "; ") + each.text;
  return text;
}

}  // namespace capstan::checker
