// SPDX-License-Identifier: MIT
#include "support/proof_verdict.hpp"

#include <memory>

#include "checker/check.hpp"
#include "support/spec_text.hpp"

namespace capstan::tests {

namespace {
constexpr std::uint64_t states_most = 4'000;
}  // namespace

ProofWord word_of(const checker::ProofResult& result) {
  using Status = checker::Obligation::Status;
  ProofWord word = result.proof.says_nothing.empty() ? ProofWord::Proved : ProofWord::Vacuous;
  for (const checker::Obligation& each : result.proof.obligations) {
    if (each.status == Status::Refuted) return ProofWord::Refuted;
    if (each.status != Status::Proved && !each.is_impossible) word = ProofWord::Undecided;
  }
  return word;
}

std::string notes_of(const checker::ProofResult& result) {
  std::string text;
  for (const checker::Obligation& each : result.proof.obligations)
    text += each.name + ": " + checker::word(each.status) + " " + each.note + "\n";
  return text + result.proof.says_nothing;
}

std::vector<Found> explored(const std::string& body, const std::string& setting,
                            const std::string& items, const std::vector<std::string>& claims) {
  std::string text = body + "scenario s" + setting + " {\n" + items;
  for (const std::string& claim : claims) text += "  expect always " + claim + "\n";
  const auto protocol = std::make_shared<model::Protocol>(protocol_of(text + "}\n"));
  checker::CheckOptions options;
  options.explore.states_max = states_most;
  options.shortest = true;
  const checker::ScenarioReport report = checker::check_scenario(protocol, options);
  std::vector<Found> found;
  for (const checker::ExpectationReport& each : report.expectations)
    found.push_back(each.verdict == checker::Verdict::Violated ? Found::Violated
                    : each.verdict == checker::Verdict::Holds  ? Found::Holds
                                                               : Found::Unknown);
  return found;
}

void join(std::vector<Found>& all, const std::vector<Found>& more) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (more[i] == Found::Violated) all[i] = Found::Violated;
    if (more[i] == Found::Unknown && all[i] == Found::Holds) all[i] = Found::Unknown;
  }
}

}  // namespace capstan::tests
