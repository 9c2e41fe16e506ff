// SPDX-License-Identifier: MIT
#include "checker/prove/formula_text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace capstan::checker {
namespace {

/// How tightly what is written holds together.
enum class Level { Implies, Or, And, Compare, Sum, Atom };

struct Written {
  std::string text;
  Level level = Level::Atom;
};

class Writer {
 public:
  explicit Writer(const ValueText& value_text) : value_text_(value_text) {}

  std::string write(const z3::expr& e, Level least) const {
    const Written written = write(e);
    return written.level < least ? "(" + written.text + ")" : written.text;
  }

 private:
  Written write(const z3::expr& e) const {
    std::int64_t number = 0;
    if (e.is_numeral_i64(number)) return {std::to_string(number), Level::Atom};
    if (e.is_const()) return {e.decl().name().str(), Level::Atom};
    if (!e.is_app()) return {e.to_string(), Level::Implies};
    switch (e.decl().decl_kind()) {
      case Z3_OP_AND:
        return {joined(e, " and ", Level::Compare), Level::And};
      case Z3_OP_OR:
        return disjunction(e);
      case Z3_OP_IMPLIES:
        return {write(e.arg(0), Level::Or) + " implies " + write(e.arg(1), Level::Or),
                Level::Implies};
      case Z3_OP_NOT:
        return negation(e.arg(0));
      case Z3_OP_EQ:
      case Z3_OP_IFF:
        if (e.arg(0).is_bool())
          return {write(e.arg(0), Level::Sum) + " == " + write(e.arg(1), Level::Sum),
                  Level::Compare};
        return comparison(e, "==", "==");
      case Z3_OP_LE:
        return comparison(e, "<=", ">=");
      case Z3_OP_GE:
        return comparison(e, ">=", "<=");
      case Z3_OP_LT:
        return comparison(e, "<", ">");
      case Z3_OP_GT:
        return comparison(e, ">", "<");
      case Z3_OP_ADD:
        return {joined(e, " + ", Level::Sum), Level::Sum};
      case Z3_OP_MUL:
        return {joined(e, " * ", Level::Atom), Level::Atom};
      case Z3_OP_ITE:
        return {fmt::format("if {} then {} else {}", write(e.arg(0), Level::Implies),
                            write(e.arg(1), Level::Implies), write(e.arg(2), Level::Implies)),
                Level::Implies};
      default:
        return {e.to_string(), Level::Implies};
    }
  }

  std::string joined(const z3::expr& e, const char* between, Level least) const {
    std::string text;
    for (unsigned i = 0; i < e.num_args(); ++i)
      text += (i == 0 ? "" : between) + write(e.arg(i), least);
    return text;
  }

  /// What is denied among the disjuncts is a condition.
  Written disjunction(const z3::expr& e) const {
    std::string given, then;
    for (unsigned i = 0; i < e.num_args(); ++i) {
      const z3::expr part = e.arg(i);
      const bool is_denied = part.is_not() && i + 1 < e.num_args();
      std::string& into = is_denied ? given : then;
      if (!into.empty()) into += is_denied ? " and " : " or ";
      into += write(is_denied ? part.arg(0) : part, Level::Compare);
    }
    if (given.empty()) return {then, Level::Or};
    return {given + " implies " + then, Level::Implies};
  }

  Written negation(const z3::expr& e) const {
    if (e.is_app() && e.num_args() == 2 && !e.arg(0).is_bool()) {
      switch (e.decl().decl_kind()) {
        case Z3_OP_EQ:
          return comparison(e, "!=", "!=");
        case Z3_OP_LE:
          return comparison(e, ">", "<");
        case Z3_OP_GE:
          return comparison(e, "<", ">");
        default:
          break;
      }
    }
    return {"not " + write(e, Level::Atom), Level::Compare};
  }

  /// Adds the parts of a sum, those with a minus to the other side.
  static void split(const z3::expr& e, std::vector<std::pair<std::int64_t, z3::expr>>& terms,
                    std::int64_t sign, std::int64_t& constant) {
    std::int64_t number = 0;
    if (e.is_numeral_i64(number)) {
      constant += sign * number;
    } else if (e.is_app() && e.decl().decl_kind() == Z3_OP_ADD) {
      for (unsigned i = 0; i < e.num_args(); ++i) split(e.arg(i), terms, sign, constant);
    } else if (e.is_app() && e.decl().decl_kind() == Z3_OP_MUL && e.num_args() == 2 &&
               e.arg(0).is_numeral_i64(number)) {
      terms.emplace_back(sign * number, e.arg(1));
    } else {
      terms.emplace_back(sign, e);
    }
  }

  /// `word` between the sides; `turned` means the same of the sides exchanged.
  Written comparison(const z3::expr& e, const char* word, const char* turned) const {
    std::vector<std::pair<std::int64_t, z3::expr>> terms;
    std::int64_t constant = 0;
    split(e.arg(0), terms, 1, constant);
    split(e.arg(1), terms, -1, constant);
    std::string left, right;
    for (const auto& [factor, term] : terms) {
      std::string& side = factor > 0 ? left : right;
      const std::int64_t size = factor > 0 ? factor : -factor;
      side += side.empty() ? "" : " + ";
      side += (size == 1 ? "" : std::to_string(size) + " * ") + write(term, Level::Atom);
    }
    const bool is_turned = left.empty();
    if (is_turned) {
      std::swap(left, right);
      constant = -constant;
    }
    const char* between = is_turned ? turned : word;
    if (right.empty()) {
      std::string value = terms.size() == 1 ? value_text_(left, -constant) : "";
      right = value.empty() ? std::to_string(-constant) : value;
    } else if (constant != 0) {
      std::string& side = constant > 0 ? left : right;
      side += fmt::format(" + {}", constant > 0 ? constant : -constant);
    }
    return {fmt::format("{} {} {}", left, between, right), Level::Compare};
  }

  const ValueText& value_text_;
};

}  // namespace

std::string formula_text(const z3::expr& formula, const ValueText& value_text) {
  return Writer(value_text).write(formula, Level::Implies);
}

}  // namespace capstan::checker
