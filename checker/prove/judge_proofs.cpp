// SPDX-License-Identifier: MIT
#include "checker/prove/judge_proofs.hpp"

#include <fmt/format.h>

#include <utility>

#include "checker/prove/commutes.hpp"
#include "checker/prove/inductive.hpp"
#include "checker/prove/semilattice.hpp"

namespace capstan::checker {
namespace {

using Status = Obligation::Status;

/// What can never happen breaks nothing, of which `Proof::says_nothing` tells.
Verdict verdict_of(const Proof& proof) {
  Verdict verdict = Verdict::Holds;
  for (const Obligation& each : proof.obligations) {
    if (each.status == Status::Refuted) return Verdict::Violated;
    if (each.status != Status::Proved && !each.is_impossible) verdict = Verdict::Undecided;
  }
  return verdict;
}

/// "; it never lets happen: `on Grant` of `Client`".
std::string impossible_steps(const Proof& proof) {
  std::string text;
  for (const Obligation& each : proof.obligations)
    if (each.is_impossible)
      text += (text.empty() ? "; it never lets happen: " : ", ") +
              each.name.substr(0, each.name.rfind(" keeps"));
  return text;
}

/// What the table says of it: "5 obligations proved for ..., each with preconditions that can be
/// met", or the first that is not.
std::string remark_of(const Proof& proof, Verdict verdict) {
  const std::size_t count = proof.obligations.size();
  if (verdict == Verdict::Holds)
    return fmt::format("proved for {}: {} obligation{}, what {} assumes can be true{}",
                       proof.ranges_over, count, count == 1 ? "" : "s", count == 1 ? "it" : "each",
                       impossible_steps(proof));
  for (const Obligation& each : proof.obligations) {
    if (verdict == Verdict::Violated ? each.status != Status::Refuted
                                     : each.status == Status::Proved)
      continue;
    std::string text = fmt::format("{}: {}", each.name, word(each.status));
    if (!each.note.empty()) text += fmt::format(" ({})", each.note);
    return text;
  }
  return "";
}

/// What came of the attempts to show a claim that is not inductive.
std::string attempts_text(const std::vector<Attempt>& attempts) {
  if (attempts.empty()) return "";
  if (const Attempt* proof = proof_among(attempts))
    return fmt::format("; true of every state all the same: {}", proof->text);
  return fmt::format("; {}", texts_of(attempts));
}

ProofResult result_of(const model::Protocol& protocol, const model::Expectation& expectation,
                      bool attempts) {
  if (expectation.kind == model::PropertyKind::Semilattice)
    return prove_semilattice(protocol, expectation);
  if (expectation.kind == model::PropertyKind::Inductive)
    return prove_inductive(protocol, expectation, attempts);
  return prove_commutes(protocol, expectation);
}

}  // namespace

bool is_proof(model::PropertyKind kind) {
  return kind == model::PropertyKind::Semilattice || kind == model::PropertyKind::Commutes ||
         kind == model::PropertyKind::Inductive;
}

ExpectationReport judge_proof(const model::Protocol& protocol,
                              const model::Expectation& expectation, bool attempts) {
  ProofResult result = result_of(protocol, expectation, attempts);
  const Verdict verdict = verdict_of(result.proof);
  ExpectationReport judged = judged_as(expectation, verdict);
  judged.remark = remark_of(result.proof, verdict) + attempts_text(result.proof.attempts);
  if (!result.proof.says_nothing.empty() && verdict == Verdict::Holds) {
    judged.outcome = Outcome::Vacuous;
    judged.remark = "it says nothing: " + result.proof.says_nothing;
  }
  judged.proof = std::move(result.proof);
  if (verdict == Verdict::Violated) judged.counterexample = std::move(result.counterexample);
  return judged;
}

}  // namespace capstan::checker
