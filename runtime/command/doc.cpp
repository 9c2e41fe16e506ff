// SPDX-License-Identifier: MIT
#include "runtime/command/doc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "model/source/diagnostic.hpp"
#include "model/source/explanation.hpp"
#include "model/source/suggest.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/output.hpp"

namespace capstan::runtime {
namespace {

int unknown_code(const std::string& code) {
  std::vector<std::string> codes;
  for (const std::string_view each : model::all_codes()) codes.emplace_back(each);
  std::string message = fmt::format("there is no code `{}`", code);
  const std::vector<std::string> near = model::suggest(code, codes);
  if (!near.empty()) message += fmt::format("; did you mean `{}`?", near.front());
  return usage_error(message + "; `capstan doc` lists all");
}

void print_indented(std::string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    print("{}{}\n", line.empty() ? "" : "    ", line);
    begin = end + 1;
  }
}

}  // namespace

int run_doc(const DocOptionsOnLine& options) {
  if (options.code.empty()) {
    for (const std::string_view code : model::all_codes())
      print("{}  {}\n", code, model::code_summary(code));
    return 0;
  }
  std::string code = options.code;
  for (char& letter : code)
    letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  if (model::code_summary(code).empty()) return unknown_code(options.code);
  print("{}: {}\n", code, model::code_summary(code));
  const model::Explanation* explanation = model::explanation_of(code);
  if (explanation == nullptr) return 0;
  print("\n{}\n\n", explanation->meaning);
  if (!explanation->example.empty()) {
    print("For example:\n\n");
    print_indented(explanation->example);
    print("\n");
  }
  print("{}\n", explanation->mend);
  return 0;
}

}  // namespace capstan::runtime
