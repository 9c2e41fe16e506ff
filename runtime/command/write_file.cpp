// SPDX-License-Identifier: MIT
#include "runtime/command/write_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "runtime/command/signals.hpp"

namespace capstan::runtime {
namespace {

namespace fs = std::filesystem;
using Problem = std::optional<int>;  // an errno

/// An open file that is closed at the end of scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  /// Some file systems say only now that there was no room.
  Problem close() {
    if (number_ < 0) return std::nullopt;
    const int status = ::close(std::exchange(number_, -1));
    return status == 0 || errno == EINTR ? Problem() : Problem(errno);
  }

 private:
  int number_;
};

/// At the file's place for `at` >= 0, else where it stands.
Problem write_all(int file, const std::string& bytes, off_t at = -1) {
  for (std::size_t done = 0; done < bytes.size();) {
    const char* const next = bytes.data() + done;
    const std::size_t left = bytes.size() - done;
    const ssize_t count = at < 0 ? ::write(file, next, left)
                                 : ::pwrite(file, next, left, at + static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return ENOSPC;
    done += static_cast<std::size_t>(count);
  }
  return std::nullopt;
}

/// The descriptor that the name stands for; -1 if it is the name of a file.
int descriptor_of(const std::string& path) {
  if (path == "-" || path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    int number = -1;
    const char* const end = path.data() + path.size();
    const auto read = std::from_chars(path.data() + folder.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end) return number;
  }
  return -1;
}

/// The standard stream that writes to this very file, so that both go on behind each other.
int stream_to(const struct stat& file) {
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat other {};
    if (fstat(stream, &other) == 0 && other.st_dev == file.st_dev && other.st_ino == file.st_ino)
      return stream;
  }
  return -1;
}

Problem write_to_stream(int stream, const std::string& bytes) {
  std::fflush(stdout);  // what was said before
  return write_all(stream, bytes);
}

/// What the name leads to, which need not exist.
fs::path target_of(fs::path path) {
  std::error_code error;
  for (int links = 0; links < 40 && fs::is_symlink(fs::symlink_status(path, error)); ++links) {
    const fs::path next = fs::read_symlink(path, error);
    if (error) break;
    path = next.is_absolute() ? next : path.parent_path() / next;
  }
  return path;
}

std::string whole_content(int file, off_t size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count =
        ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

/// Room is made first, so that what fails as a rule fails before a byte is lost.
Problem overwrite(const fs::path& target, int file, const struct stat& status,
                  const std::string& bytes) {
  const SignalsWait wait;
  const Descriptor reader(::open(target.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  const std::string old =
      reader.is_open() ? whole_content(reader.number(), status.st_size) : std::string();
  const auto size = static_cast<off_t>(bytes.size());
  Problem problem;
  if (size > status.st_size) {
    const int error = posix_fallocate(file, status.st_size, size - status.st_size);
    if (error != 0 && error != EINVAL && error != EOPNOTSUPP) problem = error;
  }
  if (!problem) problem = write_all(file, bytes, 0);
  if (!problem && ftruncate(file, size) != 0) problem = errno;
  if (problem && reader.is_open()) {
    write_all(file, old, 0);
    if (ftruncate(file, status.st_size) != 0) return problem;
  }
  return problem;
}

mode_t usual_mode() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666U & ~mask;
}

/// Gives the new file what belongs to the old one; false if that is not allowed.
bool keep_owner_and_mode(int file, const struct stat* old) {
  if (old == nullptr) return fchmod(file, usual_mode()) == 0;
  struct stat fresh {};
  if (fstat(file, &fresh) != 0) return false;
  if ((fresh.st_uid != old->st_uid || fresh.st_gid != old->st_gid) &&
      fchown(file, old->st_uid, old->st_gid) != 0)
    return false;
  return fchmod(file, old->st_mode & 07777U) == 0;
}

enum class Replaced { Yes, NotAllowed, Failed };

/// Writes a file beside the target and puts it in its place. `old`: null if there is none.
Replaced replace(const fs::path& target, const struct stat* old, const std::string& bytes,
                 int& error) {
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  std::string name = (folder / ".capstan-XXXXXX").string();
  // A signal between the two would leave the file behind.
  std::optional<SignalsWait> wait(std::in_place);
  const int number = mkostemp(name.data(), O_CLOEXEC);
  if (number < 0) {
    error = errno;
    return old != nullptr ? Replaced::NotAllowed : Replaced::Failed;
  }
  const TemporaryName remembered(name);
  wait.reset();
  Descriptor temporary(number);
  const auto give_up = [&](Replaced how, int why) {
    ::unlink(name.c_str());
    error = why;
    return how;
  };
  if (!keep_owner_and_mode(number, old))
    return give_up(old != nullptr ? Replaced::NotAllowed : Replaced::Failed, errno);
  if (const Problem problem = write_all(number, bytes)) return give_up(Replaced::Failed, *problem);
  if (const Problem problem = temporary.close()) return give_up(Replaced::Failed, *problem);
  wait.emplace();
  if (::rename(name.c_str(), target.c_str()) != 0) return give_up(Replaced::Failed, errno);
  return Replaced::Yes;
}

bool has_access_list(int file) {
  return fgetxattr(file, "system.posix_acl_access", nullptr, 0) > 0;
}

Problem write_existing(const fs::path& target, int file, const std::string& bytes) {
  struct stat status {};
  if (fstat(file, &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return write_all(file, bytes);
  if (const int stream = stream_to(status); stream >= 0) return write_to_stream(stream, bytes);
  if (status.st_nlink == 1 && !has_access_list(file)) {
    int error = 0;
    const Replaced replaced = replace(target, &status, bytes, error);
    if (replaced == Replaced::Yes) return std::nullopt;
    if (replaced == Replaced::Failed) return error;
  }
  return overwrite(target, file, status, bytes);
}

Problem write_target(const fs::path& target, const std::string& bytes) {
  const int number = ::open(target.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (number >= 0) {
    Descriptor existing(number);
    Problem problem = write_existing(target, number, bytes);
    const Problem at_end = existing.close();
    return problem ? problem : at_end;
  }
  if (errno != ENOENT) return errno;
  int error = 0;
  if (replace(target, nullptr, bytes, error) == Replaced::Yes) return std::nullopt;
  return error;
}

}  // namespace

bool is_standard_output(const std::string& path) { return descriptor_of(path) == STDOUT_FILENO; }

std::optional<model::Failure> write_file(const std::string& path, const std::string& bytes) {
  const auto failure = [&path](int error) {
    return model::Failure{fmt::format("cannot write `{}`: {}", path, std::strerror(error))};
  };
  if (const int descriptor = descriptor_of(path); descriptor >= 0) {
    const Problem problem = write_to_stream(descriptor, bytes);
    return problem ? std::optional(failure(*problem)) : std::nullopt;
  }
  std::error_code error;
  const fs::path target = target_of(path);
  const fs::path folder = target.parent_path();
  if (!folder.empty()) fs::create_directories(folder, error);
  if (error)
    return model::Failure{
        fmt::format("cannot make the folder `{}`: {}", folder.string(), error.message())};
  const Problem problem = write_target(target, bytes);
  return problem ? std::optional(failure(*problem)) : std::nullopt;
}

}  // namespace capstan::runtime
