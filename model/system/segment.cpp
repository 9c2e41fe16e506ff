// SPDX-License-Identifier: MIT
#include "model/system/segment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "model/base/require.hpp"
#include "model/system/effort.hpp"
#include "model/system/hops.hpp"
#include "model/system/moved_time.hpp"
#include "model/system/reasons.hpp"

namespace capstan::model {
namespace {

void collect_binders(const std::vector<Binder>& binders, std::set<int>& locals,
                     std::set<int>& variables);

/// The local and variable slots that an expression may read.
void collect_reads(const Expr* expr, std::set<int>& locals, std::set<int>& variables) {
  if (!expr) return;
  if (expr->kind == ExprKind::Local) locals.insert(expr->slot);
  if (expr->kind == ExprKind::Variable) variables.insert(expr->slot);
  if (expr->kind == ExprKind::Call) variables.insert(-1);  // the function may read any variable
  for (const ExprPtr& operand : expr->operands) collect_reads(operand.get(), locals, variables);
  if (!expr->comprehension) return;
  const Comprehension& comprehension = *expr->comprehension;
  collect_binders(comprehension.binders, locals, variables);
  for (const ExprPtr* part :
       {&comprehension.where, &comprehension.key, &comprehension.value, &comprehension.otherwise})
    collect_reads(part->get(), locals, variables);
}

void collect_binders(const std::vector<Binder>& binders, std::set<int>& locals,
                     std::set<int>& variables) {
  for (const Binder& binder : binders) collect_reads(binder.set.get(), locals, variables);
}

}  // namespace

bool next_choices(std::vector<int>& choices, std::vector<int>& sizes) {
  while (!choices.empty()) {
    if (++choices.back() < sizes.back()) return true;
    choices.pop_back();
    sizes.pop_back();
  }
  return false;
}

Segment::Segment(const LocalMachine& machine, int process, ProcessState state,
                 Activation activation, int at, Reading& reading)
    : machine_(machine),
      protocol_(machine.protocol()),
      process_(process),
      state_(std::move(state)),
      activation_(std::move(activation)),
      at_(at),
      reading_(&reading) {}

std::optional<Outcome> Segment::run(const Outcome& base, std::vector<int>& choices,
                                    std::vector<int>& sizes) {
  outcome_ = base;
  outcome_.next = state_;
  choices_ = &choices;
  sizes_ = &sizes;
  choices_made_ = 0;
  call_depth_ = 0;
  const LoweredBody& body = machine_.bodies()[static_cast<std::size_t>(activation_.body)];
  const Activation entry = activation_;
  locals_ = activation_.locals;
  locals_.resize(static_cast<std::size_t>(body.program.slot_count));
  const Effort effort(body.program.code[static_cast<std::size_t>(at_)].statement != nullptr
                          ? body.program.code[static_cast<std::size_t>(at_)].statement->span
                          : body.code->span,
                      true);
  try {
    execute(body.program);
  } catch (const ModelError& error) {
    outcome_ = base;  // the run ends here: what the segment did so far is of no use to anyone
    outcome_.next = state_;
    outcome_.error = error;
  } catch (const EmptyChoice&) {
    activation_ = entry;
    return std::nullopt;
  }
  activation_ = entry;
  // What the last segment sends serves no pending operation.
  for (SentMessage& sent : outcome_.sends)
    if (outcome_.ends_operation) sent.message.chain = {};
  outcome_.label.choices.insert(outcome_.label.choices.end(), choices.begin(), choices.end());
  return std::move(outcome_);
}

bool Segment::is_action() const {
  return machine_.bodies()[static_cast<std::size_t>(activation_.body)].kind ==
         LoweredBody::Kind::Action;
}

Environment Segment::environment() {
  Environment environment;
  environment.protocol = &protocol_;
  environment.locals = &locals_;
  environment.variables = &outcome_.next.variables;
  environment.self = process_;
  environment.sender = activation_.sender;
  environment.asker = activation_.asker.as_value();
  environment.clock = reading_;
  environment.time_rules = machine_.options_.time.rules;
  return environment;
}

Value Segment::value(const Expr& expr) {
  Environment here = environment();
  return evaluate(expr, here);
}

Segment::Exit Segment::execute(const Program& program) {
  int at = call_depth_ == 0 ? at_ : 0;
  for (;;) {
    const Instruction& instruction = program.code[static_cast<std::size_t>(at)];
    int next = at + 1;
    Effort::turn();
    switch (instruction.op) {
      case Instruction::Op::Statement:
        statement(*instruction.statement);
        break;
      case Instruction::Op::Branch:
        if (const bool is_taken = value(*instruction.statement->value).truth();
            machine_.note_branch(*instruction.statement, is_taken), !is_taken)
          next = instruction.target;
        break;
      case Instruction::Op::Jump:
        next = instruction.target;
        break;
      case Instruction::Op::LoopBegin:
        loop_begin(instruction);
        break;
      case Instruction::Op::LoopNext:
        if (!loop_next(instruction)) next = instruction.target;
        break;
      case Instruction::Op::Ask:
        CAPSTAN_REQUIRE(call_depth_ == 0, "a procedure does not suspend");
        if (ask(instruction, at)) return Exit::Suspended;
        break;
      case Instruction::Op::Wait:
        CAPSTAN_REQUIRE(call_depth_ == 0, "a procedure does not suspend");
        suspend(instruction, at, -1);
        return Exit::Suspended;
      case Instruction::Op::Return:
      case Instruction::Op::Fail:
      case Instruction::Op::Unknown:
        finish(instruction.op, instruction.statement);
        return Exit::End;
    }
    at = next;
  }
}

void Segment::statement(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::Let:
      locals_[static_cast<std::size_t>(statement.slot)] = value(*statement.value);
      return;
    case StatementKind::Choose:
      choose(statement);
      return;
    case StatementKind::Assign:
      assign(statement);
      return;
    case StatementKind::Call:
      call(statement);
      return;
    case StatementKind::Send:
      send(statement);
      return;
    case StatementKind::Reply:
      reply(statement);
      return;
    case StatementKind::Assert:
      if (!value(*statement.value).truth())
        fail_assertion(*statement.value, statement.span, environment());
      return;
    case StatementKind::Sync:
      sync();
      return;
    case StatementKind::If:
    case StatementKind::For:
    case StatementKind::Ask:
    case StatementKind::WaitUntil:
    case StatementKind::Return:
    case StatementKind::Fail:
    case StatementKind::Unknown:
    case StatementKind::Next:
      break;
  }
  CAPSTAN_UNREACHABLE("this statement is lowered to instructions of its own");
}

void Segment::choose(const Statement& statement) {
  const Value set = value(*statement.value);
  if (set.elements().empty()) {
    if (is_action()) throw EmptyChoice{};
    throw ModelError{"`any` of an empty set", statement.span};
  }
  if (choices_made_ == choices_->size()) {
    choices_->push_back(0);
    sizes_->push_back(static_cast<int>(set.elements().size()));
  }
  const int choice = (*choices_)[choices_made_++];
  locals_[static_cast<std::size_t>(statement.slot)] =
      set.elements()[static_cast<std::size_t>(choice)];
}

void Segment::assign(const Statement& statement) {
  if (statement.place.root == Place::Root::Ghost) {
    ghost_assign(statement);
    return;
  }
  Environment here = environment();
  const Value assigned = evaluate(*statement.value, here);
  Value& variable = outcome_.next.variables[static_cast<std::size_t>(statement.place.slot)];
  Value changed = model::assign(statement.place, statement.op, variable, assigned, here);
  variable = std::move(changed);
}

/// What the process has written is on disk now.
void Segment::sync() {
  const std::vector<int> slots = protocol_.role_of(process_).unsynced_slots();
  for (std::size_t i = 0; i < slots.size(); ++i)
    outcome_.next.synced[i] = outcome_.next.variables[static_cast<std::size_t>(slots[i])];
}

void Segment::ghost_assign(const Statement& statement) {
  std::set<int> local_reads;
  std::set<int> variable_reads;
  collect_reads(statement.value.get(), local_reads, variable_reads);
  for (const Place::Step& step : statement.place.steps)
    collect_reads(step.index.get(), local_reads, variable_reads);
  GhostUpdate update;
  update.statement = &statement;
  if (statement.reads_clock) update.reading = reading_->now();
  update.self = process_;
  update.sender = activation_.sender;
  update.locals.resize(locals_.size());
  for (const int slot : local_reads)
    update.locals[static_cast<std::size_t>(slot)] = locals_[static_cast<std::size_t>(slot)];
  const std::vector<Value>& variables = outcome_.next.variables;
  update.variables.resize(variables.size());
  if (variable_reads.contains(-1)) update.variables = variables;
  for (const int slot : variable_reads)
    if (slot >= 0)
      update.variables[static_cast<std::size_t>(slot)] = variables[static_cast<std::size_t>(slot)];
  outcome_.ghost_updates.push_back(std::move(update));
}

void Segment::call(const Statement& statement) {
  const Function& function = protocol_.functions[static_cast<std::size_t>(statement.index)];
  const Program& program = machine_.functions_[static_cast<std::size_t>(statement.index)];
  std::vector<Value> frame;
  for (std::size_t i = 0; i < statement.args.size(); ++i) {
    frame.push_back(value(*statement.args[i]));
    const Frame::Slot& parameter = function.frame.slots[i];
    require_in_type(protocol_.types, parameter.type, frame.back(),
                    "`" + parameter.name + "` of `" + function.name + "`", statement.args[i]->span);
  }
  frame.resize(static_cast<std::size_t>(program.slot_count));
  std::swap(frame, locals_);
  ++call_depth_;
  returned_ = Value::none();
  execute(program);
  --call_depth_;
  std::swap(frame, locals_);
  if (statement.slot >= 0) locals_[static_cast<std::size_t>(statement.slot)] = returned_;
}

std::vector<Value> Segment::message_fields(int message, const std::vector<ExprPtr>& args,
                                           Span span) {
  const Message& declaration = protocol_.messages[static_cast<std::size_t>(message)];
  std::vector<Value> fields;
  for (std::size_t i = 0; i < args.size(); ++i) {
    fields.push_back(value(*args[i]));
    require_in_type(protocol_.types, declaration.fields[i].type, fields.back(),
                    "field `" + declaration.fields[i].name + "` of `" + declaration.name + "`",
                    args[i] ? args[i]->span : span);
  }
  return fields;
}

/// The window in which a message of this statement is delivered: its own `after`, or else the
/// network's delay.
void Segment::set_window(const Statement& statement, MessageInstance& message) {
  if (protocol_.scenario.delay) {
    message.least = protocol_.scenario.delay->least;
    message.most = protocol_.scenario.delay->most;
  }
  if (!statement.after) return;
  const std::int64_t least = value(*statement.after).number();
  const std::int64_t most = statement.after_most ? value(*statement.after_most).number() : least;
  if (least < 0 || most < least || most > std::numeric_limits<int>::max())
    throw ModelError{fmt::format("no message takes {}..{} ticks", least, most),
                     statement.after->span};
  message.least = static_cast<int>(least);
  message.most = static_cast<int>(most);
}

void Segment::put(MessageInstance message) {
  message.chain = one_more(activation_.chain, machine_.options_.hops_max);
  outcome_.sends.push_back({std::move(message), is_action() || protocol_.scenario.network_kept});
}

void Segment::send(const Statement& statement) {
  MessageInstance message;
  message.source = process_;
  message.message = statement.index;
  message.fields = message_fields(statement.index, statement.args, statement.span);
  set_window(statement, message);
  const Value target = value(*statement.target);
  if (!statement.target_is_set) {
    message.destination = static_cast<int>(target.number());
    put(std::move(message));
    return;
  }
  for (const Value& element : target.elements()) {
    message.destination = static_cast<int>(element.number());
    put(message);
  }
}

void Segment::reply(const Statement& statement) {
  MessageInstance message;
  message.source = process_;
  message.message = statement.index;
  message.fields = message_fields(statement.index, statement.args, statement.span);
  if (statement.target) {
    message.token = Token::from_value(value(*statement.target));
  } else {
    if (activation_.has_replied) throw ModelError{"a second reply to one asker", statement.span};
    activation_.has_replied = true;
    message.token = activation_.asker;
  }
  if (message.token.process < 0) return;  // nobody waits for it any more
  set_window(statement, message);
  message.destination = message.token.process;
  put(std::move(message));
}

void Segment::loop_begin(const Instruction& instruction) {
  const Statement& loop = *instruction.statement;
  std::vector<Value> bindings;
  Environment here = environment();
  for_each_binding(loop.binders, loop.where.get(), here, [&] {
    std::vector<Value> binding;
    for (const Binder& binder : loop.binders)
      for (const int slot : binder.slots)
        binding.push_back(locals_[static_cast<std::size_t>(slot)]);
    bindings.push_back(Value::tuple(std::move(binding)));
    Effort::require_elements(bindings.size(), loop.span);
    return true;
  });
  locals_[static_cast<std::size_t>(instruction.slot)] = Value::sequence(std::move(bindings));
}

/// What is still to come stands as (how many are done, all of them), so that a turn costs nothing
/// of the others; a suspended activation has the rest alone.
bool Segment::loop_next(const Instruction& instruction) {
  Value& bindings = locals_[static_cast<std::size_t>(instruction.slot)];
  if (bindings.kind() == Value::Kind::Sequence)
    bindings = Value::tuple({Value::integer(0), bindings});
  const Value all = bindings.elements()[1];
  const std::int64_t done = bindings.elements()[0].number();
  if (static_cast<std::size_t>(done) == all.elements().size()) return false;
  const std::vector<Value>& turn = all.elements()[static_cast<std::size_t>(done)].elements();
  std::size_t next = 0;
  for (const Binder& binder : instruction.statement->binders)
    for (const int slot : binder.slots) locals_[static_cast<std::size_t>(slot)] = turn[next++];
  bindings = Value::tuple({Value::integer(done + 1), all});
  return true;
}

/// The local as a suspended activation keeps it.
Value Segment::kept_local(std::size_t slot) const {
  const Value& local = locals_[slot];
  const LoweredBody& body = machine_.bodies()[static_cast<std::size_t>(activation_.body)];
  const bool is_loop = slot >= body.code->frame.slots.size();
  if (!is_loop || local.kind() != Value::Kind::Tuple) return local;
  const std::vector<Value>& all = local.elements()[1].elements();
  return Value::sequence({all.begin() + local.elements()[0].number(), all.end()});
}

/// Returns whether the activation suspends: asking nobody does not.
bool Segment::ask(const Instruction& instruction, int at) {
  const AskData& data = *instruction.statement->ask;
  MessageInstance message;
  message.source = process_;
  message.message = data.message;
  message.fields = message_fields(data.message, data.args, instruction.statement->span);
  set_window(*instruction.statement, message);
  const Value target = value(*data.target);
  const std::vector<Value> targets =
      data.count == AskData::Count::One ? std::vector<Value>{target} : target.elements();
  std::int64_t quorum = 1;
  if (data.count == AskData::Count::All) quorum = static_cast<std::int64_t>(targets.size());
  if (data.count == AskData::Count::Quorum) quorum = value(*data.quorum).number();
  if (quorum <= 0) {
    if (data.result_slot >= 0) locals_[static_cast<std::size_t>(data.result_slot)] = Value::set({});
    return false;
  }
  activation_.replies.clear();
  const int slot = outcome_.next.free_slot();
  message.token = {process_, slot};
  for (const Value& element : targets) {
    message.destination = static_cast<int>(element.number());
    put(message);
  }
  suspend(instruction, at, slot);
  Activation& asking = *outcome_.next.find_slot(slot);
  asking.quorum = quorum;
  if (data.after) asking.deadline = deadline(*data.after);
  return true;
}

/// From which reading on an `else after` may be taken.
std::int64_t Segment::deadline(const Expr& after) {
  const std::int64_t reading = reading_->now();
  return moved_time(reading, value(after).number(), machine_.options_.time.rules, after.span);
}

void Segment::suspend(const Instruction& instruction, int at, int slot) {
  Activation suspended = activation_;
  suspended.at = at;
  suspended.slot = slot;
  suspended.replies.clear();
  suspended.locals.assign(locals_.size(), Value::none());
  for (const int kept : instruction.kept_slots)
    suspended.locals[static_cast<std::size_t>(kept)] = kept_local(static_cast<std::size_t>(kept));
  outcome_.next.activations.push_back(std::move(suspended));
}

void Segment::finish(Instruction::Op op, const Statement* statement) {
  const bool has_value = statement && statement->kind == StatementKind::Return && statement->value;
  if (call_depth_ > 0) {
    if (has_value) returned_ = value(*statement->value);
    return;
  }
  const LoweredBody& body = machine_.bodies()[static_cast<std::size_t>(activation_.body)];
  if (body.kind != LoweredBody::Kind::Operation) return;
  const Operation& operation = protocol_.roles[static_cast<std::size_t>(body.role)]
                                   .operations[static_cast<std::size_t>(body.index)];
  const ObjectOp& declared = protocol_.objects[static_cast<std::size_t>(operation.object)]
                                 .ops[static_cast<std::size_t>(operation.op)];
  outcome_.ends_operation = true;
  if (machine_.options_.hops_max > 0 && op == Instruction::Op::Return)
    outcome_.hops = activation_.chain.hops;
  HistoryEvent event;
  event.kind = op == Instruction::Op::Return ? HistoryEvent::Kind::Ok
               : op == Instruction::Op::Fail ? HistoryEvent::Kind::Fail
                                             : HistoryEvent::Kind::Info;
  event.process = process_;
  event.object = operation.object;
  event.key = activation_.key;
  event.op = operation.op;
  if (has_value) {
    event.result = value(*statement->value);
    if (declared.has_result)
      require_in_type(protocol_.types, declared.result, event.result,
                      "the result of `" + declared.name + "`", statement->span);
  }
  outcome_.events.push_back(std::move(event));
}

}  // namespace capstan::model
