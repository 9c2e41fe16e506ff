// SPDX-License-Identifier: MIT
#include "model/system/reasons.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

/// More parts than this, or longer ones, are not read.
constexpr std::size_t parts_most = 6, length_most = 60;

std::string cut(std::string text) {
  if (text.size() <= length_most) return text;
  text.resize(length_most);
  while ((static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
  return text + "...";
}

const char* sign_of(ExprKind kind) {
  using enum ExprKind;
  switch (kind) {
    case NotEqual:
    case TimeNotEqual:
      return "!=";
    case Less:
    case TimeLess:
      return "<";
    case LessEqual:
    case SubsetEqual:
    case PointwiseLessEqual:
    case TimeLessEqual:
      return "<=";
    case Greater:
    case TimeGreater:
      return ">";
    case GreaterEqual:
    case TimeGreaterEqual:
      return ">=";
    case In:
      return "in";
    case NotIn:
      return "not in";
    default:
      return "==";
  }
}

class Search {
 public:
  Search(const Frame& frame, Environment& environment)
      : frame_(frame), types_(environment.protocol->types), environment_(environment) {}

  void descend(const Expr& expr, bool truth) {
    using enum ExprKind;
    switch (expr.kind) {
      case Not:
        return descend(*expr.operands[0], !truth);
      case And:
        return truth ? descend_all(expr, true) : descend_first(expr, false);
      case Or:
        return truth ? descend_first(expr, true) : descend_all(expr, false);
      case Implies:
        if (truth && !is_true(*expr.operands[0])) return descend(*expr.operands[0], false);
        if (!truth) descend(*expr.operands[0], true);
        return descend(*expr.operands[1], truth);
      case If: {
        const bool condition = is_true(*expr.operands[0]);
        descend(*expr.operands[0], condition);
        return descend(*expr.operands[condition ? 1 : 2], truth);
      }
      case Comprehension:
        return into_element(expr, truth);
      case Equal:
      case NotEqual:
      case Less:
      case LessEqual:
      case Greater:
      case GreaterEqual:
      case SubsetEqual:
      case PointwiseLessEqual:
      case In:
      case NotIn:
      case TimeEqual:
      case TimeNotEqual:
      case TimeLess:
      case TimeLessEqual:
      case TimeGreater:
      case TimeGreaterEqual:
        for (std::size_t i = 0; i < 2; ++i) add(*expr.operands[i]);
        compared_.push_back(&expr);
        return;
      default:  // whatever else has a truth value is a part by itself
        return add(expr);
    }
  }

  Reasons take() { return std::move(reasons_); }

  /// "1 == 0 and 2 in {}": the comparisons that decide, with values for their sides. Only where
  /// they are all that decides; to be asked for while the elements found are bound.
  std::string comparison_words() {
    std::string text;
    for (const Expr* each : compared_) {
      if (types_.at(each->operands[0]->type).kind == Type::Kind::Time) return "";  // of no clock
      const auto side = [&](std::size_t i) {
        const Expr& operand = *each->operands[i];
        return cut(types_.format(operand.type, evaluate(operand, environment_)));
      };
      text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", side(0), sign_of(each->kind),
                          side(1));
    }
    return text;
  }

 private:
  bool is_true(const Expr& expr) { return evaluate(expr, environment_).truth(); }

  void descend_all(const Expr& expr, bool truth) {
    for (const ExprPtr& operand : expr.operands) descend(*operand, truth);
  }

  void descend_first(const Expr& expr, bool truth) {
    for (const ExprPtr& operand : expr.operands)
      if (is_true(*operand) == truth) return descend(*operand, truth);
  }

  void into_element(const Expr& expr, bool truth) {
    const model::Comprehension& of = *expr.comprehension;
    if (of.kind != (truth ? ComprehensionKind::Some : ComprehensionKind::Every)) return add(expr);
    for_each_binding(of.binders, of.where.get(), environment_, [&] {
      if (is_true(*of.value) != truth) return true;
      for (const Binder& binder : of.binders)
        for (const int slot : binder.slots) add_element(slot);
      const std::size_t count = reasons_.parts.size();
      descend(*of.value, truth);
      // "a == b for a, b where ...": what is said of them is why they were looked at.
      if (of.where && reasons_.parts.size() == count) descend(*of.where, true);
      return false;
    });
  }

  void add_element(int slot) {
    const Value& value = environment_.locals->at(static_cast<std::size_t>(slot));
    const TypeId type = frame_.slots.at(static_cast<std::size_t>(slot)).type;
    reasons_.elements.push_back({slot, value});
    note_process(type, value);
    if (types_.at(type).kind != Type::Kind::Message) return;
    for (std::size_t i = value.elements().size() - 2; i < value.elements().size(); ++i)
      note_process(types_.at(type).fields[i].type, value.elements()[i]);
  }

  void add(const Expr& part) {
    for_each_node(part, [this](const Expr& node) {
      if (node.kind == ExprKind::Constant) note_process(node.type, node.value);
    });
    const bool is_element = part.kind == ExprKind::Local &&
                            std::ranges::find(reasons_.elements, part.slot,
                                              &Reasons::Element::slot) != reasons_.elements.end();
    if (is_element || part.kind == ExprKind::Constant) return;
    reasons_.parts.push_back({part.span, part.type, evaluate(part, environment_)});
  }

  void note_process(TypeId type, const Value& value) {
    if (types_.at(type).kind == Type::Kind::Process && value.kind() == Value::Kind::Integer)
      reasons_.processes.insert(static_cast<int>(value.number()));
  }

  const Frame& frame_;
  const TypeTable& types_;
  Environment& environment_;
  Reasons reasons_;
  std::vector<const Expr*> compared_;
};

}  // namespace

Reasons reasons_of(const Expr& formula, const Frame& frame, bool truth, Environment& environment) {
  Search search(frame, environment);
  search.descend(formula, truth);
  return search.take();
}

void fail_assertion(const Expr& formula, Span span, Environment environment) {
  ModelError error{"an assertion is false", span};
  std::vector<Value> locals = *environment.locals;
  environment.locals = &locals;
  Frame frame;  // nobody is told of elements
  frame.slots.resize(locals.size());
  try {
    Search search(frame, environment);
    search.descend(formula, false);
    const std::string values = search.comparison_words();
    if (!values.empty()) error.message += ": " + values;
  } catch (const ModelError&) {
    // Then it is told without the values.
  }
  throw error;
}

std::string element_words(const Reasons& reasons, const Frame& frame, const TypeTable& types) {
  std::string text;
  for (const Reasons::Element& element : reasons.elements) {
    const Frame::Slot& slot = frame.slots.at(static_cast<std::size_t>(element.slot));
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", slot.name,
                        types.format(slot.type, element.value));
  }
  return text;
}

std::string part_words(const Reasons& reasons, const TypeTable& types, const SourceFile& source,
                       const std::string& whole) {
  std::vector<std::string> parts;
  for (const ReasonPart& part : reasons.parts) {
    const std::string name = source.folded_text(part.span);
    const std::string value = types.format(part.type, part.value);
    if (name == whole || name == value) continue;
    std::string words = fmt::format("`{}` is {}", cut(name), cut(value));
    if (std::ranges::find(parts, words) == parts.end()) parts.push_back(std::move(words));
  }
  const bool has_more = parts.size() > parts_most;
  if (has_more) parts.resize(parts_most);
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool is_last = i + 1 == parts.size() && !has_more;
    text += i == 0 ? "" : is_last ? " and " : ", ";
    text += parts[i];
  }
  return has_more ? text + ", and so on" : text;
}

}  // namespace capstan::model
