// SPDX-License-Identifier: MIT
#include "checker/prove/attempts.hpp"

#include <fmt/format.h>

#include "checker/prove/k_induction.hpp"
#include "checker/prove/spacer.hpp"

namespace capstan::checker {

std::vector<Attempt> attempts_to_show(const Claim& claim, const std::set<std::string>& open) {
  std::vector<Attempt> attempts{try_k_induction(claim, open)};
  if (!attempts.back().proves) attempts.push_back(try_spacer(claim));
  return attempts;
}

void conclude(Counterexample& shown, const std::vector<Attempt>& attempts) {
  if (!shown.may_be_unreachable) return;
  if (const Attempt* proof = proof_among(attempts)) {
    shown.may_be_unreachable = false;
    shown.is_unreachable = true;
    shown.why += fmt::format(
        " But no run takes this step: the claim is true of every state, as {}.", proof->text);
    return;
  }
  shown.why +=
      " The state before satisfies all of it, but may be unreachable: if it is, strengthen the "
      "claim so that it is excluded; `expect always` explores whether a run gets there.";
  if (attempts.empty()) return;
  shown.why +=
      fmt::format(" Whether the claim is true of every state all the same is not known: {}.",
                  texts_of(attempts));
}

}  // namespace capstan::checker
