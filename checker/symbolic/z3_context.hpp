// SPDX-License-Identifier: MIT
// z3_context: a context of Z3 that says so when there is no memory for one.
//
// To: symbolic, prove. Z3 answers with a null pointer then, which z3::context uses all the same: a
// segmentation fault. Tested by: tests/specs/memory_test.cpp.
#pragma once

#include <z3++.h>

#include <memory>
#include <new>
#include <type_traits>

namespace capstan::checker {

/// Takes some 3 ms to make. What is made in it must not outlive it.
class Z3Context {
 public:
  /// Throws std::bad_alloc.
  Z3Context() : owned_(make()), scoped_(owned_.get()) {}

  z3::context& get() { return scoped_(); }

 private:
  struct Delete {
    void operator()(Z3_context context) const { Z3_del_context(context); }
  };
  using Owned = std::unique_ptr<std::remove_pointer_t<Z3_context>, Delete>;

  static Owned make() {
    z3::config config;
    Owned made(Z3_mk_context_rc(config));
    if (!made) throw std::bad_alloc();
    return made;
  }

  Owned owned_;
  z3::scoped_context scoped_;
};

}  // namespace capstan::checker
