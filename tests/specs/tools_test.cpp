// SPDX-License-Identifier: MIT
// The commands that read specs and explore nothing, as their users run them.
#include <catch2/catch.hpp>

#include "tests/specs/spec_files.hpp"

namespace capstan::tests {

namespace {

const std::string kRoot = CAPSTAN_SOURCE_DIR;

/// `capstan WORDS...`
CommandResult run_tool(std::vector<std::string> words) {
  words.insert(words.begin(), CAPSTAN_BINARY);
  return run_command(words);
}

}  // namespace

TEST_CASE("fmt: rewrites what is not canonical, and says so before with --check", "[tools]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.cap";
  write_file(file, "protocol  a // a comment\nparam x=1\n");
  CHECK(run_tool({"fmt", "--check", file.string()}).status == 1);
  CHECK(run_tool({"fmt", "--check", file.string()}).output == file.string() + "\n");
  CHECK(read_file(file) == "protocol  a // a comment\nparam x=1\n");
  CHECK(run_tool({"fmt", folder.path().string()}).output == "formatted " + file.string() + "\n");
  CHECK(read_file(file) == "protocol a  // a comment\nparam x = 1\n");
  CHECK(run_tool({"fmt", "--check", file.string()}).status == 0);
  CHECK(run_tool({"fmt", file.string()}).output.empty());
}

TEST_CASE("fmt: leaves what does not parse as it is", "[tools]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.cap";
  write_file(file, "protocol a\nparam x =\n");
  const CommandResult result = run_tool({"fmt", file.string()});
  CHECK(result.status == 2);
  CHECK(result.errors.find("E01") != std::string::npos);
  CHECK(read_file(file) == "protocol a\nparam x =\n");
  CHECK(run_tool({"fmt", (folder.path() / "none.cap").string()}).status == 2);
}

TEST_CASE("fmt: the specs of the library are in the canonical form", "[tools]") {
  CHECK(run_tool({"fmt", "--check", kRoot + "/specs"}).status == 0);
}

TEST_CASE("lint: 0 without warnings, 1 with some, 2 for a spec with errors", "[tools]") {
  CHECK(run_tool({"lint", kRoot + "/specs/quorum"}).status == 0);
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.cap";
  write_file(file, "protocol a\nparam x = 1\n");
  const CommandResult warned = run_tool({"lint", file.string()});
  CHECK(warned.status == 1);
  CHECK(warned.output.find("warning[W0603]") != std::string::npos);
  write_file(file, "protocol a\nparam x = y\n");
  CHECK(run_tool({"lint", file.string()}).status == 2);
}

TEST_CASE("doc: explains a code, lists all, suggests", "[tools]") {
  const CommandResult one = run_tool({"doc", "e0301"});
  CHECK(one.status == 0);
  CHECK(one.output.find("E0301: a value of another type") == 0);
  CHECK(one.output.find("For example:") != std::string::npos);
  CHECK(run_tool({"doc"}).output.find("W0613  a guard that is false") != std::string::npos);
  const CommandResult wrong = run_tool({"doc", "E031"});
  CHECK(wrong.status == 2);
  CHECK(wrong.errors.find("did you mean `E0301`") != std::string::npos);
}

TEST_CASE("check: a sweep says at each point what is expected there, and once what none used",
          "[tools]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.cap";
  write_file(file, R"(capstan 1
protocol kept
param keeps = true
object x: register of 1..2?
message Put(v: 1..2) -> Done()
message Get()        -> Got(v: 1..2?)
role Server {
  durable value: 1..2? = none
  on Put(v) { if keeps { value = v }; reply Done() }
  on Get()  { reply Got(value) }
}
role Client[2] {
  op x.write(v) { ask Server: Put(v) }
  op x.read()   { return (ask Server: Get()).v }
}
scenario s {
  for keeps in {false, true}
  Client 1 does write(1)
  expect no acknowledged write lost iff keeps
  expect never Server.value == 1 iff not keeps
}
)");
  const CommandResult result = run_tool({"check", file.string(), "--no-pictures", "--coverage",
                                         "--no-times", "--out", folder.path().string()});
  CHECK(result.status == 0);
  INFO(result.output);
  const auto count = [&result](const std::string& part) {
    int found = 0;
    for (auto at = result.output.find(part); at != std::string::npos;
         at = result.output.find(part, at + 1))
      ++found;
    return found;
  };
  CHECK(count("not never Server.value == 1") == 1);
  CHECK(count("no acknowledged write lost") == 1);
  CHECK(count("  acknowledged write lost") == 1);
  CHECK(count("this operation is never invoked") == 1);  // of two points
  CHECK(count("value = v") == 0);                        // one of them does that
}

TEST_CASE("check: what was tried of a claim that is not inductive, and the switches for it",
          "[tools]") {
  const TemporaryFolder folder;
  const auto checked = [&](const std::string& more) {
    const CommandResult result =
        run_tool({"check", kRoot + "/specs/single/order.cap", "--scenario", "visitors",
                  "--no-pictures", "--out", folder.path().string(), more});
    CHECK(result.status == 0);
    return result.output;
  };
  const std::string usual = checked("--no-times");
  CHECK(usual.find("Spacer found") != std::string::npos);
  CHECK(usual.find("Shop.paid for m") == std::string::npos);
  CHECK(checked("--show-invariants").find("Shop.paid for m") != std::string::npos);
  CHECK(checked("--no-attempts").find("Spacer") == std::string::npos);
}

TEST_CASE("check: a story tells the entry of a map that changes, and not the whole map twice",
          "[tools]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.cap";
  write_file(file, R"(capstan 1
protocol counts
type Key = {a, b}
role Node {
  durable seen: map Key -> 0..1 = all 0
  action see(k in Key) when seen[k] == 0 { seen[k] = 1 }
}
scenario s { expect never Node.seen[b] == 1 }
)");
  const CommandResult result =
      run_tool({"check", file.string(), "--no-pictures", "--out", folder.path().string()});
  CHECK(result.status == 1);
  INFO(result.output);
  CHECK(result.output.find("seen[b]: 0 -> 1") != std::string::npos);
}

}  // namespace capstan::tests
