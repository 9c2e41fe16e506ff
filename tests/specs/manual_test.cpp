// SPDX-License-Identifier: MIT
// The manual (model/README.md) says what is true: each of its blocks is run. ```cap is a whole
// protocol whose expectations are met; ```cap role and ```cap code are members of a role and
// statements, put in a frame, that are free of errors.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/specs/spec_files.hpp"

namespace capstan::tests {

namespace {

struct Example {
  std::string kind;  // "", "role", "code"
  std::string text;
  std::size_t line = 0;
};

std::vector<Example> examples_of(const std::string& page) {
  std::vector<Example> examples;
  bool is_inside = false;
  std::size_t number = 1;
  for (std::size_t begin = 0; begin < page.size(); ++number) {
    const std::size_t end = std::min(page.find('\n', begin), page.size());
    const std::string line = page.substr(begin, end - begin);
    begin = end + 1;
    if (is_inside && line == "```") {
      is_inside = false;
    } else if (is_inside) {
      examples.back().text += line + "\n";
    } else if (line.starts_with("```cap")) {
      is_inside = true;
      examples.push_back({line.size() > 7 ? line.substr(7) : "", "", number});
    }
  }
  return examples;
}

const char* const kFrame = R"(protocol frame
type Value = 1..2
type Key = {left, right}
type Cell = (count: 0..3, items: set of Value)
message Get() -> Got(value: Value?, tag: 0..3)
message Put(value: Value) -> Done()
message Note(k: 0..3)
role Server[3] {
  durable n: 0..3 = 0
  durable held: Value? = none
  durable seen: set of Value = {}
  durable log: seq of Value up to 3 = []
  durable cells: map Key -> Cell = all (0, {})
  volatile waiting: asker of Put? = none
  on Get() when held == none { reply Got(held, n) }
  on Put(v) when held == v { reply Done() }
  on Note(k) when k == n { }
)";

std::string framed(const Example& example) {
  if (example.kind.empty()) return example.text;
  if (example.kind == "role") return kFrame + example.text + "}\n";
  REQUIRE(example.kind == "code");
  return std::string(kFrame) + "action example {\n" + example.text + "}\n}\n";
}

}  // namespace

TEST_CASE("every example of the manual runs", "[manual]") {
  const std::vector<Example> examples = examples_of(source_of("model/README.md"));
  int whole = 0;
  for (const Example& example : examples) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "example.cap";
    write_file(file, framed(example));
    const bool is_whole = example.kind.empty();
    whole += is_whole ? 1 : 0;
    const CommandResult result = is_whole ? check({file.string(), "--no-pictures"}, folder.path())
                                          : run_command({CAPSTAN_BINARY, "lint", file.string()});
    INFO("model/README.md:" << example.line << "\n" << result.output << result.errors);
    CHECK((is_whole ? result.status == 0 : result.status < 2));
    if (is_whole) CHECK(result.output.find(" met") != std::string::npos);
  }
  CHECK(whole >= 3);
  CHECK(examples.size() >= 7);
}

}  // namespace capstan::tests
