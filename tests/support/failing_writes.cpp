// SPDX-License-Identifier: MIT
// failing_writes: a library for LD_PRELOAD that lets the nth step of writing files fail as a disk
// that is full would, in a program that knows nothing of it.
//
// CAPSTAN_FAIL_AT=n: the nth call fails (0: none), of those that make, fill, close and name files;
// with CAPSTAN_FAIL_FROM=1 all later ones too. CAPSTAN_CALLS=FILE: how many there were, at the end.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<long> calls{0};

long number_in(const char* name) {
  const char* const text = std::getenv(name);
  return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

/// Whether this call is the one. Then `errno` says that there is no room.
bool fails() {
  static const long at = number_in("CAPSTAN_FAIL_AT");
  static const bool goes_on = number_in("CAPSTAN_FAIL_FROM") != 0;
  const long number = ++calls;
  if (at == 0 || number < at || (number > at && !goes_on)) return false;
  errno = ENOSPC;
  return true;
}

bool is_regular(int file) {
  struct stat status {};
  return fstat(file, &status) == 0 && S_ISREG(status.st_mode);
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

struct Report {
  ~Report() {
    const char* const path = std::getenv("CAPSTAN_CALLS");
    if (path == nullptr) return;
    const long counted = calls;
    if (std::FILE* file = std::fopen(path, "w")) {
      std::fprintf(file, "%ld\n", counted);
      std::fclose(file);
    }
  }
} report;

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  if (is_regular(file) && fails()) return -1;
  return next<ssize_t (*)(int, const void*, size_t)>("write")(file, bytes, size);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  if (is_regular(file) && fails()) return -1;
  return next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite")(file, bytes, size, at);
}

int mkostemp(char* pattern, int flags) {
  if (fails()) return -1;
  return next<int (*)(char*, int)>("mkostemp")(pattern, flags);
}

int fchmod(int file, mode_t mode) {
  if (fails()) return -1;
  return next<int (*)(int, mode_t)>("fchmod")(file, mode);
}

int rename(const char* from, const char* to) {
  if (fails()) return -1;
  return next<int (*)(const char*, const char*)>("rename")(from, to);
}

int close(int file) {
  const bool counts = is_regular(file) && (fcntl(file, F_GETFL) & O_ACCMODE) != O_RDONLY;
  const bool failed = counts && fails();
  const int status = next<int (*)(int)>("close")(file);
  if (failed) errno = ENOSPC;
  return failed ? -1 : status;
}

int mkdir(const char* path, mode_t mode) {
  if (fails()) return -1;
  return next<int (*)(const char*, mode_t)>("mkdir")(path, mode);
}

}  // extern "C"
