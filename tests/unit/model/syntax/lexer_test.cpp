// SPDX-License-Identifier: MIT
// The lexer: tables of text and tokens; what it reports, and with what it goes on.
#include "model/syntax/lexer.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace capstan::model;

namespace {

/// Tokens by their spelling, or by a letter for their kind: i identifier, U upper identifier, #
/// number, s caption.
std::string kinds(const std::string& text, Diagnostics& diagnostics) {
  const SourceFile source("x.cap", text);
  std::string result;
  for (const SyntaxToken& token : lex(source, diagnostics).tokens) {
    if (!result.empty()) result += ' ';
    switch (token.kind) {
      case TokenKind::Identifier:
        result += 'i';
        break;
      case TokenKind::UpperIdentifier:
        result += 'U';
        break;
      case TokenKind::Integer:
        result += '#' + std::to_string(token.number);
        break;
      case TokenKind::String:
        result += 's';
        break;
      case TokenKind::Underscore:
        result += '_';
        break;
      case TokenKind::End:
        result += '$';
        break;
      default:
        result += spelling(token.kind);
    }
  }
  return result;
}

std::string kinds(const std::string& text) {
  Diagnostics diagnostics;
  std::string result = kinds(text, diagnostics);
  CHECK(diagnostics.empty());
  return result;
}

/// The tokens of a faulty text, and the codes of what was reported.
std::string faulty(const std::string& text) {
  Diagnostics diagnostics;
  std::string result = kinds(text, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.sorted()) result += " " + diagnostic.code;
  return result;
}

}  // namespace

TEST_CASE("words and numbers", "[lexer]") {
  CHECK(kinds("") == "$");
  CHECK(kinds("term Term t_1 T_1 _") == "i U i U _ $");
  CHECK(kinds("up from by until set map true none self") ==
        "i i i i i i i i i $");  // words only in their places
  CHECK(kinds("0 42 1_000 9223372036854775807") == "#0 #42 #1000 #9223372036854775807 $");
  CHECK(kinds("1..2") == "#1 .. #2 $");
  CHECK(kinds("Replica 1.x") == "U #1 . i $");
}

TEST_CASE("every reserved word is one token, and no longer word is", "[lexer]") {
  for (const TokenKind kind : reserved_words()) {
    const std::string word(spelling(kind));
    CHECK(kinds(word) == word + " $");
    CHECK(kinds(word + "_") == "i $");
  }
  CHECK(reserved_words().size() == 53);
}

TEST_CASE("operators, the longest first", "[lexer]") {
  CHECK(kinds("a..b") == "i .. i $");
  CHECK(kinds("a.b") == "i . i $");
  CHECK(kinds("->-=-") == "-> -= - $");
  CHECK(kinds("== = != ! <= < >= >") == "== = != ! <= < >= > $");
  CHECK(kinds("+= + ?? ? * / %") == "+= + ?? ? * / % $");
  CHECK(kinds("( ) { } [ ] , ; :") == "( ) { } [ ] , ; : $");
  CHECK(kinds("x!=y x! == y") == "i != i i ! == i $");
  CHECK(kinds("a--b") == "i - - i $");
  CHECK(kinds("a<-b") == "i < - i $");
}

TEST_CASE("comments and white space", "[lexer]") {
  CHECK(kinds("a // b\n\tc\r\n//d") == "i i $");
  CHECK(kinds("\xEF\xBB\xBF"
              "protocol p") == "protocol i $");
  const SourceFile source("x.cap",
                          "/// One.\n///\n///  Two.\nprotocol p /// Three.\nrole R //// none\n{}");
  Diagnostics diagnostics;
  const TokenList list = lex(source, diagnostics);
  CHECK(list.docs[list.tokens[0].doc] == "One.\n\n Two.");
  CHECK(list.tokens[1].doc == 0);
  CHECK(list.docs[list.tokens[2].doc] == "Three.");
  CHECK(list.tokens[4].doc == 0);
  CHECK(list.tokens[0].is_first_on_line);
  CHECK_FALSE(list.tokens[1].is_first_on_line);
  CHECK(list.tokens[2].is_first_on_line);
}

TEST_CASE("spans cover the tokens, and the end stands behind the last one", "[lexer]") {
  const SourceFile source("x.cap", "  role Node  // end\n");
  Diagnostics diagnostics;
  const TokenList list = lex(source, diagnostics);
  CHECK(source.text(list.tokens[0].span) == "role");
  CHECK(source.text(list.tokens[1].span) == "Node");
  CHECK(list.tokens[2].span == Span{11, 11});
}

TEST_CASE("captions", "[lexer]") {
  CHECK(kinds(R"(says "{self} grows" {)") == "says s { $");
  CHECK(kinds(R"("a // b")") == "s $");
  CHECK(faulty("says \"open\nx") == "says s i $ E0003");
  CHECK(faulty("says \"open { x = 1 }\ny") == "says s { i = #1 } i $ E0003");
  CHECK(faulty("says \"{x} open {  // why\ny") == "says s { i $ E0003");
  CHECK(faulty("says 'single' {") == "says s { $ E0002");
  CHECK(faulty("says “curly” {") == "says s { $ E0002");
}

TEST_CASE("faulty numbers are reported once, and stand for a number", "[lexer]") {
  CHECK(faulty("9223372036854775808") == "#9223372036854775807 $ E0004");
  CHECK(faulty("99999999999999999999999") == "#9223372036854775807 $ E0004");
  CHECK(faulty("1.5") == "#0 $ E0005");
  CHECK(faulty("12ab") == "#0 $ E0005");
  CHECK(faulty("1__0 1_") == "#0 #0 $ E0005 E0005");
}

TEST_CASE("signs of other languages stand for ours", "[lexer]") {
  CHECK(faulty("a && b || c") == "i and i or i $ E0102 E0102");
  CHECK(faulty("a := b === c") == "i = i == i $ E0102 E0102");
  CHECK(faulty("a <> b =< c") == "i != i <= i $ E0102 E0102");
  CHECK(faulty("0..<3 0...3") == "#0 .. #3 #0 .. #3 $ E0102 E0102");
  CHECK(faulty("a ≤ b ∧ c ≠ d → e") == "i <= i and i != i -> i $ E0002 E0002 E0002 E0002");
}

TEST_CASE("characters of no word", "[lexer]") {
  CHECK(faulty("a @@ b") == "i i $ E0002");
  CHECK(faulty("# a comment\nb") == "i $ E0002");
  CHECK(faulty("größe") == "i $ E0002");
  CHECK(faulty("Ähre") == "i $ E0002");
  CHECK(faulty("_x") == "i $ E0108");
  CHECK(faulty("a\xc2\xa0"
               "b") == "i i $ E0002");
  CHECK(faulty("/* a\n b */ c") == "i $ E0006");
  CHECK(faulty("/* a") == "$ E0006");
  CHECK(faulty(std::string("a\0b", 3)) == "i i $ E0002");
  CHECK(faulty(std::string("a\0\0", 3)) == "i $ E0002");  // once an endless loop
  CHECK(faulty("a \xff\xfe b \xff") == "i i $ E0001");
}
