// SPDX-License-Identifier: MIT
// Loaded before a program (LD_PRELOAD): the nth allocation fails, or all from the nth on. For tests
// of what a program does then.
//
// CAPSTAN_FAIL_AT=n counts malloc, calloc, realloc and aligned allocations from the start of this
// library; CAPSTAN_FAIL_ALL=1 lets all later ones fail too. Without the first nothing fails.
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

}  // extern "C"

namespace {

std::atomic<long> fail_at{0};  // 0: never
std::atomic<bool> fail_all{false};
std::atomic<long> made{0};

bool fails() {
  const long wanted = fail_at.load(std::memory_order_relaxed);
  if (wanted == 0) return false;
  const long number = made.fetch_add(1, std::memory_order_relaxed) + 1;
  return fail_all.load(std::memory_order_relaxed) ? number >= wanted : number == wanted;
}

__attribute__((constructor)) void begin() {
  const char* const all = std::getenv("CAPSTAN_FAIL_ALL");
  fail_all = all != nullptr && *all == '1';
  const char* const at = std::getenv("CAPSTAN_FAIL_AT");
  fail_at = at == nullptr ? 0 : std::atol(at);
}

void* refused() {
  errno = ENOMEM;
  return nullptr;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return fails() ? refused() : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) {
  return fails() ? refused() : __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  return fails() ? refused() : __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
  return fails() ? refused() : __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** result, std::size_t alignment, std::size_t size) {
  void* const made_now = memalign(alignment, size);
  if (made_now == nullptr) return ENOMEM;
  *result = made_now;
  return 0;
}

}  // extern "C"
