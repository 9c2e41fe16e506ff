// SPDX-License-Identifier: MIT
#include "checker/explore/pages.hpp"

#include <sys/mman.h>

#include <cstdint>

#include "model/base/require.hpp"

namespace capstan::checker {

namespace {

constexpr std::size_t huge_page_size = std::size_t{2} << 20;

/// A reserved stretch of addresses that starts at a huge page's boundary, or nullptr.
void* reserve_aligned(std::size_t size) {
  const std::size_t slack = size + huge_page_size;
  void* raw = mmap(nullptr, slack, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  const auto begin = reinterpret_cast<std::uintptr_t>(raw);
  const std::uintptr_t aligned = (begin + huge_page_size - 1) / huge_page_size * huge_page_size;
  if (aligned > begin) munmap(raw, aligned - begin);
  const std::uintptr_t end = begin + slack;
  if (end > aligned + size) munmap(reinterpret_cast<void*>(aligned + size), end - aligned - size);
  return reinterpret_cast<void*>(aligned);
}

}  // namespace

Pages::~Pages() { release(); }

void Pages::release() {
  if (data_ != nullptr) munmap(data_, size_);
  data_ = nullptr;
  size_ = 0;
}

bool Pages::grow(std::size_t size) {
  constexpr std::size_t page_size = 4096;
  size = (size + page_size - 1) / page_size * page_size;
  CAPSTAN_REQUIRE(size >= size_, "Pages only grow");
  if (size == size_) return true;
  void* target = reserve_aligned(size);
  if (target == nullptr) return false;
  void* moved;
  if (data_ == nullptr) {
    moved =
        mmap(target, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  } else {
    moved = mremap(data_, size_, size, MREMAP_MAYMOVE | MREMAP_FIXED, target);
  }
  if (moved == MAP_FAILED) {
    munmap(target, size);
    return false;
  }
  data_ = moved;
  size_ = size;
  // Only advice: without huge pages everything still works, slower.
  if (size >= huge_page_size) static_cast<void>(madvise(data_, size, MADV_HUGEPAGE));
  return true;
}

}  // namespace capstan::checker
