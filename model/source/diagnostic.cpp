// SPDX-License-Identifier: MIT
// diagnostic: the sink, and the one table of codes.
//
// A code is a letter (E error, W warning), two digits for the pass, two for the kind; a code once
// given is never used for anything else. Tested by: tests/unit/model/source_test.cpp (the table),
// tests/golden/ (each code).
#include "model/source/diagnostic.hpp"

#include <algorithm>
#include <array>

#include "model/base/require.hpp"

namespace capstan::model {

namespace {

struct CodeSummary {
  std::string_view code;
  std::string_view summary;
};

// To add a code, add a line at its place in the order.
constexpr auto codes = std::to_array<CodeSummary>({
    // E00: source
    {"E0001", "the file is not UTF-8 text"},
    {"E0002", "a character that no word or operator of the language begins with"},
    {"E0003", "a caption is not closed on its line"},
    {"E0004", "a number does not fit in 64 bits"},
    {"E0005", "a number is not written in decimal digits"},
    {"E0006", "a block comment; comments begin with `//`"},
    // E01: syntax
    {"E0101", "something else is expected here"},
    {"E0102", "an operator of another language"},
    {"E0103", "a misspelt word of the language"},
    {"E0104", "comparisons and ranges do not chain"},
    {"E0105", "`=` and `==` are confused"},
    {"E0106", "a bracket is not closed"},
    {"E0107", "nesting is too deep"},
    {"E0108", "a name begins with a letter of the wrong case"},
    {"E0109", "a reserved word cannot be a name"},
    {"E0110", "a statement after `return`, `fail`, `unknown` or `next`"},
    {"E0111", "a bracket closes nothing"},
    {"E0112", "`ask`, `any` or a message stands where only a plain expression may"},
    {"E0113", "an expression is not a statement"},
    {"E0114", "the file does not begin with `protocol`"},
    {"E0115", "a declaration stands in the wrong place"},
    {"E0116", "a property that the language does not know"},
    {"E0117", "a caption has an unmatched brace or an invalid expression"},
    {"E0118", "`if` as a value needs `then` and `else`; as a statement, braces"},
    {"E0119", "an operator needs parentheses here"},
    {"E0120", "`else` without an `if` or an `ask`"},
    {"E0121", "this may be said only once"},
    {"E0122", "a name with a `-`"},
    // E02: names
    {"E0201", "a name that means nothing here"},
    {"E0202", "an unknown role, type or message"},
    {"E0203", "an unknown field or variable of a value"},
    {"E0204", "an unknown function"},
    {"E0205", "declared twice"},
    {"E0206", "a name hides another"},
    {"E0207", "a built-in name is declared"},
    {"E0208", "a name with several meanings here"},
    {"E0209", "a built-in or other name out of place"},
    {"E0210", "a protocol looks into another process or into the network"},
    {"E0211", "a ghost is read by the protocol"},
    {"E0212", "something that is not a variable is assigned"},
    {"E0213", "an unknown message"},
    {"E0214", "an unknown object or operation"},
    {"E0215", "an unknown role"},
    {"E0216", "a function calls itself"},
    {"E0217", "a definition depends on itself"},
    {"E0218", "definitions lean on each other too deeply"},
    {"E0219", "`live` or `done` outside properties and scripts"},
    {"E0220", "a variable of a role without its process"},
    {"E0221", "a message goes to a role that has no handler for it"},
    // E03: types
    {"E0301", "a value of another type than its place"},
    {"E0302", "an operator that does not apply to these types"},
    {"E0303", "values without a type in common"},
    {"E0304", "an order of values that have none"},
    {"E0305", "a literal whose type nothing tells"},
    {"E0306", "the wrong number of arguments"},
    {"E0307", "an unknown or repeated named argument"},
    {"E0308", "a message to something that is not a process"},
    {"E0309", "`!` or `??` of a value that is never `none`"},
    {"E0310", "a field of a value that may be `none`"},
    {"E0311", "an index of something without elements"},
    {"E0312", "a number that is certainly outside its type"},
    {"E0313", "a map that is not total, or has a key twice"},
    {"E0314", "something that is neither a set nor a sequence"},
    {"E0315", "an `ask` or a procedure call where nothing may suspend or change"},
    {"E0316", "an `ask` whose value is used has an `else` that goes on"},
    {"E0317", "a reply that nobody waits for, or a message used as what it is not"},
    {"E0318", "a way to leave that is out of place"},
    {"E0319", "a result is missing on some path"},
    {"E0320", "`any` out of place"},
    {"E0321", "a function is called as something that it is not"},
    {"E0322", "a merge or an object does more than it may"},
    {"E0323", "code that may not suspend would"},
    {"E0324", "a type that cannot stand here"},
    {"E0325", "a key of an object too many or too few"},
    {"E0326", "a param that is not a number, a flag or an enumerator"},
    {"E0327", "a difference of times as a number"},
    {"E0328", "a `sync` that has nothing to write"},
    {"E0329", "a type that is too large"},
    // E04: protocol
    {"E0401", "a quorum that can never be reached"},
    {"E0402", "too few or too many processes"},
    {"E0403", "an initial value outside its type"},
    {"E0404", "a type without values"},
    {"E0405", "a constant expression without a value"},
    {"E0406", "an object without an initial value"},
    {"E0407", "a process that its role does not have"},
    {"E0408", "a type with too many values to list"},
    {"E0409", "a constant expression that takes too long"},
    {"E0497", "a time or a clock where it is not supported yet"},
    // E05: scenarios
    {"E0501", "a param that does not exist is set or swept"},
    {"E0502", "a param or an argument outside its type"},
    {"E0503", "a param is set twice"},
    {"E0504", "a param of a role has no value"},
    {"E0505", "no `fresh` value is left"},
    {"E0506", "a script's operation that its role does not implement"},
    {"E0507", "an operation of several objects"},
    {"E0508", "two scripts of one process"},
    {"E0509", "a scenario beyond a limit"},
    {"E0511", "`distinct` of too few values"},
    {"E0512", "a fault with an impossible set or number"},
    {"E0513", "nothing to be linearizable"},
    {"E0514", "clocks that cannot be"},
    {"E0515", "a scenario that does not say what the clocks show"},
    {"E0516", "a delay that cannot be"},
    {"E0517", "a property of registers, of something else"},
    {"E0518", "a network of two kinds that exclude each other"},
    {"E0519", "no operation that reads what is left at the end"},
    {"E0520", "`available` to nobody who invokes"},
    {"E0521", "`within hops` of an operation that nobody implements"},
    {"E0522", "nobody, or several roles, to converge"},
    {"E0524", "unknown merge"},
    {"E0525", "ticks are counted where no time passes"},
    {"E0526", "`given` of params that cannot be any"},
    {"W0590", "an expectation that is not supported yet"},
    {"W0591", "a card, which is not supported yet"},
    {"W0592", "a part of the spec that a whole exploration never used"},
    // W06: lint
    {"W0601", "a message that nobody sends"},
    {"W0602", "a message that nobody handles"},
    {"W0603", "a param that is not used"},
    {"W0604", "a type that is not used"},
    {"W0605", "a function or merge that nobody calls"},
    {"W0606", "a variable or ghost that nobody reads"},
    {"W0607", "a variable that never changes"},
    {"W0608", "an invariant that no scenario checks"},
    {"W0609", "a local that is not read"},
    {"W0610", "an assignment without an effect"},
    {"W0611", "a scenario that expects nothing"},
    {"W0612", "a guard that is not tested again behind a suspension"},
    {"W0613", "a guard that is false in every scenario"},
    {"W0614", "a caption that computes what its step has assigned"},
    {"W0615", "a request that is not answered"},
});

auto order(const Diagnostic& diagnostic) {
  return std::tuple(diagnostic.primary.span.begin, diagnostic.primary.span.end, diagnostic.code);
}

}  // namespace

Diagnostic& Diagnostics::add(std::string code, Span span, std::string message, std::string label) {
  CAPSTAN_REQUIRE(!code_summary(code).empty(), "a code of the table");
  Diagnostic diagnostic{std::move(code), std::move(message), {span, std::move(label)}, {}, {}, {}};
  const bool is_new = known_.emplace(span.begin, span.end, diagnostic.code).second;
  if (is_new && items_.size() < kept_max) {
    items_.push_back(std::move(diagnostic));
    return items_.back();
  }
  if (is_new) {
    ++left_out_count_;
    left_out_error_ = left_out_error_ || diagnostic.level() == Level::Error;
  }
  dropped_ = std::move(diagnostic);
  return dropped_;
}

bool Diagnostics::has_errors() const {
  return left_out_error_ || std::any_of(items_.begin(), items_.end(), [](const Diagnostic& item) {
           return item.level() == Level::Error;
         });
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result = items_;
  std::stable_sort(result.begin(), result.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return order(a) < order(b); });
  return result;
}

std::vector<std::string_view> all_codes() {
  std::vector<std::string_view> result;
  for (const CodeSummary& item : codes) result.push_back(item.code);
  return result;
}

std::string_view code_summary(std::string_view code) {
  for (const CodeSummary& item : codes) {
    if (item.code == code) return item.summary;
  }
  return {};
}

}  // namespace capstan::model
