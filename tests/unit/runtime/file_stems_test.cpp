// SPDX-License-Identifier: MIT
// No two scenarios of a run have files of one name, and a name does not depend on order.
#include "runtime/command/file_stems.hpp"

#include <catch2/catch.hpp>

#include "model/base/file_name.hpp"

namespace capstan::tests {

namespace {

runtime::LoadedSpec spec(const std::string& path, const std::string& protocol,
                         const std::vector<std::string>& scenarios) {
  runtime::LoadedSpec made;
  made.path = path;
  made.protocol_name = protocol;
  for (const std::string& name : scenarios) {
    auto point = std::make_shared<model::Protocol>();
    point->name = protocol;
    point->scenario.name = name;
    made.points.push_back(std::move(point));
  }
  return made;
}

using Stems = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("the protocol and the scenario, as a rule", "[file_stems]") {
  CHECK(runtime::file_stems({spec("x/any.cap", "abd", {"one", "two"}), spec("b.cap", "b", {})}) ==
        Stems{{"abd.one", "abd.two"}, {}});
}

TEST_CASE("protocols of one name are told apart by their files, in any order", "[file_stems]") {
  const auto own = spec("specs/abd.cap", "abd", {"s"});
  const auto copy = spec("specs/abd copy.cap", "abd", {"s"});
  const auto upper = spec("other.cap", "ABD", {"s"});
  CHECK(runtime::file_stems({own, copy, upper}) ==
        Stems{{"abd.s"}, {"abd-abd-copy.s"}, {"ABD-other.s"}});
  CHECK(runtime::file_stems({upper, own}) == Stems{{"ABD-other.s"}, {"abd.s"}});
  const auto twin = spec("./old//abd.cap", "abd", {"s"});
  CHECK(runtime::file_stems({own, twin}) ==
        Stems{{"abd-" + model::short_hash("specs/abd.cap") + ".s"},
              {"abd-" + model::short_hash("old/abd.cap") + ".s"}});
}

TEST_CASE("case alone makes no name, and no name is too long", "[file_stems]") {
  const Stems stems = runtime::file_stems({spec("a.cap", "a", {"Big", "big", "other"})});
  CHECK(stems[0][0] == "a.Big-" + model::short_hash("a.Big"));
  CHECK(stems[0][1] == "a.big-" + model::short_hash("a.big"));
  CHECK(stems[0][2] == "a.other");
  const std::string name(400, 'n');
  const Stems longer = runtime::file_stems({spec("a.cap", "a", {name + "1", name + "2"})});
  CHECK(longer[0][0].size() == model::kFileStemSizeMax);
  CHECK(longer[0][0] != longer[0][1]);
}

}  // namespace capstan::tests
