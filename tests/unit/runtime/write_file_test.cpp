// SPDX-License-Identifier: MIT
// Files that the program writes: whole or not at all, and in the place that was named.
#include "runtime/command/write_file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/support/command.hpp"

namespace capstan::tests {

namespace {

namespace fs = std::filesystem;
using runtime::write_file;

std::size_t file_count(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// No file of this process may grow beyond the size while it lives, as on a disk that is full.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit now{bytes, before_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &now) == 0);
  }
  ~SizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("a new file, and folders for it", "[write_file]") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "a" / "b" / "report.json";
  CHECK_FALSE(write_file(file.string(), "one"));
  CHECK(read_file(file) == "one");
  CHECK(file_count(file.parent_path()) == 1);
  struct stat status {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  const mode_t mask = umask(0);
  umask(mask);
  CHECK((status.st_mode & 0777U) == (0666U & ~mask));
}

TEST_CASE("a file that exists keeps its mode, its links and its other names", "[write_file]") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "f", link = folder.path() / "l",
                 other = folder.path() / "o";
  write_file(file, std::string("old and longer"));
  fs::permissions(file, fs::perms(0640));
  fs::create_symlink("f", link);
  CHECK_FALSE(write_file(link.string(), "new"));
  CHECK(fs::is_symlink(link));
  CHECK(read_file(file) == "new");
  CHECK(fs::status(file).permissions() == fs::perms(0640));

  fs::create_hard_link(file, other);
  CHECK_FALSE(write_file(file.string(), "newer than before"));
  CHECK(read_file(other) == "newer than before");
  CHECK_FALSE(write_file(file.string(), "short"));
  CHECK(read_file(other) == "short");
  CHECK(fs::hard_link_count(file) == 2);
  CHECK(file_count(folder.path()) == 3);
}

TEST_CASE("a link to nothing is written where it leads, a ring of links is an error",
          "[write_file]") {
  const TemporaryFolder folder;
  const fs::path link = folder.path() / "l";
  fs::create_symlink("made/here", link);
  CHECK_FALSE(write_file(link.string(), "x"));
  CHECK(read_file(folder.path() / "made" / "here") == "x");
  fs::create_symlink("b", folder.path() / "a");
  fs::create_symlink("a", folder.path() / "b");
  CHECK(write_file((folder.path() / "a").string(), "x"));
}

TEST_CASE("what is no regular file is written through", "[write_file]") {
  const TemporaryFolder folder;
  CHECK_FALSE(runtime::write_file("/dev/null", "gone"));
  CHECK(fs::is_character_file("/dev/null"));
  const auto full = runtime::write_file("/dev/full", "too much");
  REQUIRE(full);
  CHECK(full->message == "cannot write `/dev/full`: No space left on device");

  const std::string pipe = (folder.path() / "pipe").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::string read;
  std::thread reader([&] {
    std::ifstream file(pipe);
    read.assign(std::istreambuf_iterator<char>(file), {});
  });
  const std::string large(1'000'000, 'x');
  CHECK_FALSE(write_file(pipe, large));
  reader.join();
  CHECK(read == large);
  CHECK(fs::is_fifo(pipe));
}

TEST_CASE("a descriptor goes on where it stands, also under the name of its file", "[write_file]") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "f";
  const int open_file = open(file.c_str(), O_WRONLY | O_CREAT, 0600);
  REQUIRE(open_file >= 0);
  REQUIRE(write(open_file, "first ", 6) == 6);
  CHECK_FALSE(runtime::write_file("/dev/fd/" + std::to_string(open_file), "second"));
  close(open_file);
  CHECK(read_file(file) == "first second");
  CHECK(runtime::write_file("/dev/fd/987", "x"));
  CHECK(runtime::is_standard_output("-"));
  CHECK(runtime::is_standard_output("/dev/stdout"));
  CHECK_FALSE(runtime::is_standard_output("/dev/fd/12"));
  CHECK_FALSE(runtime::is_standard_output("./-"));
}

TEST_CASE("no room: the old bytes stay, and nothing else is left", "[write_file]") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "f", other = folder.path() / "o";
  const std::string old(5000, 'o');
  write_file(file, old);
  const std::string large(100'000, 'n');
  {
    const SizeLimit limit(8192);
    CHECK(write_file(file.string(), large));
    CHECK(write_file((folder.path() / "new").string(), large));
  }
  CHECK(read_file(file) == old);
  CHECK(file_count(folder.path()) == 1);
  fs::create_hard_link(file, other);
  {
    const SizeLimit limit(8192);
    CHECK(write_file(file.string(), large));
  }
  CHECK(read_file(other) == old);
  CHECK(file_count(folder.path()) == 2);
}

TEST_CASE("what cannot be written says why", "[write_file]") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "f";
  write_file(file, std::string("x"));
  CHECK(write_file(folder.path().string(), "x")->message ==
        "cannot write `" + folder.path().string() + "`: Is a directory");
  const std::string below = (file / "g").string();
  REQUIRE(write_file(below, "x"));
  const std::string longer = (folder.path() / std::string(300, 'n')).string();
  CHECK(write_file(longer, "x")->message == "cannot write `" + longer + "`: File name too long");
}

}  // namespace capstan::tests
