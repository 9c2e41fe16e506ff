// SPDX-License-Identifier: MIT
// What the sanitizers do when they find something; linked into every program of a build that has
// them (CMakeLists.txt).
//
// By default they end a program with exit status 1, which says here that an expectation is not met,
// and a test that expects that would pass.

// Looked up by name by the runtimes of GCC and Clang, so they stand in no namespace.
extern "C" const char* __asan_default_options() {
  return "abort_on_error=1:detect_stack_use_after_return=1:check_initialization_order=1";
}
extern "C" const char* __ubsan_default_options() { return "abort_on_error=1:print_stacktrace=1"; }
extern "C" const char* __tsan_default_options() { return "abort_on_error=1:halt_on_error=1"; }

/// What the libraries of the pictures keep until the end of the program.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig\nleak:libpango\nleak:libgvc\nleak:libcgraph\nleak:libgvplugin\n"
         "leak:libglib\n";
}
