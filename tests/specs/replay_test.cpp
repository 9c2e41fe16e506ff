// SPDX-License-Identifier: MIT
// `capstan replay` of traces that `check` wrote, of traces that somebody changed, and after the
// spec has moved or changed.
#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

#include "tests/specs/spec_files.hpp"

namespace capstan::tests {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

const std::string kRoot = CAPSTAN_SOURCE_DIR;
const std::string kUnmet = kRoot + "/tests/specs/cases/unmet.cap";

CommandResult replay(const fs::path& trace) {
  return run_command({CAPSTAN_BINARY, "replay", trace.string()});
}

/// Checks the spec, and returns the traces that this wrote to `out`.
std::vector<fs::path> traces_of(const std::string& spec, const fs::path& out,
                                std::vector<std::string> more = {}) {
  more.insert(more.begin(),
              {CAPSTAN_BINARY, "check", spec, "--no-pictures", "--out", out.string()});
  const CommandResult result = run_command(more);
  INFO(result.output << result.errors);
  CHECK(result.status >= 0);
  CHECK(result.status < 5);
  std::vector<fs::path> traces;
  if (fs::exists(out))
    for (const auto& entry : fs::directory_iterator(out)) traces.push_back(entry.path());
  return traces;
}

/// The trace of the one counterexample of unmet.cap, and a place for changed copies of it.
struct OneTrace {
  TemporaryFolder folder;
  fs::path path = traces_of(kUnmet, folder.path() / "out").at(0);
  Json json = Json::parse(read_file(path));

  CommandResult replay_changed(const Json& changed) const {
    const fs::path copy = path.parent_path() / "changed.trace.json";
    write_file(copy, changed.dump());
    return replay(copy);
  }
};

}  // namespace

TEST_CASE("replay: what check writes is run again", "[replay]") {
  const TemporaryFolder folder;
  int count = 0;
  for (const std::string& spec :
       {kRoot + "/tests/specs/cases", kRoot + "/tests/cases/crash/replay_endless_time.cap",
        kRoot + "/specs/clocks/lease.cap", kRoot + "/specs/single",
        kRoot + "/specs/leader/arbiter.cap"})
    for (const fs::path& trace : traces_of(spec, folder.path() / std::to_string(count))) {
      const CommandResult result = replay(trace);
      INFO(trace << "\n" << result.output << result.errors);
      CHECK(result.status == 0);
      CHECK(result.errors.empty());
      ++count;
    }
  CHECK(count > 15);
}

TEST_CASE("replay: a trace finds its spec from another folder", "[replay]") {
  const TemporaryFolder folder;
  const fs::path spec = folder.path() / "specs" / "unmet.cap";
  fs::create_directories(spec.parent_path());
  fs::copy_file(kUnmet, spec);
  const std::string line = "cd \"$1\" && \"$2\" check specs/unmet.cap --no-pictures >\"$1/said\"";
  run_command({"sh", "-c", line, "sh", folder.path().string(), CAPSTAN_BINARY});
  const fs::path trace = *fs::directory_iterator(folder.path() / "out");
  CHECK(replay(trace).status == 0);  // the working folder is another one
  fs::rename(folder.path() / "specs", folder.path() / "elsewhere");
  const CommandResult lost = replay(trace);
  CHECK(lost.status == 2);
  CHECK(lost.errors.find("--spec FILE") != std::string::npos);
  const std::string moved = (folder.path() / "elsewhere" / "unmet.cap").string();
  CHECK(run_command({CAPSTAN_BINARY, "replay", trace.string(), "--spec", moved}).status == 0);
}

TEST_CASE("replay: says that the spec has changed", "[replay]") {
  const TemporaryFolder folder;
  const fs::path spec = folder.path() / "unmet.cap";
  const std::string text = read_file(kUnmet);
  write_file(spec, text);
  const fs::path trace = traces_of(spec.string(), folder.path() / "out").at(0);
  write_file(spec, text + "\n// more\n");
  const CommandResult changed = replay(trace);
  CHECK(changed.status == 0);
  CHECK(changed.errors.find("has changed since the trace was written") != std::string::npos);

  std::string turned = text;
  turned.replace(turned.find("expect linearizable"), 6, "expect not");
  write_file(spec, turned);
  const CommandResult round = replay(trace);
  INFO(round.output << round.errors);
  CHECK(round.status == 0);

  std::string other = text;
  other.replace(other.find("ask Server 2"), 12, "ask Server 1");
  write_file(spec, other);
  const CommandResult misfit = replay(trace);
  CHECK(misfit.status == 2);
  CHECK(misfit.errors.find("which has changed since it was written") != std::string::npos);

  std::string without = text;
  without.replace(without.find("expect linearizable"), 19, "expect regular");
  write_file(spec, without);
  CHECK(replay(trace).errors.find("does not expect `linearizable`") != std::string::npos);
}

TEST_CASE("replay: what is no trace is refused", "[replay]") {
  const TemporaryFolder folder;
  for (const std::string& path :
       {folder.path().string(), std::string("/dev/null"), std::string("/dev/zero"),
        (folder.path() / "none").string(), kUnmet}) {
    const CommandResult result = replay(path);
    INFO(path << ": " << result.errors);
    CHECK(result.status == 2);
    CHECK(result.errors.starts_with("capstan: error: "));
  }
}

TEST_CASE("replay: changed traces are refused, or fit", "[replay]") {
  const OneTrace one;
  CHECK(one.replay_changed(one.json).status == 0);
  Json changed = one.json;
  changed["steps"] = Json::array();
  CHECK(one.replay_changed(changed).status == 2);

  changed = one.json;
  for (Json& step : changed["steps"])
    if (step["kind"] == "deliver")
      step["label"]["process"] = 2 - step["label"]["process"].get<int>();
  CHECK(one.replay_changed(changed).status == 2);

  changed = one.json;
  changed["steps"][1]["label"]["slot"] = 0;
  CHECK(one.replay_changed(changed).errors.find(
            "steps[1].label.slot is not a part of such a step") != std::string::npos);

  changed = one.json;
  changed["loop_start"] = 1;
  CHECK(one.replay_changed(changed).status == 2);
  for (const Json& wrong : {Json(-1), Json(1'000'000'000'000), Json("x"), Json(nullptr)}) {
    changed = one.json;
    changed["time_gap"] = wrong;
    CHECK(one.replay_changed(changed).status == 2);
  }
}

TEST_CASE("replay: no change of a trace crashes", "[replay]") {
  const TemporaryFolder folder;
  std::vector<fs::path> traces = traces_of(kRoot + "/tests/specs/cases", folder.path() / "a");
  for (const fs::path& path :
       traces_of(kRoot + "/tests/cases/crash/replay_endless_time.cap", folder.path() / "b"))
    traces.push_back(path);
  std::mt19937_64 random(11);
  for (int i = 0; i < 150; ++i) {
    const Json whole = Json::parse(read_file(traces[random() % traces.size()])).flatten();
    Json changed = whole;
    const std::vector<Json> values = {
        Json(-1),  Json(0),    Json(1), Json(3),         Json(1'000'000'000),
        Json("x"), Json(true), Json(),  Json::array({1})};
    for (std::uint64_t changes = 1 + random() % 2; changes > 0; --changes) {
      auto at = changed.begin();
      std::advance(at, static_cast<std::ptrdiff_t>(random() % changed.size()));
      *at = random() % 3 == 0 ? values[5 + random() % 4] : values[random() % 5];
    }
    const fs::path copy = folder.path() / "changed.trace.json";
    Json nested;
    try {
      nested = changed.unflatten();
    } catch (const Json::exception&) {
      continue;  // two changes that do not go together
    }
    write_file(copy, nested.dump());
    const CommandResult result = replay(copy);
    INFO(nested.dump(1) << result.errors);
    CHECK((result.status == 0 || result.status == 2));
  }
}

}  // namespace capstan::tests
