// SPDX-License-Identifier: MIT
#include "model/base/stack.hpp"

#include <pthread.h>

#include <cstddef>
#include <cstdint>

namespace capstan::model {
namespace {

/// Stacks are taken for no larger than this: an unlimited one is not to be filled.
constexpr std::size_t kSizeMax = std::size_t{64} << 20U;

/// The address under which less than half of the stack is left; 0 if the system does not tell.
std::uintptr_t low_mark() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  void* lowest = nullptr;
  std::size_t size = 0;
  const bool is_known = pthread_attr_getstack(&attributes, &lowest, &size) == 0;
  pthread_attr_destroy(&attributes);
  if (!is_known) return 0;
  const std::uintptr_t top = reinterpret_cast<std::uintptr_t>(lowest) + size;
  return top - (size < kSizeMax ? size : kSizeMax) / 2;
}

}  // namespace

bool is_stack_low() {
  static thread_local const std::uintptr_t mark = low_mark();
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) < mark;
}

}  // namespace capstan::model
