// SPDX-License-Identifier: MIT
// parser_internal: the recursive descent parser as one class, for the parse_*.cpp files and nobody
// else.
//
// One function a rule of the grammar (model/README.md). An error puts the parser in *recovery*:
// from then on it sees Stop tokens only, so every rule ends at once and no second error of the same
// cause is given; the nearest list of statements, members or declarations then skips to where its
// next item begins and goes on. Errors whose meaning is plain (`&&`, a misspelt word) are reported
// without recovery. New lines are white space, but recovery trusts them: an item that begins a line
// is likely to be an item. Depth: calls are bounded by `nesting_max`, and so is the height of trees
// that loops build.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/source/diagnostic.hpp"
#include "model/source/source_file.hpp"
#include "model/syntax/ast.hpp"
#include "model/syntax/lexer.hpp"
#include "model/syntax/token.hpp"

namespace capstan::model {

/// How many brackets, blocks or operators may stand inside each other.
inline constexpr std::uint32_t nesting_max = 200;

class Parser {
 public:
  Parser(const SourceFile& source, TokenList tokens, Diagnostics& diagnostics);

  ast::File file();
  /// One expression and nothing else, as in a caption; null if it has an error.
  ast::ExprPtr lone_expression(std::uint32_t depth);

 private:
  struct OperatorAhead {
    std::string_view op;
    int level;
    std::size_t token_count;
  };

  // --- tokens (parser_core.cpp)
  const SyntaxToken& peek(std::size_t ahead = 0) const;  // Stop while recovering
  const SyntaxToken& real(std::size_t ahead = 0) const;  // also while recovering
  const SyntaxToken& last() const;                       // the token taken last
  bool at_misused_word() const;  // a reserved word that is a name, wrongly, in this file
  TokenKind kind(std::size_t ahead = 0) const { return peek(ahead).kind; }
  bool at(TokenKind wanted, std::size_t ahead = 0) const { return kind(ahead) == wanted; }
  bool at_word(std::string_view word, std::size_t ahead = 0) const;
  std::string_view text(const SyntaxToken& token) const { return source_.text(token.span); }
  const SyntaxToken& take();
  bool accept(TokenKind wanted);
  bool accept_word(std::string_view word);
  /// Takes the token, or reports that it is missing; `purpose` goes on after it ("after the name of
  /// the param").
  bool expect(TokenKind wanted, std::string_view purpose);
  bool expect_word(std::string_view word, std::string_view purpose);
  /// `=`; takes `==` and `:` for it, with an error.
  bool expect_assign(std::string_view purpose);
  /// `->`; takes `=>` for it, with an error.
  bool accept_arrow();
  Span span_from(std::uint32_t begin) const;  // up to the token taken last
  std::uint32_t begin() const { return peek().span.begin; }

  // --- errors
  Diagnostic& report(std::string_view code, Span span, std::string message, std::string label = "");
  Diagnostic& fail(std::string_view code, Span span, std::string message, std::string label = "");
  /// "expected X, found Y"; enters recovery. What is missing is shown behind the last line if Y
  /// begins a new one; `fail_unexpected` always shows Y.
  Diagnostic& fail_expected(std::string_view what);
  Diagnostic& fail_unexpected(std::string_view what);
  bool is_consequence();
  std::string describe(const SyntaxToken& token) const;
  std::string described_context(std::string_view message) const;
  /// If the identifier ahead is close to one of the words (or an alias of one in other languages),
  /// reports that and gives the word.
  std::optional<std::string> misspelt(const std::vector<std::string>& words);

  /// Names what is being read, for the notes of errors, as long as it lives.
  class Context {
   public:
    Context(Parser& parser, std::string what) : parser_(parser) {
      parser_.contexts_.push_back(std::move(what));
    }
    ~Context() { parser_.contexts_.pop_back(); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

   private:
    Parser& parser_;
  };

  /// Counts nesting; not `ok` beyond the limit, which is then reported.
  class Nesting {
   public:
    explicit Nesting(Parser& parser);
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    bool ok() const { return ok_; }

   private:
    Parser& parser_;
    bool ok_ = true;
  };

  // --- brackets and recovery (parser_recovery.cpp)
  struct Bracket {
    Span open;
    std::string what;     // "the block of the handler `on Query`"
    bool is_list = true;  // may have commas
  };
  struct Closed {
    Span open, close;
    std::string what;
  };
  Bracket open_bracket(std::string what, bool is_list = true);  // takes the bracket ahead
  bool at_end_of_item() const;  // what stands ahead cannot be in parentheses
  void close_bracket(const Bracket& bracket, TokenKind closer);
  void fail_unclosed(const Bracket& bracket, TokenKind closer);
  /// At the end of a braced list of items: takes `}`, or reports that it is missing.
  bool closes_list(const Bracket& bracket, bool (*begins_item)(TokenKind));
  std::uint32_t indentation(std::uint32_t offset) const;
  /// After an error in the head of a block: goes on at its `{` if that stands on the same line.
  void recover_at_block();
  /// Skips to the next item of a braced list: a token for which `begins` is true and that is the
  /// first on its line, or the closing brace; takes a `;` at the end of the item. `item` is where
  /// the item with the error began.
  template <typename Begins>
  void recover_in_list(const Bracket& list, std::size_t item, Begins begins);
  /// The items up to the closing brace, each perhaps with a `;` behind it; goes on after errors.
  template <typename Item>
  void item_list(const Bracket& list, bool (*begins_item)(TokenKind), Item item);
  bool is_recovering() const { return is_recovering_; }
  static bool begins_statement(TokenKind kind);
  static bool begins_member(TokenKind kind);
  static bool begins_declaration(TokenKind kind);

  // --- names and separators
  ast::Name take_name();
  ast::Name name(std::string_view what);        // lower case: "the name of the param"
  ast::Name upper_name(std::string_view what);  // upper case
  ast::Name wrong_case(std::string_view what, bool wants_upper);
  template <typename Item>
  void comma_list(Item item);  // item {"," item}

  // --- what other languages write (parse_foreign.cpp)
  /// Makes each name that is declared with `-` one token, wherever it stands.
  void join_hyphenated();
  std::size_t hyphenated_length(std::size_t first) const;
  std::vector<std::string_view> hyphenated_declarations() const;
  void report_hyphen(const ast::Name& name);
  /// A string between quotes that could be an enumerator.
  std::optional<std::string> quoted_name() const;
  ast::Name take_quoted_name(std::string_view message);
  bool is_adjacent(std::size_t ahead = 0) const;  // no space before that token
  bool at_quantifier() const;
  ast::ExprPtr quantifier();
  ast::ExprPtr quantifier_as_call(std::string_view meant);
  bool temporal_property(ast::Property& property);
  ast::ExprPtr inner_temporal();
  void while_statement(ast::Statement& statement);
  ast::ExprPtr set_filter(ast::ExprPtr set);

  // --- declarations (parse_declarations.cpp)
  void head();
  void declaration();
  bool declaration_by_keyword();
  void add(ast::DeclRef::Kind kind, std::size_t index);
  void misplaced_member();
  void misplaced_items();
  void unexpected_declaration();
  void recover_at_declaration(std::size_t item);
  ast::Param param(bool in_role);
  ast::TypeDecl type_declaration();
  ast::Ghost ghost();
  ast::Invariant invariant();
  ast::Message message();
  ast::Signature signature(std::string_view what);
  std::vector<ast::Field> fields(std::string_view what);
  bool at_field_without_name() const;
  ast::Field field();
  ast::Object object();
  void builtin_object(ast::Object& object);
  void object_body(ast::Object& object);
  ast::ObjectState object_state();
  ast::ObjectOp object_op();
  ast::Function function();

  // --- types (parse_types.cpp)
  ast::TypePtr type();
  ast::TypePtr simple_type();
  ast::TypePtr named_type();
  ast::TypePtr range_type();
  ast::TypePtr misspelt_type();
  ast::TypePtr collection_type(ast::TypeKind kind);
  ast::TypePtr enumeration_type();
  ast::ExprPtr bound();
  ast::ExprPtr bound_product();
  ast::ExprPtr bound_atom();

  // --- roles (parse_roles.cpp)
  ast::Role role();
  void role_body(ast::Role& role);
  void member(ast::Role& role);
  ast::Variable variable();
  bool is_keyword_misspelt(const std::vector<std::string>& words);
  bool at_statement() const;
  /// `members` is how far the members of the role are indented.
  void misplaced_statements(const Bracket& role, std::uint32_t members);
  void on(ast::Role& role);
  void on_block(ast::Role& role, std::uint32_t start);
  ast::Handler handler(std::uint32_t start);
  ast::Action action();
  ast::Operation operation();
  ast::Merge merge();
  std::vector<ast::Name> parameter_names(std::string_view what);
  ast::ExprPtr when();
  std::optional<ast::Caption> says();
  void caption_parts(ast::Caption& caption);
  std::size_t caption_expression(ast::Caption& caption, std::size_t open);

  // --- statements (parse_statements.cpp)
  ast::Block block(std::string what);
  void statements(ast::Block& block, const Bracket& bracket);
  void after_leave(const ast::Statement& leave);
  ast::Statement statement();
  ast::Statement statement_by_keyword(std::uint32_t start);
  ast::Statement let();
  void if_statement(ast::Statement& statement);
  ast::Branch branch();
  ast::Block else_block();
  ast::Block unbraced(std::string_view before);
  void send(ast::Statement& statement);
  void reply(ast::Statement& statement);
  void wait(ast::Statement& statement);
  void return_statement(ast::Statement& statement);
  ast::Statement name_statement();
  void assignment(ast::Statement& statement);
  void method_statement(const ast::Statement& statement, std::uint32_t start);
  void unexpected_statement();
  void lone_name();
  ast::Place place();
  ast::ExprPtr value();

  // --- asks, messages, binders (parse_asks.cpp)
  ast::Ask ask();
  void ask_whom(ast::Ask& ask);
  ast::MessageExpr message_expression(std::string_view what);
  std::vector<ast::Arg> arguments(std::string_view what);  // from `(` to `)`
  ast::Arg argument();
  ast::Binders binders();
  ast::Binder binder();

  // --- expressions (parse_expressions.cpp, parse_primaries.cpp)
  ast::ExprPtr expression();
  ast::ExprPtr span();
  ast::ExprPtr sum();
  ast::ExprPtr if_expression();
  ast::ExprPtr operators(int minimum);
  ast::ExprPtr right_operand(const OperatorAhead& op);
  std::optional<OperatorAhead> operator_ahead() const;
  std::optional<OperatorAhead> foreign_operator() const;
  Span take_operator(const OperatorAhead& op);
  void report_chain(const ast::Expr& left);
  ast::ExprPtr prefix(int minimum);
  ast::ExprPtr unary(std::string_view op, int level);
  ast::ExprPtr postfix();
  bool at_enumerator_path(const ast::Expr& type) const;
  ast::ExprPtr enumerator_path();
  ast::ExprPtr member_access(ast::ExprPtr object);
  ast::ExprPtr primary();
  ast::ExprPtr upper_primary();
  ast::ExprPtr name_primary();
  void call_or_comprehension(ast::Expr& call);
  void comprehension(ast::Expr& result, ast::ExprPtr element);
  ast::ExprPtr parenthesis();
  ast::ExprPtr brace();
  void map_entries(ast::Expr& map);
  ast::ExprPtr sequence();
  ast::ExprPtr ask_expression(std::uint32_t start);
  ast::ExprPtr always_operator(const ast::Expr& brackets);
  ast::ExprPtr unexpected_primary();
  ast::ExprPtr needs_parentheses();
  static ast::ExprPtr node(ast::ExprKind kind, std::uint32_t begin);
  ast::ExprPtr name_node(ast::Name name);
  /// Sets the span and the height; a tree that is too high is reported and thrown away.
  ast::ExprPtr finish(ast::ExprPtr node);
  ast::ExprPtr error_node();

  // --- scenarios and cards (parse_scenarios.cpp)
  ast::Scenario scenario(std::string doc);
  void item(ast::Scenario& scenario);
  void unexpected_item(std::string_view where);
  void sweep(ast::Scenario& scenario);
  bool setup(ast::Circumstances& circumstances);
  std::vector<ast::Setting> settings();
  ast::ExprPtr input();
  ast::Subject subject();
  ast::Step step();
  void operation_step(ast::Step& step);
  ast::Card card();
  ast::CardCase card_case();

  // --- faults, clocks, networks (parse_faults.cpp)
  bool circumstance(ast::Circumstances& circumstances);
  void clocks(ast::Circumstances& circumstances);
  ast::Clock clock();
  ast::Network network();
  void faults(ast::Circumstances& circumstances);
  ast::Fault fault();
  bool at_fault() const;
  void partition(ast::Fault& fault);
  void limit(ast::Fault& fault);
  ast::ExprPtr up_to(std::string_view what);

  // --- expectations (parse_properties.cpp)
  ast::Expectation expectation();
  ast::Property property();
  bool history_property(ast::Property& property);
  bool state_property(ast::Property& property);
  bool other_property(ast::Property& property);
  void converges(ast::Property& property);
  bool is_leads_to() const;
  void unknown_property();
  bool at_generator(std::size_t ahead = 0) const;

  const SourceFile& source_;
  TokenList tokens_;
  Diagnostics& diagnostics_;
  ast::File file_;
  Diagnostic ignored_;  // what errors during recovery are written to
  std::size_t at_ = 0;
  bool is_recovering_ = false;
  SyntaxToken stop_;
  std::uint32_t depth_ = 0;
  std::uint32_t tallest_ = 0;  // height of the tallest expression finished so far
  std::vector<std::string> contexts_;
  std::string end_text_ = "the end of the file";
  std::vector<TokenKind> misused_words_;    // reserved words that were used as names, and reported
  std::vector<Closed> suspicious_;          // braces whose ends are not indented alike
  std::optional<std::size_t> unclosed_at_;  // the token at which a missing `}` was reported last
  std::set<std::string> hyphenated_;        // names with `-` that were reported
  bool is_semicolon_reported_ = false;      // between declarations
  bool in_quantifier_ = false;  // the set of `forall x in S . P`: a dot behind a space ends it
};

template <typename Item>
void Parser::comma_list(Item item) {
  do {
    item();
  } while (accept(TokenKind::Comma));
}

template <typename Item>
void Parser::item_list(const Bracket& list, bool (*begins_item)(TokenKind), Item item) {
  while (!closes_list(list, begins_item)) {
    const std::size_t first = at_;
    item();
    if (is_recovering_)
      recover_in_list(list, first,
                      [&](const SyntaxToken& token) { return begins_item(token.kind); });
    accept(TokenKind::Semicolon);
  }
}

template <typename Begins>
void Parser::recover_in_list(const Bracket& list, std::size_t item, Begins begins) {
  int open_count = 0;
  int parenthesis_count = 0;  // what a `;` is in, as in `for (i = 0; i < 3; i++)`
  const std::uint32_t outer = indentation(list.open.begin);
  for (;; ++at_) {
    const SyntaxToken& token = real();
    if (token.kind == TokenKind::End) {
      unclosed_at_ = at_;  // whatever is open is so because of the error just reported
      break;
    }
    if (token.kind == TokenKind::OpenBrace) ++open_count;
    if (token.kind == TokenKind::OpenParenthesis) ++parenthesis_count;
    if (token.kind == TokenKind::CloseParenthesis) --parenthesis_count;
    if (token.kind == TokenKind::CloseBrace && open_count > 0) {
      --open_count;
    } else if (token.kind == TokenKind::CloseBrace) {
      // A brace that is indented more than the list ends a block whose head had the error.
      const bool is_inner = token.is_first_on_line && indentation(token.span.begin) > outer;
      if (!is_inner) break;
    }
    if (token.is_first_on_line && at_ > item) {
      if (open_count == 0 && begins(token)) break;
      if (begins_declaration(token.kind) || begins_member(token.kind)) {
        unclosed_at_ = at_;  // a brace is missing because of the error just reported
        break;
      }
    }
    if (token.kind == TokenKind::Semicolon && open_count == 0 && parenthesis_count <= 0) {
      ++at_;
      break;
    }
  }
  is_recovering_ = false;
}

}  // namespace capstan::model
