// SPDX-License-Identifier: MIT
// parser: the entry; the rules are in the parse_*.cpp files, see parser_internal.hpp.
#include "model/syntax/parser.hpp"

#include <utility>

#include "model/syntax/lexer.hpp"
#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

ast::File parse(const SourceFile& source, Diagnostics& diagnostics) {
  TokenList tokens = lex(source, diagnostics);
  return Parser(source, std::move(tokens), diagnostics).file();
}

}  // namespace capstan::model
