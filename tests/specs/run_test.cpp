// SPDX-License-Identifier: MIT
// `./run` on machines that are in its way. The script is copied to a folder of its own and finds
// nothing but the base system and stand-ins for apt-get, dpkg-query and cmake.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/support/command.hpp"

namespace capstan::tests {

namespace {

namespace fs = std::filesystem;

/// A machine with a source tree in which nothing is built yet.
class Machine {
 public:
  Machine() {
    for (const char* name :
         {"bin", "tree", "tree/model", "tree/checker", "tree/reports", "tree/runtime"})
      fs::create_directories(folder_.path() / name);
    for (const char* name : {"CMakeLists.txt", "CMakePresets.json"})
      write_file(tree() / name, std::string());
    fs::copy_file(fs::path(CAPSTAN_SOURCE_DIR) / "run", tree() / "run");
    for (const char* name :
         {"sh", "basename", "cat", "chmod", "cp", "dirname", "env", "find", "flock", "id", "mkdir",
          "mv", "nproc", "readlink", "rm", "sed", "sleep", "touch"})
      fs::create_symlink(tool(name), folder_.path() / "bin" / name);
    stand_in("sudo", "exec \"$@\"");
  }

  fs::path tree() const { return folder_.path() / "tree"; }
  fs::path log() const { return folder_.path() / "log"; }
  const fs::path& path() const { return folder_.path(); }

  void stand_in(const std::string& name, const std::string& text) const {
    const fs::path file = folder_.path() / "bin" / name;
    write_file(file, "#!/bin/sh\n" + text + "\n");
    fs::permissions(file, fs::perms(0755));
  }

  /// A Debian where packages count as installed once `apt-get install` came to its end.
  void stand_in_for_debian(const std::string& install) const {
    const std::string done = quoted(folder_.path() / "installed");
    stand_in("dpkg-query", "[ -e " + done + " ] && printf installed || exit 1");
    stand_in("apt-get", "echo apt-get \"$1\" >>" + quoted(log()) + "\ncase \"$*\" in *install*) " +
                            install + "; touch " + done + ";; esac");
  }

  /// Builds a binary that greets.
  void stand_in_for_cmake() const {
    stand_in("cmake",
             "echo cmake \"$1\" >>" + quoted(log()) +
                 "\n[ \"$1\" = --build ] || exit 0\nprintf '#!/bin/sh\\necho hello \"$@\"\\n' "
                 ">\"$2/capstan\"; chmod +x \"$2/capstan\"");
    for (const char* name : {"ninja", "c++", "pkg-config"}) stand_in(name, "exit 0");
  }

  CommandResult run(const std::vector<std::string>& words, const fs::path& script = {}) const {
    std::vector<std::string> line = {"env", "-i", "PATH=" + (folder_.path() / "bin").string()};
    line.push_back((script.empty() ? tree() / "run" : script).string());
    line.insert(line.end(), words.begin(), words.end());
    return run_command(line);
  }

  std::size_t said(const std::string& line) const {
    const std::string text = read_file(log());
    std::size_t count = 0;
    for (std::size_t at = text.find(line); at != std::string::npos; at = text.find(line, at + 1))
      ++count;
    return count;
  }

 private:
  static fs::path tool(const std::string& name) {
    const fs::path own = fs::path("/usr/bin") / name;
    return fs::exists(own) ? own : fs::path("/bin") / name;
  }
  static std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

  TemporaryFolder folder_;
};

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("run: installs, builds, and hands over what the binary says", "[run]") {
  const Machine machine;
  machine.stand_in_for_debian(":");
  machine.stand_in_for_cmake();
  const CommandResult first = machine.run({"check", "a b"});
  INFO(first.errors);
  CHECK(first.status == 0);
  CHECK(first.output == "hello check a b\n");
  CHECK(machine.said("apt-get update") == 1);
  CHECK(machine.run({}).output == "hello\n");  // up to date: nobody is asked
  CHECK(machine.said("cmake") == 2);
}

TEST_CASE("run: no network is one sentence and status 2", "[run]") {
  const Machine machine;
  machine.stand_in_for_debian(
      "for i in 1 2 3 4 5 6 7 8 9; do echo Err: no route >&2; done; exit 100");
  machine.stand_in_for_cmake();
  const CommandResult result = machine.run({"check"});
  INFO(result.errors);
  CHECK(result.status == 2);
  CHECK(line_count(result.errors) == 2);  // what is missing, and that it cannot be had
  CHECK(result.errors.find("is there a network?") != std::string::npos);
  CHECK(read_file(machine.tree() / "build/release/install.log").find("no route") !=
        std::string::npos);
}

TEST_CASE("run: two at once install and build one after the other", "[run]") {
  const Machine machine;
  machine.stand_in_for_debian("sleep 1");
  machine.stand_in_for_cmake();
  const std::string script = (machine.tree() / "run").string();
  const CommandResult both =
      run_command({"env", "-i", "PATH=" + (machine.path() / "bin").string(), "sh", "-c",
                   "\"$1\" two & \"$1\" one; wait", "sh", script});
  INFO(both.errors);
  CHECK((both.output == "hello one\nhello two\n" || both.output == "hello two\nhello one\n"));
  CHECK(machine.said("apt-get -o") == 1);  // whoever waited found everything installed
}

TEST_CASE("run: neither dpkg-query nor cmake", "[run]") {
  const Machine machine;
  const CommandResult result = machine.run({"check"});
  CHECK(result.status == 2);
  CHECK(result.errors.find("no cmake here, and no dpkg-query") != std::string::npos);
  machine.stand_in_for_cmake();
  CHECK(machine.run({"check"}).output == "hello check\n");
}

TEST_CASE("run: a build that fails ends with 70", "[run]") {
  const Machine machine;
  machine.stand_in_for_cmake();
  machine.stand_in("cmake", "echo what is wrong; exit 1");
  const CommandResult result = machine.run({"check"});
  CHECK(result.status == 70);
  CHECK(result.errors.find("what is wrong") != std::string::npos);
}

TEST_CASE("run: called through links, from anywhere", "[run]") {
  const Machine machine;
  machine.stand_in_for_cmake();
  const fs::path link = machine.path() / "link", other = machine.path() / "other";
  fs::create_symlink("tree/run", link);
  fs::create_symlink("link", other);
  CHECK(machine.run({"check"}, other).output == "hello check\n");
  CHECK(fs::exists(machine.tree() / "build/release/capstan"));
}

TEST_CASE("run: a build folder that was copied from elsewhere", "[run]") {
  const Machine machine;
  machine.stand_in_for_cmake();
  const fs::path build = machine.tree() / "build/release";
  fs::create_directories(build);
  write_file(build / "CMakeCache.txt", std::string("CMAKE_HOME_DIRECTORY:INTERNAL=/old/place\n"));
  const CommandResult result = machine.run({"check"});
  CHECK(result.status == 2);
  CHECK(result.errors.find("was made for the sources in /old/place; delete it (rm -r ") !=
        std::string::npos);
  write_file(build / "CMakeCache.txt",
             "CMAKE_HOME_DIRECTORY:INTERNAL=" + fs::canonical(machine.tree()).string() + "\n");
  CHECK(machine.run({"check"}).status == 0);
}

TEST_CASE("run: a place where nothing can be written, and another to build in", "[run]") {
  const Machine machine;
  machine.stand_in_for_cmake();
  write_file(machine.tree() / "build", std::string("in the way, for root too"));
  const CommandResult result = machine.run({"check"});
  CHECK(result.status == 2);
  CHECK(result.errors.find("CAPSTAN_BUILD=FOLDER") != std::string::npos);
  CHECK(line_count(result.errors) == 1);
  const std::string elsewhere = (machine.path() / "elsewhere").string();
  const CommandResult built =
      run_command({"env", "-i", "PATH=" + (machine.path() / "bin").string(),
                   "CAPSTAN_BUILD=" + elsewhere, (machine.tree() / "run").string(), "check"});
  INFO(built.errors);
  CHECK(built.output == "hello check\n");
}

TEST_CASE("run: a clean shell script", "[run]") {
  if (run_command({"shellcheck", "--version"}).status != 0) return;  // not installed
  const CommandResult result =
      run_command({"shellcheck", (fs::path(CAPSTAN_SOURCE_DIR) / "run").string()});
  INFO(result.output);
  CHECK(result.status == 0);
}

}  // namespace capstan::tests
