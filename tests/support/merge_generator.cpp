// SPDX-License-Identifier: MIT
// merge_generator: merges of stamped items with what they may be given, for proof_pairs_test.
#include <utility>

#include "support/dice.hpp"
#include "support/proof_generator.hpp"

namespace capstan::tests {
namespace {

/// Copies of a stamped item that are pushed, joined and counted.
class MergeGenerator {
 public:
  explicit MergeGenerator(std::uint64_t seed) : dice_(seed) {}

  MergeSpec spec() {
    MergeSpec spec;
    spec.body = body();
    spec.circumstances = circumstances();
    for (int i = 0; i < 4; ++i) spec.given_and_always.push_back(given());
    spec.traits = traits_;
    return spec;
  }

 private:
  std::string body() {
    const std::string storage = dice_.word({"volatile", "volatile", "durable", "durable unsynced"});
    traits_.insert(storage == "durable unsynced" ? "unsynced" : storage);
    std::string text =
        "protocol merges\ntype Item = 1..2\ntype Stamp = (n: 0..2, by: Copy?)\n"
        "message Write(item: Item)\nmessage Push(stamp: Stamp, item: Item?)\n"
        "role Copy[2] {\n  durable stamp: Stamp = (0, none)\n  durable item: Item? = none\n";
    text += "  " + storage + " c: 0..2 = 0\n  " + dice_.word({"volatile", "durable"}) +
            " told: bool = " + dice_.word({"false", "false", "true"}) + "\n";
    text +=
        "  merge join(s for stamp, i for item) { " +
        dice_.word({"if s > stamp { stamp = s; item = i }", "if s > stamp { stamp = s; item = i }",
                    "if s.n > stamp.n { stamp = s; item = i }",
                    "stamp = max(stamp, s); item = max(item, i)"}) +
        " }\n";
    text += write() + push();
    if (dice_.chance(50))
      text +=
          "  on restart { " + dice_.word({"c = stamp.n", "told = true", "c = 0", "c = 2"}) + " }\n";
    if (dice_.chance(30))
      text += "  action tell when told { " +
              dice_.word({"send Push(stamp, item) to Copy but self", "told = false",
                          "send Push(stamp, none) to Copy but self"}) +
              " }\n";
    return text + "}\nrole Env {\n  on start { send Write(1) to Copy 1; send Write(2) to " +
           dice_.word({"Copy 1", "Copy 2"}) + " }\n}\n";
  }

  std::string write() {
    const std::string counter = dice_.word({"c", "c", "c", "stamp.n"});
    const std::string next = counter == "c" ? "c" : "stamp.n + 1";
    std::string text = "  on Write(i) when " + counter + " < 2 { ";
    if (counter == "c") text += "c += 1; ";
    text += dice_.word({"join((" + next + ", self), i)", "stamp = (" + next + ", self); item = i"});
    text += "; " + dice_.word({"send Push(stamp, item) to Copy but self",
                               "send Push((" + next + ", self), i) to Copy but self",
                               "send Push(stamp, i) to Copy but self", "told = true"});
    return text + " }\n";
  }

  std::string push() {
    return "  on Push(s, i) { join(s, i)" +
           dice_.word({"", "", "; c = max(c, s.n)", "; told = true"}) + " }\n";
  }

  std::string circumstances() {
    std::string text;
    const int network = dice_.below(4);
    if (network == 0) text = "  network kept\n";
    if (network == 1) text = "  network fifo\n";
    if (network < 2) traits_.insert(network == 0 ? "kept" : "fifo");
    const int which = dice_.below(6);
    const std::string fault = which == 0   ? "lose"
                              : which == 1 ? (network == 0 ? "pause Copy" : "duplicate")
                              : which == 2 ? "crash {p for p in Copy where p.told}"
                                           : "crash Copy";
    traits_.insert(fault.substr(0, fault.find(' ')));
    return text + "  faults { " + fault + " up to 1 }\n";
  }

  /// The same of two texts.
  std::pair<std::string, std::string> given() {
    static const std::vector<std::pair<std::string, std::string>> all{
        {"(s == stamp implies i == item)", "(b.stamp == a.stamp implies b.item == a.item)"},
        {"(s == stamp implies i == item)", "(b.stamp == a.stamp implies b.item == a.item)"},
        {"(s.by == self implies s.n <= c)", "(b.stamp.by == a implies b.stamp.n <= a.c)"},
        {"(s.by == self implies s <= stamp)", "(b.stamp.by == a implies b.stamp <= a.stamp)"},
        {"(c <= stamp.n)", "(a.c <= a.stamp.n)"},
        {"(stamp.by == self implies c > 0)", "(a.stamp.by == a implies a.c > 0)"},
        {"(stamp.n > 0 implies stamp.by != none)", "(a.stamp.n > 0 implies a.stamp.by != none)"},
        {"(told implies stamp.n > 0)", "(a.told implies a.stamp.n > 0)"},
        {"(told or c < 2)", "(a.told or a.c < 2)"},
        {"(s.n > 0 implies i != none)", "(b.stamp.n > 0 implies b.item != none)"}};
    std::pair<std::string, std::string> text;
    if (dice_.chance(50)) {  // what a counter of its own stamps may be given, and something more
      text = {all[0].first + " and " + all[2].first, all[0].second + " and " + all[2].second};
      if (dice_.chance(50)) return text;
    }
    for (int i = 1 + dice_.below(3); i > 0; --i) {
      const auto& [given, always] = all[static_cast<std::size_t>(dice_.below(10))];
      text.first += (text.first.empty() ? "" : " and ") + given;
      text.second += (text.second.empty() ? "" : " and ") + always;
    }
    return text;
  }

  Dice dice_;
  std::set<std::string> traits_;
};

}  // namespace

MergeSpec generate_merge_spec(std::uint64_t seed) { return MergeGenerator(seed).spec(); }

}  // namespace capstan::tests
