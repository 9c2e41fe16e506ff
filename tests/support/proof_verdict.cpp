// SPDX-License-Identifier: MIT
#include "support/proof_verdict.hpp"

#include <memory>
#include <utility>

#include "checker/check.hpp"
#include "checker/prove/inductive.hpp"
#include "support/spec_text.hpp"

namespace capstan::tests {

namespace {
constexpr std::uint64_t states_most = 2'000;
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

namespace {

/// What is known of all points from what is known of each.
void join(std::vector<Found>& all, const std::vector<Found>& more) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (more[i] == Found::Violated) all[i] = Found::Violated;
    if (more[i] == Found::Unknown && all[i] == Found::Holds) all[i] = Found::Unknown;
  }
}

std::string conjunction(const std::vector<std::string>& claims) {
  std::string text;
  for (const std::string& each : claims) text += (text.empty() ? "" : " and ") + each;
  return text;
}

std::string given_of(const ProofSpec& spec) {
  return spec.given.empty() ? "" : " given " + spec.given;
}

constexpr int rounds_most = 12;

/// Those of the claims that are inductive together where it is calm: what a counterexample says is
/// false is left out, again and again (Houdini: Flanagan, Leino, FME 2001).
std::vector<std::string> inductive_core(const ProofSpec& spec, std::vector<std::string> claims) {
  for (int round = 0; round < rounds_most && !claims.empty(); ++round) {
    const model::Protocol protocol =
        protocol_of(spec.calm + "scenario s {\n" + spec.script + spec.clocks +
                    "  expect inductive " + conjunction(claims) + given_of(spec) + "\n}\n");
    const checker::ProofResult result =
        checker::prove_inductive(protocol, protocol.scenario.expectations.at(0), false);
    if (word_of(result) == ProofWord::Proved) return claims;
    if (!result.counterexample) return {};
    const std::string& why = result.counterexample->why;
    const std::size_t before = claims.size();
    std::erase_if(claims, [&](const std::string& claim) {
      return why.find("`" + claim + "`") != std::string::npos ||
             why.find("`" + claim.substr(1, claim.size() - 2) + "`") != std::string::npos;
    });
    if (claims.size() == before) return {};
  }
  return {};
}

/// At every point that what is given allows.
std::vector<Found> explored_everywhere(const ProofSpec& spec,
                                       const std::vector<std::string>& claims) {
  const std::vector<std::string> here{""};
  std::vector<Found> found(claims.size(), Found::Holds);
  for (const std::string& setting : spec.settings.empty() ? here : spec.settings)
    join(found, explored(spec.body, setting, spec.script + spec.circumstances, claims));
  return found;
}

/// So many claims are asked about alone.
constexpr int telling_most = 5, others_most = 2;

}  // namespace

std::vector<Asked> claims_to_ask(const ProofSpec& spec) {
  const std::vector<Found> calm = explored(spec.calm, "", spec.script + spec.clocks, spec.claims);
  const std::vector<Found> found = explored_everywhere(spec, spec.claims);
  std::vector<std::string> holding;
  for (std::size_t i = 0; i < calm.size(); ++i)
    if (calm[i] == Found::Holds) holding.push_back(spec.claims[i]);
  const std::vector<std::string> core = inductive_core(spec, std::move(holding));
  std::vector<Asked> asked;
  if (!core.empty()) {
    const std::string all = conjunction(core);
    asked.push_back({all, explored_everywhere(spec, {all}).at(0)});
  }
  int telling = 0, others = 0;
  for (std::size_t i = 0; i < calm.size(); ++i) {
    const bool is_telling = calm[i] == Found::Holds && found[i] == Found::Violated;
    if (is_telling && telling++ < telling_most) {
      asked.push_back({spec.claims[i], found[i]});
      if (!core.empty()) asked.push_back({spec.claims[i] + " and " + conjunction(core), found[i]});
    }
    if (!is_telling && others++ < others_most) asked.push_back({spec.claims[i], found[i]});
  }
  return asked;
}

std::string inductive_text(const ProofSpec& spec, const std::vector<Asked>& asked) {
  std::string text = spec.body + "scenario s {\n" + spec.script + spec.circumstances;
  for (const Asked& each : asked)
    text += "  expect inductive " + each.claim + given_of(spec) + "\n";
  return text + "}\n";
}

}  // namespace capstan::tests
