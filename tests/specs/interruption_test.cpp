// SPDX-License-Identifier: MIT
// Interruptions at random moments, and writes that fail one after the other: whatever lies on the
// disk afterwards is whole, nothing that was found is lost without a word, and nothing is an
// internal error.
//
// A few every day; at night as many as CAPSTAN_SEEDS says (tests/CMakeLists.txt).
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <pugixml.hpp>
#include <random>
#include <set>
#include <thread>

#include "tests/support/command.hpp"
#include "tests/support/seeds.hpp"

namespace capstan::tests {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

const std::string kRoot = CAPSTAN_SOURCE_DIR;

/// What is checked: explorations, proofs, runs without end, time, counterexamples with pictures.
const std::array<std::vector<std::string>, 5> kWork = {{
    {kRoot + "/tests/specs/cases"},
    {kRoot + "/specs/quorum/abd.cap", "--scenario", "reader_forgets_to_write_back"},
    {kRoot + "/specs/eventual/merges.cap", "--scenario", "siblings"},
    {kRoot + "/specs/single/order.cap"},
    {kRoot + "/tests/cases/crash/replay_endless_time.cap"},
}};

struct Ending {
  int status = -1;  // -1: by a signal
  int signal = 0;
};

std::vector<std::string> command_for(std::size_t work, const fs::path& folder) {
  std::vector<std::string> words = {CAPSTAN_BINARY, "check"};
  words.insert(words.end(), kWork[work].begin(), kWork[work].end());
  for (const auto& [option, name] : {std::pair("--out", "out"), std::pair("--json", "report.json"),
                                     std::pair("--junit", "junit.xml")}) {
    words.push_back(option);
    words.push_back((folder / name).string());
  }
  return words;
}

pid_t start(const std::vector<std::string>& words, const fs::path& folder) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  // Here, as the child may be ended before it comes to anything.
  constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  const int output = open((folder / "stdout").c_str(), flags, 0600);
  const int errors = open((folder / "stderr").c_str(), flags, 0600);
  const pid_t child = fork();
  if (child != 0) {
    close(output);
    close(errors);
    return child;
  }
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  execv(arguments[0], arguments.data());
  _exit(127);
}

Ending wait_for(pid_t child) {
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFEXITED(status)) return {WEXITSTATUS(status), 0};
  return {-1, WTERMSIG(status)};
}

bool is_whole(const fs::path& path) {
  const std::string text = read_file(path);
  const std::string ending = path.extension().string();
  if (ending == ".json") return !Json::parse(text, nullptr, false).is_discarded();
  if (ending == ".xml" || ending == ".svg") {
    pugi::xml_document document;
    return static_cast<bool>(document.load_buffer(text.data(), text.size()));
  }
  if (ending == ".png") return text.starts_with("\x89PNG") && text.find("IEND") == text.size() - 8;
  if (ending == ".dot") return text.ends_with("}\n");
  return false;
}

/// Files of the run, without what the test itself put there. Temporary ones count.
std::set<std::string> files_in(const fs::path& folder) {
  std::set<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && name != "stdout" && name != "stderr" && name != "calls")
      files.insert(entry.path().string());
  }
  return files;
}

bool is_temporary(const std::string& path) {
  return fs::path(path).filename().string().starts_with(".capstan-");
}

/// Calls `look` for all that has an outcome in the report.
template <typename Look>
void for_each_outcome(const Json& report, const Look& look) {
  for (const Json& file : report.at("files")) {
    for (const Json& scenario : file.at("scenarios")) {
      for (const Json& expectation : scenario.at("expectations")) look(expectation);
      if (scenario.contains("model_error")) look(scenario.at("model_error"));
    }
  }
}

/// What the report says is on the disk is there, and what has evidence says where it is.
void check_report(const fs::path& folder, const std::set<std::string>& files) {
  const Json report = Json::parse(read_file(folder / "report.json"));
  std::set<std::string> named = {(folder / "report.json").string()};
  if (!report.contains("unwritten")) named.insert((folder / "junit.xml").string());
  for_each_outcome(report, [&](const Json& expectation) {
    for (const Json& file : expectation.at("files")) named.insert(file.get<std::string>());
    if (!expectation.contains("evidence") && !expectation.contains("counterexample")) return;
    CHECK(expectation.at("files").size() + expectation.value("unwritten", Json::array()).size() >
          0);
  });
  for (const Json& file : report.at("files"))
    for (const Json& scenario : file.at("scenarios"))
      if (scenario.contains("deadlock"))
        for (const Json& name : scenario.at("deadlock").value("files", Json::array()))
          named.insert(name.get<std::string>());
  CHECK(named == files);
}

void check_folder(const fs::path& folder, const Ending& ending) {
  const std::set<std::string> files = files_in(folder);
  for (const std::string& path : files) {
    INFO(path);
    if (is_temporary(path))
      CHECK(ending.signal == SIGKILL);
    else
      CHECK(is_whole(path));
  }
  if (ending.status >= 0 && fs::exists(folder / "report.json")) check_report(folder, files);
}

/// How a run ends and how long it takes if nobody interrupts it.
struct Usual {
  int status = -1;
  std::chrono::duration<double> time{};
};

const Usual& usual(std::size_t work) {
  static std::map<std::size_t, Usual> known;
  const auto found = known.find(work);
  if (found != known.end()) return found->second;
  const TemporaryFolder folder;
  const auto begin = Clock::now();
  const Ending ending = wait_for(start(command_for(work, folder.path()), folder.path()));
  check_folder(folder.path(), ending);
  return known[work] = {ending.status, Clock::now() - begin};
}

std::map<std::string, int> interrupt_at_random(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::size_t work = random() % kWork.size();
  const int signal = std::array{SIGINT, SIGTERM, SIGKILL}[random() % 3];
  const bool is_twice = random() % 8 == 0;
  const auto delay = usual(work).time * std::uniform_real_distribution<double>(0, 1.1)(random);
  const TemporaryFolder folder;
  const pid_t child = start(command_for(work, folder.path()), folder.path());
  std::this_thread::sleep_for(delay);
  kill(child, signal);
  if (is_twice) kill(child, signal);
  const Ending ending = wait_for(child);
  INFO("seed " << seed << ": work " << work << ", signal " << signal << " after " << delay.count()
               << " s of " << usual(work).time.count() << "\n"
               << read_file(folder.path() / "stdout") << read_file(folder.path() / "stderr"));
  if (ending.status >= 0) {
    const bool is_usual = ending.status == usual(work).status;
    CHECK((is_usual || ending.status == 4 || ending.status == 1));
    CHECK(fs::exists(folder.path() / "report.json"));
    CHECK(fs::exists(folder.path() / "junit.xml"));
    CHECK(read_file(folder.path() / "stdout").find(" expectation") != std::string::npos);
  } else {
    CHECK(ending.signal == signal);
  }
  check_folder(folder.path(), ending);
  if (ending.status < 0) return {{"ended by the signal", 1}};
  const Json report = Json::parse(read_file(folder.path() / "report.json"));
  return {{report.value("interrupted", false) ? "interrupted, and told" : "finished before", 1}};
}

/// Runs with the nth write failing; how many there are in `calls`.
Ending run_failing(std::size_t work, long at, bool goes_on, const fs::path& folder, long& calls) {
  const std::string file = (folder / "calls").string();
  std::vector<std::string> words = {
      "/usr/bin/env", std::string("LD_PRELOAD=") + CAPSTAN_FAILING_WRITES,
      "CAPSTAN_FAIL_AT=" + std::to_string(at),
      std::string("CAPSTAN_FAIL_FROM=") + (goes_on ? "1" : "0"), "CAPSTAN_CALLS=" + file};
  for (std::string& word : command_for(work, folder)) words.push_back(std::move(word));
  const Ending ending = wait_for(start(words, folder));
  calls = fs::exists(file) ? std::stol(read_file(file)) : -1;
  return ending;
}

void check_failing(std::size_t work, long at, bool goes_on) {
  const TemporaryFolder folder;
  long calls = 0;
  const Ending ending = run_failing(work, at, goes_on, folder.path(), calls);
  const std::string errors = read_file(folder.path() / "stderr");
  INFO("work " << work << ", write " << at << (goes_on ? " and all later ones fail" : " fails")
               << "\n"
               << errors);
  CHECK(ending.status == (usual(work).status == 0 ? 2 : usual(work).status));
  CHECK(read_file(folder.path() / "stdout").find(" expectation") != std::string::npos);
  CHECK(errors.find("No space left on device") != std::string::npos);
  check_folder(folder.path(), ending);
}

}  // namespace

TEST_CASE("interrupted at any moment, a run leaves whole files and says what it found",
          "[interruption][.nightly]") {
  std::map<std::string, int> endings;
  const Seeds wanted = seeds(24);
  for (const std::uint64_t seed : wanted.all())
    for (const auto& [ending, count] : interrupt_at_random(seed)) endings[ending] += count;
  for (const auto& [ending, count] : endings) WARN(ending << ": " << count);
}

TEST_CASE("interrupted: a few every day", "[interruption]") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) interrupt_at_random(seed);
}

TEST_CASE("each write that fails costs its own file, and is named", "[writes]") {
  for (const std::size_t work : {std::size_t{0}, std::size_t{1}}) {
    long calls = 0;
    {
      const TemporaryFolder folder;
      const Ending ending = run_failing(work, 0, false, folder.path(), calls);
      CHECK(ending.status == usual(work).status);
      check_folder(folder.path(), ending);
    }
    REQUIRE(calls > 20);
    const long step = std::max(1L, calls / 6);
    for (long at = 1; at <= calls; at += step) check_failing(work, at, false);
    for (long at = 1; at <= calls; at += 3 * step) check_failing(work, at, true);
  }
}

TEST_CASE("each write that fails: all of them", "[writes][.nightly]") {
  for (std::size_t work = 0; work < kWork.size(); ++work) {
    long calls = 0;
    {
      const TemporaryFolder folder;
      run_failing(work, 0, false, folder.path(), calls);
    }
    for (long at = 1; at <= calls; ++at) check_failing(work, at, false);
    for (long at = 1; at <= calls; at += 7) check_failing(work, at, true);
  }
}

TEST_CASE("a disk that is full costs files, and no verdict", "[writes]") {
  const TemporaryFolder folder;
  std::vector<std::string> words = {"/bin/sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"};
  for (std::string& word : command_for(1, folder.path())) words.push_back(std::move(word));
  const Ending ending = wait_for(start(words, folder.path()));
  CHECK(ending.status == 2);
  const std::string output = read_file(folder.path() / "stdout");
  const std::string errors = read_file(folder.path() / "stderr");
  INFO(output << errors);
  CHECK(output.find(" met ") != std::string::npos);
  CHECK(errors.find("cannot write") != std::string::npos);
  for (const std::string& path : files_in(folder.path())) {
    INFO(path);
    CHECK_FALSE(is_temporary(path));
    CHECK(is_whole(path));
  }
}

}  // namespace capstan::tests
