// SPDX-License-Identifier: MIT
// Files and streams, as users of the binary meet them: where reports go, how evidence is named,
// which specs are found, and what a terminal is shown.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <pugixml.hpp>
#include <set>

#include "tests/specs/spec_files.hpp"

namespace capstan::tests {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::string kRoot = CAPSTAN_SOURCE_DIR;
const std::string kMet = kRoot + "/specs/single/single_copy.cap";
const std::string kUnmet = kRoot + "/tests/specs/cases/unmet.cap";

CommandResult run_tool(std::vector<std::string> words) {
  words.insert(words.begin(), CAPSTAN_BINARY);
  return run_command(words);
}

/// Runs a line of the shell, in which "$C" is the binary and "$1", "$2" are the words.
CommandResult run_shell(const std::string& line, std::vector<std::string> words) {
  words.insert(words.begin(), {"env", std::string("C=") + CAPSTAN_BINARY, "sh", "-c", line, "sh"});
  return run_command(words);
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.insert(entry.path().filename().string());
  return names;
}

/// A small protocol in which `sum` counts to 2 by itself.
std::string counter(const std::string& scenarios) {
  return "capstan 1\n\nprotocol counter\n\nrole Node {\n  durable n: 0..2 = 0\n"
         "  action step when n < 2 says \"\x1b[2J\xe2\x80\xae goes on\" { n = n + 1 }\n}\n\n" +
         scenarios;
}

void check_whole_xml(const std::string& text) {
  pugi::xml_document document;
  const auto result = document.load_buffer(text.data(), text.size());
  INFO(result.description());
  CHECK(result);
}

}  // namespace

TEST_CASE("evidence of one expectation never overwrites that of another", "[files]") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "counter.cap", out = folder.path() / "out";
  write_file(file,
             counter("scenario aa {\n  expect always Node.n != 2\n  expect always Node.n == 2\n"
                     "  expect always (Node.n == 0)\n  expect always Node.n == 0\n}\n\n"
                     "scenario aA { expect always Node.n == 1 }\n"));
  const CommandResult result =
      run_tool({"check", file.string(), "--no-pictures", "--out", out.string()});
  INFO(result.output << result.errors);
  CHECK(result.status == 1);
  const std::set<std::string> names = names_in(out);
  CHECK(names.size() == 5);
  CHECK(run_tool({"check", file.string(), "--no-pictures", "--out", out.string()}).status == 1);
  CHECK(names_in(out) == names);  // the same the second time
}

TEST_CASE("two files with one protocol name have files of their own", "[files]") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const std::string text = counter("scenario s { expect always Node.n == 0 }\n");
  for (const char* name : {"counter.cap", "copy.cap"}) write_file(folder.path() / name, text);
  run_tool({"check", folder.path().string(), "--no-pictures", "--out", out.string()});
  CHECK(names_in(out) == std::set<std::string>{"counter-copy.s.always-node-n-equal-0.trace.json",
                                               "counter.s.always-node-n-equal-0.trace.json"});
}

TEST_CASE("names are bounded", "[files]") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "counter.cap", out = folder.path() / "out";
  const std::string name(300, 's');
  std::string claim = "Node.n == 0";
  for (int i = 0; i < 30; ++i) claim += " and Node.n == 0";
  write_file(file, counter("scenario " + name + " { expect always " + claim + " }\n"));
  CHECK(run_tool({"check", file.string(), "--out", out.string()}).status == 1);
  const std::set<std::string> names = names_in(out);
  CHECK(names.size() == 4);
  for (const std::string& each : names) CHECK(each.size() <= 200);
}

TEST_CASE("nothing that was found is lost where files cannot be written", "[files]") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "file", json = folder.path() / "report.json";
  write_file(out, std::string("in the way"));
  const CommandResult result =
      run_tool({"check", kUnmet, kRoot + "/specs/quorum/abd.cap", "--scenario",
                "reader_forgets_to_write_back", "--out", out.string(), "--json", json.string(),
                "--junit", "/dev/full"});
  INFO(result.output << result.errors);
  CHECK(result.status == 2);
  CHECK(result.output.find(" met ") != std::string::npos);
  CHECK(result.errors.find("cannot write `/dev/full`: No space left on device") !=
        std::string::npos);
  const Json report = Json::parse(read_file(json));
  CHECK(report.at("exit_status") == 2);
  CHECK(report.at("unwritten").at(0).at("path") == "/dev/full");
  const Json& expectation =
      report.at("files").back().at("scenarios").at(0).at("expectations").at(0);
  CHECK(expectation.at("files").empty());
  CHECK(expectation.at("unwritten").size() == 7);
  CHECK(read_file(out) == "in the way");
}

TEST_CASE("unmet is worse than unwritten", "[files]") {
  CHECK(run_tool({"check", kUnmet, "--no-pictures", "--out", "/dev/null/x"}).status == 1);
}

TEST_CASE("--json - is the standard output, and the table goes to the error stream", "[files]") {
  const TemporaryFolder folder;
  for (const char* name : {"-", "/dev/stdout"}) {
    const CommandResult result =
        run_tool({"check", kMet, "--no-pictures", "--json", name, "--out", folder.path().string()});
    CHECK(result.status == 0);
    CHECK_FALSE(Json::parse(result.output, nullptr, false).is_discarded());
    CHECK(result.errors.find("scenarios, ") != std::string::npos);
  }
  const CommandResult junit =
      run_tool({"check", kMet, "--no-pictures", "--junit", "-", "--out", folder.path().string()});
  check_whole_xml(junit.output);
  CHECK(run_tool({"check", kMet, "--json", "-", "--junit", "/dev/stdout"}).status == 2);
}

TEST_CASE("a report never overwrites a spec or the other report", "[files]") {
  const TemporaryFolder folder;
  const fs::path spec = folder.path() / "a.cap", report = folder.path() / "r";
  const std::string text = read_file(kMet);
  write_file(spec, text);
  CHECK(run_tool({"check", spec.string(), "--json", spec.string()}).status == 2);
  CHECK(read_file(spec) == text);
  CHECK(run_tool({"check", kMet, "--json", report.string(), "--junit", report.string()}).status ==
        2);
}

TEST_CASE("standard output that is closed or full is an error", "[files]") {
  const TemporaryFolder folder;
  const std::string out = folder.path().string();
  const std::string check = "\"$C\" check \"$1\" --no-pictures --out \"$2\" ";
  CHECK(run_shell(check + ">/dev/full", {kMet, out}).status == 74);
  CHECK(run_shell(check + ">&-", {kMet, out}).status == 74);
  CHECK(run_shell(check + ">/dev/full", {kUnmet, out}).status == 1);
  for (const char* const tool : {"doc", "doc E0301", "--help", "check --help", "--version"})
    for (const char* const stream : {" >/dev/full", " >&-"}) {
      const CommandResult result = run_shell("\"$C\" " + std::string(tool) + stream, {});
      INFO(tool << stream << ": " << result.errors);
      CHECK(result.status == 74);
      CHECK(result.errors.find("cannot write the standard output") != std::string::npos);
    }
  // With the error stream gone as well there is still the status.
  CHECK(run_shell(check + ">&- 2>&- <&-", {kMet, out}).status == 74);
  CHECK(run_shell("\"$C\" check /there/is/nothing >&- 2>&-", {}).status == 2);
  // Nobody reads: no signal ends the run before its report is written.
  const std::string report = (folder.path() / "report.json").string();
  run_shell(check + "--json \"$3\" | true", {kMet, out, report});
  CHECK(fs::exists(report));
}

TEST_CASE("folders: rings of links, pipes, and what cannot be read", "[files]") {
  const TemporaryFolder folder;
  const fs::path specs = folder.path() / "specs";
  fs::create_directories(specs / "nightly");
  fs::create_directories(specs / "inner");
  fs::copy_file(kMet, specs / "inner" / "a.cap");
  fs::copy_file(kMet, specs / "nightly" / "slow.cap");
  fs::create_directory_symlink("..", specs / "inner" / "up");
  fs::create_symlink("self", specs / "self");
  REQUIRE(mkfifo((specs / "pipe.cap").c_str(), 0600) == 0);
  const std::string out = (folder.path() / "out").string();
  const CommandResult result =
      run_tool({"check", specs.string(), specs.string(), "--no-pictures", "--out", out});
  INFO(result.output << result.errors);
  CHECK(result.status == 0);
  CHECK(result.errors.find("passed over `" + (specs / "nightly").string()) != std::string::npos);
  CHECK(result.errors.find("passed over `" + (specs / "pipe.cap").string()) != std::string::npos);
  CHECK(result.output.find("single_copy") == result.output.rfind("single_copy  "));

  fs::create_symlink("nothing", specs / "lost.cap");
  for (const char* const tool : {"check", "lint"}) {
    const CommandResult lost = run_tool({tool, specs.string()});
    INFO(lost.output << lost.errors);
    CHECK(lost.status == 2);
    CHECK((lost.output + lost.errors).find("lost.cap: ") != std::string::npos);
  }
}

TEST_CASE("folders that may not be searched cost their own specs alone", "[files]") {
  if (geteuid() == 0 && run_command({"setpriv", "--version"}).status != 0) return;
  const TemporaryFolder folder;
  const fs::path specs = folder.path() / "specs";
  fs::create_directories(specs / "closed");
  fs::copy_file(kMet, specs / "a.cap");
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(specs / "closed", fs::perms(0));
  const std::string as_nobody =
      geteuid() == 0 ? "exec setpriv --reuid 65534 --clear-groups \"$C\" " : "exec \"$C\" ";
  const CommandResult result =
      run_shell(as_nobody + "check \"$1\" --no-pictures --out /dev/null/x", {specs.string()});
  fs::permissions(specs / "closed", fs::perms(0700));
  if (result.status == 127 || result.status == 126) return;  // the binary is out of its reach
  INFO(result.output << result.errors);
  CHECK(result.status == 2);
  CHECK(result.output.find("closed`: Permission denied") != std::string::npos);
  CHECK(result.output.find("met") != std::string::npos);
}

TEST_CASE("what a spec or a path says reaches no terminal raw, and breaks no format", "[files]") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const fs::path file = folder.path() / "c\xff\x1b[31m\xef\xbf\xbe.cap";
  const std::string json = (folder.path() / "r.json").string(),
                    junit = (folder.path() / "r.xml").string();
  write_file(
      file,
      counter("scenario s {\n  expect always Node.n == 0  // \x1b[2J\n    and Node.n == 0\n}\n"));
  const auto checked = [&] {
    return run_tool(
        {"check", file.string(), "--out", out.string(), "--json", json, "--junit", junit});
  };
  const CommandResult result = checked();
  INFO(result.output << result.errors);
  CHECK(result.status == 1);
  CHECK(result.output.find("<U+001B>[2J<U+202E> goes on") != std::string::npos);
  check_whole_xml(read_file(junit));
  CHECK_FALSE(Json::parse(read_file(json), nullptr, false).is_discarded());
  CHECK(names_in(out).size() == 4);
  for (const std::string& name : names_in(out))
    if (name.ends_with(".svg")) check_whole_xml(read_file(out / name));
  write_file(file, counter("scenario s { expect always Node.\x1b[31m }\n"));
  const CommandResult wrong = checked();
  CHECK(wrong.status == 2);
  check_whole_xml(read_file(junit));
  for (const std::string& said : {result.output, result.errors, wrong.output, wrong.errors})
    for (const char* const raw : {"\x1b", "\xe2\x80\xae", "\xff", "\xef\xbf\xbe"})
      CHECK(said.find(raw) == std::string::npos);
}

TEST_CASE("limits that are no limits are refused, with what to write", "[files]") {
  for (const auto& [option, value] :
       std::vector<std::pair<std::string, std::string>>{{"--memory", "0"},
                                                        {"--memory", "-1"},
                                                        {"--memory", "much"},
                                                        {"--states", "0"},
                                                        {"--states", "-5"},
                                                        {"--time", "0"},
                                                        {"--time", "-1s"},
                                                        {"--time", "nan"},
                                                        {"--horizon", "0"}}) {
    const CommandResult result = run_tool({"check", kMet, option, value});
    INFO(option << " " << value << ": " << result.errors);
    CHECK(result.status == 2);
    CHECK(result.errors.find("`" + value + "` is not a") != std::string::npos);
    CHECK(result.errors.find("such as") != std::string::npos);
  }
}

TEST_CASE("fmt follows links and keeps what belongs to a file", "[files]") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "a.cap", link = folder.path() / "l.cap",
                 other = folder.path() / "o.cap";
  write_file(file, std::string("protocol  a\n"));
  fs::permissions(file, fs::perms(0640));
  fs::create_symlink("a.cap", link);
  fs::create_hard_link(file, other);
  CHECK(run_tool({"fmt", link.string()}).status == 0);
  CHECK(fs::is_symlink(link));
  CHECK(read_file(other) == "protocol a\n");
  CHECK(fs::status(file).permissions() == fs::perms(0640));
  CHECK(names_in(folder.path()).size() == 3);
}

}  // namespace capstan::tests
