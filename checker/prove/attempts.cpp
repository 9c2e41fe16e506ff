// SPDX-License-Identifier: MIT
#include "checker/prove/attempts.hpp"

#include <fmt/format.h>

#include "checker/prove/k_induction.hpp"
#include "checker/prove/spacer.hpp"
#include "model/base/limits.hpp"

namespace capstan::checker {

namespace {

/// What cannot be encoded, or Z3 gives up on, ends one attempt and nothing else.
template <typename Try>
Attempt attempt(Attempt::Method method, const Try& try_it) {
  const auto ended = [method](const std::string& how) {
    return Attempt{method, false, 0, fmt::format("{} {}", word(method), how), {}};
  };
  try {
    const model::Phase phase("the attempts at a proof");
    model::poll_limits_now();
    return try_it();
  } catch (const model::LimitReached& reached) {
    return ended(fmt::format("was cut short by {} (--no-attempts does without)",
                             reached.kind == model::LimitKind::Time     ? "the time limit"
                             : reached.kind == model::LimitKind::Memory ? "the memory limit"
                                                                        : "an interrupt"));
  } catch (const CannotEncode& reason) {
    return ended(fmt::format("was not tried: cannot encode {}", reason.what));
  } catch (const z3::exception& exception) {
    return ended(fmt::format("ended early: Z3: {}", exception.msg()));
  }
}

}  // namespace

std::vector<Attempt> attempts_to_show(const Claim& claim, const std::set<std::string>& open) {
  Claim wide = claim;
  wide.tell_of_all_messages();
  std::vector<Attempt> attempts{
      attempt(Attempt::Method::KInduction, [&] { return try_k_induction(wide, open); })};
  if (!attempts.back().proves)
    attempts.push_back(attempt(Attempt::Method::Spacer, [&] { return try_spacer(wide); }));
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
