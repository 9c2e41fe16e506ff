// SPDX-License-Identifier: MIT
// Names of files: operators are words, what is long or equal gets a hash, and case makes no names.
#include "model/base/file_name.hpp"

#include <catch2/catch.hpp>

namespace capstan::model {

TEST_CASE("a slug tells operators apart", "[file_name]") {
  CHECK(slug_of("always x == 1", 60) == "always-x-equal-1");
  CHECK(slug_of("always x != 1", 60) == "always-x-not-equal-1");
  CHECK(slug_of("a <= b, a<b", 60) == "a-at-most-b-a-below-b");
  CHECK(slug_of("a >= b or a > b", 60) == "a-at-least-b-or-a-above-b");
  CHECK(slug_of("-1 + 2 * n", 60) == "minus-1-plus-2-times-n");
  CHECK(slug_of("every(R(x).held in {1, 2})", 60) == "every-r-x-held-in-1-2");
  CHECK(slug_of("linearizable", 60) == "linearizable");
  CHECK(slug_of("", 60).empty());
  CHECK(slug_of("\xff\"../../etc\"", 60) == "to-by-to-by-etc");
}

TEST_CASE("a long slug is cut, and what was cut off still counts", "[file_name]") {
  const std::string text(80, 'a');
  CHECK(slug_of(text + "1", 60).size() == 60);
  CHECK(slug_of(text + "1", 60) != slug_of(text + "2", 60));
  CHECK(slug_of(text + "1", 60) == slug_of(text + "1", 60));
  CHECK(bounded_name(text, 80) == text);
  CHECK(bounded_name(text, 79).size() == 79);
  CHECK(bounded_name(text, 79) != bounded_name(text + "b", 79));
}

TEST_CASE("a hash is the same on every machine", "[file_name]") {
  CHECK(short_hash("linearizable") == "48fb35e6");
}

TEST_CASE("equal names are told apart by what they stand for, then by numbers", "[file_name]") {
  std::vector<std::string> names = {"a", "b", "A", "a", "c"};
  make_unique(names, {"one", "two", "three", "one", "four"});
  CHECK(names[0] == "a-" + short_hash("one"));
  CHECK(names[1] == "b");
  CHECK(names[2] == "A-" + short_hash("three"));
  CHECK(names[3] == "a-" + short_hash("one") + "-2");
  CHECK(names[4] == "c");

  std::vector<std::string> numbered = {"a-" + short_hash("t") + "-2", "a", "a", "a"};
  make_unique(numbered, {"x", "t", "t", "t"});
  CHECK(numbered[2] == "a-" + short_hash("t") + "-3");
  CHECK(numbered[3] == "a-" + short_hash("t") + "-4");
}

}  // namespace capstan::model
