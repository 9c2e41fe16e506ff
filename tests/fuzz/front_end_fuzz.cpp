// SPDX-License-Identifier: MIT
// front_end_fuzz: any bytes at all through the front end (libFuzzer).
//
// A text without errors must be printed and parsed again to the same tree, and printing must then
// change nothing; formatting it keeps the tree, and formatting twice changes nothing; the
// diagnostics of every text must render. Built twice: syntax_fuzz stops there, front_end_fuzz also
// elaborates what parses at its first points, and lints it.
//
// cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCAPSTAN_FUZZ=ON
// ninja -C build/fuzz syntax_fuzz && mkdir -p build/corpus
// build/fuzz/tests/fuzz/syntax_fuzz -dict=tests/fuzz/spec.dict -max_total_time=120 build/corpus
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "model/base/require.hpp"
#include "model/lint/lint.hpp"
#include "model/source/render.hpp"
#include "model/syntax/format.hpp"
#include "model/syntax/parser.hpp"
#include "model/syntax/printer.hpp"
#include "support/tree_dump.hpp"
#ifdef CAPSTAN_FUZZ_TYPES
#include "model/typed/typecheck.hpp"
#endif

namespace model = capstan::model;

namespace {

void check_identity(const model::ast::File& file) {
  const model::SourceFile printed("printed.cap", model::print(file));
  model::Diagnostics diagnostics;
  const model::ast::File again = model::parse(printed, diagnostics);
  const bool is_same =
      diagnostics.empty() && capstan::tests::dump(file) == capstan::tests::dump(again);
  if (!is_same) {
    std::fprintf(stderr, "%s\n%s\n", std::string(printed.text()).c_str(),
                 model::render_all(diagnostics, printed).c_str());
  }
  CAPSTAN_ENSURE(is_same, "print and parse is the identity");
  CAPSTAN_ENSURE(model::print(again) == printed.text(), "printing twice changes nothing");
}

void check_format(const model::ast::File& file, const model::SourceFile& source) {
  const model::SourceFile formatted("formatted.cap", model::format(source));
  model::Diagnostics diagnostics;
  const model::ast::File again = model::parse(formatted, diagnostics);
  const bool is_same =
      diagnostics.empty() && capstan::tests::dump(file) == capstan::tests::dump(again);
  if (!is_same) std::fprintf(stderr, "%s\n", std::string(formatted.text()).c_str());
  CAPSTAN_ENSURE(is_same, "formatting keeps what is said");
  CAPSTAN_ENSURE(model::format(formatted) == formatted.text(), "formatting twice changes nothing");
}

#ifdef CAPSTAN_FUZZ_TYPES
constexpr std::size_t points_max = 4;

void check_types(const model::ast::File& file, const model::SourceFile& source,
                 model::Diagnostics& diagnostics) {
  const auto points = model::enumerate_points(file, source, diagnostics);
  for (std::size_t i = 0; i < points.size() && i < points_max; ++i) {
    model::elaborate(file, source, points[i], diagnostics);
  }
}
#endif

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const model::SourceFile source("fuzz.cap",
                                 std::string(reinterpret_cast<const char*>(data), size));
  model::Diagnostics diagnostics;
  const model::ast::File file = model::parse(source, diagnostics);
  if (diagnostics.empty()) {
    check_identity(file);
    check_format(file, source);
#ifdef CAPSTAN_FUZZ_TYPES
    check_types(file, source, diagnostics);
    if (!diagnostics.has_errors()) model::lint(file, source, diagnostics);
#endif
  }
  model::render_all(diagnostics, source, true);
  return 0;
}
