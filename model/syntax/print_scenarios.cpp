// SPDX-License-Identifier: MIT
// print_scenarios: scenarios and cards; their items in a fixed order, since the order has no
// meaning.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/require.hpp"
#include "model/syntax/printer_internal.hpp"

namespace capstan::model::printing {

namespace {

constexpr std::size_t indent = 2;

std::string settings(const std::vector<ast::Setting>& list) {
  if (list.empty()) return "";
  return " with " + joined(list, ", ", [](const ast::Setting& setting) {
           return fmt::format("{} = {}", setting.name.text, expression(*setting.value));
         });
}

std::string step(const ast::Step& step) {
  switch (step.kind) {
    case ast::Step::Kind::AnyOperations:
      return fmt::format("any {} operations", expression(*step.value, sum_level));
    case ast::Step::Kind::WaitUntil:
      return "wait until " + expression(*step.value);
    case ast::Step::Kind::Operation:
      break;
  }
  std::string result;
  if (step.object) result += step.object->text;
  if (step.key != nullptr) result += fmt::format("[{}]", expression(*step.key));
  if (step.object) result += ".";
  return fmt::format(
      "{}{}({})", result, step.name.text,
      joined(step.inputs, ", ", [](const ast::ExprPtr& input) { return expression(*input); }));
}

std::string subject(const ast::Subject& subject) {
  std::string result = subject.each       ? "each " + subject.role.text
                       : subject.is_alone ? subject.role.text
                                          : fmt::format("{} {}", subject.role.text, subject.number);
  result += settings(subject.settings);
  if (!subject.steps.empty()) result += " does " + joined(subject.steps, ", ", step);
  return result;
}

std::string clock(const ast::Clock& clock) {
  const auto first = [&] { return expression(*clock.first, sum_level); };
  switch (clock.kind) {
    case ast::Clock::Kind::Perfect:
      return "perfect";
    case ast::Clock::Kind::Free:
      return "free";
    case ast::Clock::Kind::Within:
      return "within " + first();
    case ast::Clock::Kind::Drift:
      return fmt::format("drift {} per {}", first(), expression(*clock.second, sum_level));
    case ast::Clock::Kind::Jump:
      return fmt::format(
          "jump up to {}{}", first(),
          clock.second == nullptr ? "" : " by " + expression(*clock.second, range_level));
  }
  CAPSTAN_UNREACHABLE("a kind of clock");
}

std::string network(const ast::Network& network) {
  switch (network.kind) {
    case ast::Network::Kind::Fifo:
      return "network fifo";
    case ast::Network::Kind::Kept:
      return "network kept";
    case ast::Network::Kind::Delay:
      return "network delay " + expression(*network.delay, range_level);
  }
  CAPSTAN_UNREACHABLE("a kind of network");
}

std::string_view fault_word(ast::Fault::Kind kind) {
  switch (kind) {
    case ast::Fault::Kind::Partition:
      return "partition";
    case ast::Fault::Kind::Lose:
      return "lose";
    case ast::Fault::Kind::Duplicate:
      return "duplicate";
    case ast::Fault::Kind::Crash:
      return "crash";
    case ast::Fault::Kind::Pause:
      return "pause";
  }
  CAPSTAN_UNREACHABLE("a kind of fault");
}

std::string fault(const ast::Fault& fault) {
  std::string result(fault_word(fault.kind));
  if (fault.from != nullptr) {
    result += fmt::format(" {} from {}", expression(*fault.from, range_level),
                          expression(*fault.to, range_level));
  }
  if (fault.one_way) result += " one_way";
  if (fault.bridging) result += " bridging";
  if (fault.dropping) result += " dropping";
  if (fault.message) result += " " + fault.message->text;
  if (fault.subject != nullptr) result += " " + expression(*fault.subject, range_level);
  result += " up to " + expression(*fault.limit, sum_level);
  if (fault.at_once != nullptr)
    result += fmt::format(", at most {} at once", expression(*fault.at_once, sum_level));
  return result;
}

std::vector<std::string> clocks_and_networks(const ast::Circumstances& circumstances) {
  std::vector<std::string> result;
  if (!circumstances.clocks.empty())
    result.push_back("clocks " + joined(circumstances.clocks, ", ", clock));
  for (const ast::Network& item : circumstances.networks) result.push_back(network(item));
  return result;
}

std::string faults(const std::vector<ast::Fault>& list) {
  const std::string line = fmt::format("faults {{ {} }}", joined(list, "; ", fault));
  if (indent + line.size() <= width_max) return line;
  return fmt::format("faults {{\n{}  }}", joined(list, "", [](const ast::Fault& item) {
                       return fmt::format("    {}\n", fault(item));
                     }));
}

std::vector<std::string> setup(const ast::Circumstances& circumstances) {
  std::vector<std::string> result;
  for (const ast::Subject& item : circumstances.subjects) result.push_back(subject(item));
  for (std::string& item : clocks_and_networks(circumstances)) result.push_back(std::move(item));
  if (!circumstances.faults.empty()) result.push_back(faults(circumstances.faults));
  return result;
}

std::string expectation(const ast::Expectation& expectation) {
  std::string result =
      fmt::format("expect {}{}", expectation.negated ? "not " : "", property(expectation.property));
  if (expectation.iff != nullptr) result += " iff " + expression(*expectation.iff);
  return result;
}

std::string braced(const std::string& head, const std::vector<std::string>& items) {
  if (items.empty()) return head + " { }";
  return fmt::format("{} {{\n{}}}", head, joined(items, "", [](const std::string& item) {
                       return fmt::format("{}{}\n", std::string(indent, ' '), item);
                     }));
}

std::string_view history_words(ast::Property::Kind kind) {
  using Kind = ast::Property::Kind;
  if (kind == Kind::Linearizable) return "linearizable";
  if (kind == Kind::Sequential) return "sequential";
  if (kind == Kind::Causal) return "causal";
  if (kind == Kind::CausalConvergent) return "causal convergent";
  if (kind == Kind::Pram) return "pram";
  if (kind == Kind::Regular) return "regular";
  if (kind == Kind::Safe) return "safe";
  if (kind == Kind::ReadYourWrites) return "read your writes";
  if (kind == Kind::MonotonicReads) return "monotonic reads";
  if (kind == Kind::MonotonicWrites) return "monotonic writes";
  CAPSTAN_REQUIRE(kind == Kind::WritesFollowReads, "a property of histories");
  return "writes follow reads";
}

std::string converges(const ast::Property& property) {
  const std::string value = expression(*property.first);
  if (property.binders.list.empty()) return "converges on " + value;
  return fmt::format("converges on ({} for {})", value, binders(property.binders));
}

}  // namespace

std::string property(const ast::Property& property) {
  using Kind = ast::Property::Kind;
  const auto first = [&](int minimum = any_level) { return expression(*property.first, minimum); };
  switch (property.kind) {
    case Kind::Linearizable:
    case Kind::Sequential:
    case Kind::Causal:
    case Kind::CausalConvergent:
    case Kind::Pram:
    case Kind::Regular:
    case Kind::Safe:
    case Kind::ReadYourWrites:
    case Kind::MonotonicReads:
    case Kind::MonotonicWrites:
    case Kind::WritesFollowReads:
      return std::string(history_words(property.kind)) +
             (property.name ? " of " + property.name->text : "");
    case Kind::BoundedStaleness:
      return fmt::format("bounded staleness {}{}{}", first(sum_level),
                         property.ticks ? " ticks" : "",
                         property.name ? " of " + property.name->text : "");
    case Kind::ConvergesOn:
      return converges(property);
    case Kind::AvailableTo:
      return "available to " + (property.all ? "all" : first(range_level));
    case Kind::AcknowledgedWriteLost:
      return "acknowledged write lost";
    case Kind::NoAcknowledgedWriteLost:
      return "no acknowledged write lost";
    case Kind::WithinHops:
      return fmt::format("{} within {} hops", property.name->text, first(sum_level));
    case Kind::Semilattice:
      return "semilattice " + property.name->text +
             (property.first == nullptr ? "" : " given " + first());
    case Kind::Commutes: {
      std::string text = "commutes ";
      for (const ast::Name& name : property.names)
        text += (&name == property.names.data() ? "" : ", ") + name.text;
      return text;
    }
    case Kind::Always:
      return "always " + first();
    case Kind::Never:
      return "never " + first();
    case Kind::Reachable:
      return "reachable " + first();
    case Kind::Inductive:
      return "inductive " + first() +
             (property.second == nullptr ? "" : " given " + expression(*property.second));
    case Kind::Eventually:
      return "eventually " + first();
    case Kind::EventuallyAlways:
      return "eventually always " + first();
    case Kind::Whenever:
      return fmt::format("whenever {}, eventually {}", first(), expression(*property.second));
  }
  CAPSTAN_UNREACHABLE("a kind of property");
}

std::string scenario(const ast::Scenario& scenario) {
  std::vector<std::string> items;
  if (!scenario.sweep.empty()) {
    std::string sweep = joined(scenario.sweep, ", ", [](const ast::Binder& binder) {
      const std::string names =
          joined(binder.names, ", ", [](const ast::Name& name) { return name.text; });
      return fmt::format("{} in {}", names, expression(*binder.set, range_level));
    });
    if (scenario.sweep_where != nullptr) sweep += " where " + expression(*scenario.sweep_where);
    items.push_back("for " + sweep);
  }
  for (std::string& item : setup(scenario.circumstances)) items.push_back(std::move(item));
  for (const ast::Expectation& item : scenario.expectations) items.push_back(expectation(item));
  return doc_lines(scenario.doc) +
         braced(fmt::format("scenario {}{}", scenario.name.text, settings(scenario.settings)),
                items);
}

std::string card(const ast::Card& card) {
  std::vector<std::string> items = setup(card.circumstances);
  for (const ast::CardCase& item : card.cases) {
    std::vector<std::string> parts;
    for (const ast::Fault& strike : item.circumstances.faults) parts.push_back(fault(strike));
    for (std::string& part : clocks_and_networks(item.circumstances))
      parts.push_back(std::move(part));
    const std::string content = parts.empty() ? "" : joined(parts, "; ") + " ";
    items.push_back(fmt::format("under {} {{ {}}}", item.name.text, content));
  }
  return braced("card" + settings(card.settings), items);
}

}  // namespace capstan::model::printing
