// SPDX-License-Identifier: MIT
// tree_dump: one function a kind of node.
#include "support/tree_dump.hpp"

#include <fmt/format.h>

#include <vector>

namespace capstan::tests {

namespace ast = model::ast;

namespace {

/// A class, so that functions may call those that stand behind them.
struct Dumper {
  static std::string dump(const ast::Name& name) { return name.text; }
  static std::string dump(const ast::ExprPtr& expr) { return expr == nullptr ? "~" : dump(*expr); }
  static std::string dump(const ast::TypePtr& type) { return type == nullptr ? "~" : dump(*type); }
  static std::string dump(const ast::Arg& arg) {
    return (arg.name ? arg.name->text + ":" : "") + dump(arg.value);
  }
  static std::string dump(const ast::Field& field) {
    return field.name.text + ":" + dump(field.type);
  }

  template <typename T>
  static std::string dump(const std::optional<T>& item) {
    return item ? dump(*item) : "~";
  }

  template <typename T>
  static std::string list(const std::vector<T>& items) {
    std::string result = "[";
    for (const T& item : items) {
      if (&item != items.data()) result += ' ';
      result += dump(item);
    }
    return result + "]";
  }

  /// `(head part part)`; empty parts are left out.
  static std::string node(const std::string& head, const std::vector<std::string>& parts) {
    std::string result = "(" + head;
    for (const std::string& part : parts) {
      if (!part.empty()) result += " " + part;
    }
    return result + ")";
  }

  static std::string words(const std::vector<ast::ExprPtr>& items) {
    std::string result;
    for (const ast::ExprPtr& item : items) result += (result.empty() ? "" : " ") + dump(item);
    return result;
  }

  static std::string words(const std::vector<ast::Arg>& items) {
    std::string result;
    for (const ast::Arg& item : items) result += (result.empty() ? "" : " ") + dump(item);
    return result;
  }

  static std::string dump(const ast::Binder& binder) {
    return node("in", {list(binder.names), dump(binder.set)});
  }

  static std::string dump(const ast::Binders& binders) {
    return list(binders.list) + (binders.where == nullptr ? "" : " where " + dump(binders.where));
  }

  static std::string dump(const ast::MessageExpr& message) {
    return node(message.name.text, {words(message.args)});
  }

  static std::string dump(const ast::Ask& ask) {
    const bool is_all = ask.count == ast::Ask::Count::All;
    return node("ask", {is_all ? "all" : "",
                        ask.count == ast::Ask::Count::Expr ? dump(ask.quorum) + " of" : "",
                        ask.any ? "any" : "", dump(ask.target), dump(ask.message),
                        ask.where == nullptr ? "" : "where " + dump(ask.where),
                        ask.after == nullptr ? "" : "after " + dump(ask.after),
                        ask.has_else ? "else " + list(ask.otherwise) : ""});
  }

  static std::string dump(const ast::Place& place) {
    std::string result = place.root.text;
    for (const ast::Place::Step& step : place.steps) {
      result += step.field ? "." + step.field->text : "[" + dump(step.index) + "]";
    }
    return result;
  }

  static std::string dump(const ast::Branch& branch) {
    return node("if", {dump(branch.condition), list(branch.block)});
  }

  static std::string dump(const ast::CaptionPart& part) {
    return part.value == nullptr ? "'" + part.text + "'" : dump(part.value);
  }

  static std::string dump(const ast::Caption& caption) { return "says " + list(caption.parts); }

  static std::string dump(const ast::Signature& signature) {
    return node(signature.name.text, {list(signature.fields)});
  }

  static std::string dump(const ast::Param& param) {
    return node("param", {param.name.text, dump(param.type), dump(param.value)});
  }
  static std::string dump(const ast::TypeDecl& type) {
    return node("type", {type.name.text, dump(type.type)});
  }
  static std::string dump(const ast::Ghost& ghost) {
    return node("ghost", {ghost.name.text, dump(ghost.type), dump(ghost.value)});
  }
  static std::string dump(const ast::Invariant& invariant) {
    return node("invariant", {invariant.name.text, dump(invariant.value)});
  }
  static std::string dump(const ast::Message& message) {
    return node("message", {dump(message.request), dump(message.reply)});
  }
  static std::string dump(const ast::ObjectState& state) {
    return node("state", {state.name.text, dump(state.type), dump(state.value)});
  }
  static std::string dump(const ast::ObjectOp& op) {
    return node("op", {op.name.text, list(op.fields), dump(op.result), list(op.block)});
  }
  static std::string dump(const ast::Object& object) {
    return node("object",
                {object.name.text, dump(object.key), dump(object.builtin), dump(object.element),
                 dump(object.initial), list(object.states), list(object.ops)});
  }
  static std::string dump(const ast::Variable& variable) {
    const std::string kinds[] = {"durable", "unsynced", "volatile"};
    return node(kinds[static_cast<int>(variable.kind)],
                {variable.name.text, dump(variable.type), dump(variable.value)});
  }
  static std::string dump(const ast::StartBlock& start) {
    return node(start.restart ? "restart" : "start", {list(start.block)});
  }
  static std::string dump(const ast::Handler& handler) {
    return node("on", {handler.message.text, list(handler.parameters), dump(handler.when),
                       dump(handler.says), list(handler.block)});
  }
  static std::string dump(const ast::Action& action) {
    return node(action.optional ? "optional" : "action",
                {action.name.text, action.has_binders ? dump(action.binders) : "",
                 dump(action.when), dump(action.says), list(action.block)});
  }
  static std::string dump(const ast::Operation& operation) {
    return node("op", {operation.object.text, dump(operation.key), operation.name.text,
                       list(operation.parameters), dump(operation.says), list(operation.block)});
  }
  static std::string dump(const ast::Merge::Pair& pair) {
    return pair.theirs.text + ":" + pair.mine.text;
  }
  static std::string dump(const ast::Merge& merge) {
    return node("merge", {merge.name.text, list(merge.pairs), list(merge.block)});
  }
  static std::string dump(const ast::Function& function) {
    return node("fn", {function.name.text, list(function.parameters), dump(function.result),
                       dump(function.value), list(function.block)});
  }
  static std::string dump(const ast::Role& role) {
    return node("role", {role.name.text, dump(role.count), list(role.params), list(role.variables),
                         list(role.starts), list(role.handlers), list(role.actions),
                         list(role.operations), list(role.merges), list(role.functions)});
  }

  static std::string dump(const ast::Setting& setting) {
    return setting.name.text + "=" + dump(setting.value);
  }

  static std::string dump(const ast::Step& step) {
    switch (step.kind) {
      case ast::Step::Kind::AnyOperations:
        return node("any", {dump(step.value)});
      case ast::Step::Kind::WaitUntil:
        return node("wait", {dump(step.value)});
      case ast::Step::Kind::Operation:
        break;
    }
    return node("call", {dump(step.object), dump(step.key), step.name.text, words(step.inputs)});
  }

  static std::string dump(const ast::Subject& subject) {
    return node(subject.each ? "each" : "one", {subject.role.text, std::to_string(subject.number),
                                                list(subject.settings), list(subject.steps)});
  }

  static std::string dump(const ast::Clock& clock) {
    const std::string kinds[] = {"perfect", "free", "within", "drift", "jump"};
    return node(kinds[static_cast<int>(clock.kind)], {dump(clock.first), dump(clock.second)});
  }

  static std::string dump(const ast::Network& network) {
    const std::string kinds[] = {"fifo", "kept", "delay"};
    return node(kinds[static_cast<int>(network.kind)], {dump(network.delay)});
  }

  static std::string dump(const ast::Fault& fault) {
    const std::string kinds[] = {"partition", "lose", "duplicate", "crash", "pause"};
    return node(kinds[static_cast<int>(fault.kind)],
                {fault.from == nullptr ? "" : "from " + dump(fault.from) + " to " + dump(fault.to),
                 fault.one_way ? "one_way" : "", fault.bridging ? "bridging" : "",
                 fault.dropping ? "dropping" : "", dump(fault.message), dump(fault.subject),
                 dump(fault.limit), dump(fault.at_once)});
  }

  static std::string dump(const ast::Circumstances& circumstances) {
    return list(circumstances.subjects) + " " + list(circumstances.faults) + " " +
           list(circumstances.clocks) + " " + list(circumstances.networks) +
           (circumstances.clocks_span ? " clocked" : "");
  }

  static std::string dump(const ast::Expectation& expectation) {
    return node(expectation.negated ? "expect not" : "expect",
                {dump(expectation.property),
                 expectation.iff == nullptr ? "" : "iff " + dump(expectation.iff)});
  }

  static std::string dump(const ast::Scenario& scenario) {
    return node("scenario", {"'" + scenario.doc + "'", scenario.name.text, list(scenario.settings),
                             dump(scenario.circumstances), list(scenario.sweep),
                             dump(scenario.sweep_where), list(scenario.expectations)});
  }

  static std::string dump(const ast::CardCase& item) {
    return node("under", {item.name.text, dump(item.circumstances)});
  }

  static std::string dump(const ast::Card& card) {
    return node("card", {list(card.settings), dump(card.circumstances), list(card.cases)});
  }

  static std::string dump(const ast::DeclRef& reference) {
    return std::to_string(static_cast<int>(reference.kind)) + "." + std::to_string(reference.index);
  }

  static std::string dump_bracketed(const ast::Expr& expr) {
    const auto& binders = expr.binders;
    switch (expr.kind) {
      case ast::ExprKind::Set:
        return node("set", {words(expr.operands)});
      case ast::ExprKind::Map:
        return node("map", {words(expr.operands)});
      case ast::ExprKind::SetComprehension:
        return node("set-for", {words(expr.operands), dump(binders)});
      case ast::ExprKind::MapComprehension:
        return node("map-for", {words(expr.operands), dump(binders)});
      case ast::ExprKind::Sequence:
        return node("seq", {words(expr.operands)});
      case ast::ExprKind::SequenceComprehension:
        return node("seq-for", {words(expr.operands), dump(binders)});
      case ast::ExprKind::Tuple:
        return node("tuple", {words(expr.args)});
      case ast::ExprKind::Parenthesized:
        return node("paren", {words(expr.operands)});
      default:
        return "(error)";
    }
  }

  static std::string dump(const ast::Expr& expr) {
    switch (expr.kind) {
      case ast::ExprKind::Integer:
        return std::to_string(expr.number);
      case ast::ExprKind::Name:
      case ast::ExprKind::UpperName:
        return expr.name.text;
      case ast::ExprKind::RoleMember:
        return expr.name.text + "#" + std::to_string(expr.number);
      case ast::ExprKind::Call:
        return node("call", {expr.name.text, words(expr.args)});
      case ast::ExprKind::Comprehension:
        return node("for", {expr.name.text, words(expr.operands), dump(expr.binders)});
      case ast::ExprKind::MethodCall:
        return node("method", {expr.name.text, words(expr.operands), words(expr.args)});
      case ast::ExprKind::Field:
        return node(".", {words(expr.operands), expr.name.text});
      case ast::ExprKind::Index:
        return node("at", {words(expr.operands)});
      case ast::ExprKind::Force:
        return node("!", {words(expr.operands)});
      case ast::ExprKind::Unary:
      case ast::ExprKind::Binary:
        return node(expr.op, {words(expr.operands)});
      case ast::ExprKind::If:
        return node("if", {words(expr.operands)});
      case ast::ExprKind::Any:
        return node("any", {words(expr.operands)});
      case ast::ExprKind::Ask:
        return dump(*expr.ask);
      default:
        return dump_bracketed(expr);
    }
  }

  static std::string dump(const ast::Type& type) {
    switch (type.kind) {
      case ast::TypeKind::Bool:
        return "bool";
      case ast::TypeKind::Int:
        return "int";
      case ast::TypeKind::Time:
        return "time";
      case ast::TypeKind::Process:
        return "process";
      case ast::TypeKind::Named:
        return type.name.text;
      case ast::TypeKind::Range:
        return node("..", {dump(type.low), dump(type.high)});
      case ast::TypeKind::Asker:
        return node("asker", {type.name.text});
      case ast::TypeKind::Enumeration:
        return node("enum", {list(type.enumerators)});
      case ast::TypeKind::Tuple:
        return node("tuple", {list(type.fields)});
      case ast::TypeKind::Option:
        return node("option", {dump(type.element)});
      case ast::TypeKind::Set:
        return node("set", {dump(type.element)});
      case ast::TypeKind::Map:
        return node("map", {dump(type.key), dump(type.element)});
      case ast::TypeKind::Sequence:
        return node("seq", {dump(type.element), dump(type.high)});
      case ast::TypeKind::Error:
        break;
    }
    return "(error)";
  }

  static std::string dump(const ast::Statement& statement) {
    using Kind = ast::StatementKind;
    switch (statement.kind) {
      case Kind::Let:
        return node("let", {statement.name.text, dump(statement.value)});
      case Kind::Assign:
        return node(statement.op, {dump(statement.place), dump(statement.value)});
      case Kind::Call:
        return node("do", {statement.name.text, words(statement.args)});
      case Kind::If:
        return node("cond", {list(statement.branches),
                             statement.has_else ? "else " + list(statement.block) : ""});
      case Kind::For:
        return node("for", {dump(statement.binders), list(statement.block)});
      case Kind::Send:
        return node("send",
                    {dump(*statement.message), statement.any ? "any" : "", dump(statement.target),
                     statement.after == nullptr ? "" : "after " + dump(statement.after)});
      case Kind::Reply:
        return node("reply", {statement.message ? dump(*statement.message) : dump(*statement.ask),
                              statement.target == nullptr ? "" : "to " + dump(statement.target)});
      case Kind::Ask:
        return dump(*statement.ask);
      case Kind::WaitUntil:
        return node("wait", {dump(statement.value)});
      case Kind::Assert:
        return node("assert", {dump(statement.value)});
      case Kind::Sync:
        return "sync";
      case Kind::Return:
        return node("return", {statement.value == nullptr ? "" : dump(statement.value)});
      case Kind::Fail:
        return "fail";
      case Kind::Unknown:
        return "unknown";
      case Kind::Next:
        return "next";
      case Kind::Error:
        break;
    }
    return "(error)";
  }

  static std::string dump(const ast::Property& property) {
    const std::string names[] = {"linearizable",
                                 "sequential",
                                 "causal",
                                 "causal-convergent",
                                 "pram",
                                 "regular",
                                 "safe",
                                 "read-your-writes",
                                 "monotonic-reads",
                                 "monotonic-writes",
                                 "writes-follow-reads",
                                 "bounded-staleness",
                                 "converges-on",
                                 "available-to",
                                 "acknowledged-write-lost",
                                 "no-acknowledged-write-lost",
                                 "within-hops",
                                 "semilattice",
                                 "commutes",
                                 "always",
                                 "never",
                                 "reachable",
                                 "inductive",
                                 "eventually",
                                 "eventually-always",
                                 "whenever"};
    std::string listed;
    for (const ast::Name& name : property.names)
      listed += (listed.empty() ? "" : " ") + name.text;
    return node(
        names[static_cast<int>(property.kind)],
        {listed, property.name ? property.name->text : "", property.all ? "all" : "",
         property.ticks ? "ticks" : "", property.first == nullptr ? "" : dump(property.first),
         property.second == nullptr ? "" : dump(property.second),
         property.binders.list.empty() ? "" : dump(property.binders)});
  }

  static std::string dump(const ast::File& file) {
    return node("file",
                {file.version ? std::to_string(*file.version) : "", "'" + file.doc + "'",
                 file.name.text, list(file.params), list(file.types), list(file.ghosts),
                 list(file.invariants), list(file.messages), list(file.objects), list(file.roles),
                 list(file.functions), list(file.scenarios), list(file.cards), list(file.order)});
  }
};

}  // namespace

std::string dump(const ast::File& file) { return Dumper::dump(file); }
std::string dump(const ast::Expr& expr) { return Dumper::dump(expr); }
std::string dump(const ast::Type& type) { return Dumper::dump(type); }
std::string dump(const ast::Statement& statement) { return Dumper::dump(statement); }
std::string dump(const ast::Property& property) { return Dumper::dump(property); }

}  // namespace capstan::tests
