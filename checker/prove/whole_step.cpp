// SPDX-License-Identifier: MIT
#include "checker/prove/whole_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/require.hpp"

namespace capstan::checker {

using model::Statement;
using model::StatementKind;
using model::Storage;
using model::TypeId;

namespace {

/// Whether some script of the process has the operation.
bool may_invoke(const model::Protocol& protocol, int process, const model::Operation& operation) {
  const auto& scripts = protocol.scenario.scripts;
  if (static_cast<std::size_t>(process) >= scripts.size()) return false;
  const auto& script = scripts[static_cast<std::size_t>(process)];
  return std::any_of(script.begin(), script.end(), [&](const model::Step& step) {
    return step.kind == model::Step::Kind::AnyOperations ||
           (step.kind == model::Step::Kind::Operation && step.object == operation.object &&
            step.op == operation.op);
  });
}

/// Those of the set that stay.
TermPtr filtered(const TermPtr& before, const std::function<z3::expr(const TermPtr&)>& stays) {
  const auto contains = [before, stays](const TermPtr& each) {
    return and_of(before->contains(each), stays(each));
  };
  if (!before->is_listed) return set_term(contains);
  std::vector<std::pair<z3::expr, TermPtr>> members;
  for (const auto& [is_there, each] : before->members)
    members.emplace_back(and_of(is_there, stays(each)), each);
  return listed_term(contains, std::move(members));
}

/// A process that is down waits for no answer, so none is sent to it: not one of those of which it
/// is told whether they are up, and down.
z3::expr is_up(const TermPtr& process, const std::vector<z3::expr>& is_live) {
  const z3::expr number = number_of(process);
  z3::expr up = number.ctx().bool_val(true);
  for (std::size_t p = 0; p < is_live.size(); ++p)
    if (!is_true(is_live[p]))
      up = and_of(up, implies_of(number == static_cast<int>(p), is_live[p]));
  return up;
}

class StepMaker {
 public:
  StepMaker(const Claim& claim, WholeStates& states, const StepForm& form, int process)
      : claim_(claim),
        states_(states),
        setting_(states.setting()),
        form_(form),
        process_(process),
        step_{{}, WholeState(zero()), WholeState(zero())} {}

  WholeStep make(const WholeState* before) {
    if (form_.kind == StepForm::Kind::Start) {
      start();
      return std::move(step_);
    }
    step_.before = before ? *before : states_.any();
    step_.after = step_.before;
    switch (form_.kind) {
      case StepForm::Kind::Start:
        break;
      case StepForm::Kind::Segment:
        segment();
        break;
      case StepForm::Kind::Tick:
        step_.after.true_time = step_.before.true_time + 1;
        break;
      case StepForm::Kind::Crash:
        crash();
        break;
      case StepForm::Kind::Restart:
        restart();
        break;
      case StepForm::Kind::Vanish:
        vanish();
        break;
    }
    return std::move(step_);
  }

 private:
  z3::expr zero() const { return setting_.universe.context().int_val(0); }
  z3::expr truth(bool value) const { return setting_.universe.truth(value); }
  z3::expr any_truth(const char* name) const { return setting_.universe.any_truth(name); }
  const model::Role& role(int process) const { return claim_.protocol.role_of(process); }

  void start() {
    step_.before = states_.at_start();
    step_.after = step_.before;
    const TermPtr now = states_.now_at_start();
    for (int p = 0; p < claim_.protocol.process_count(); ++p) run_blocks(p, role(p).on_start, now);
  }

  /// Runs blocks one after another, up to their first suspension.
  void run_blocks(int process, const std::vector<model::Code>& blocks, const TermPtr& now) {
    for (const model::Code& code : blocks) {
      Scene scene = scene_of(process, step_.after, now);
      scene.locals.assign(code.frame.slots.size(), nullptr);
      step_.runs.push_back({process, &code, setting_.execution.run(code.block, scene)});
      leave(process, step_.runs.back().ways);
    }
  }

  Scene scene_of(int process, const WholeState& state, const TermPtr& now) const {
    Scene scene(setting_.universe);
    scene.self = setting_.universe.number(process);
    scene.variables = state.variables[static_cast<std::size_t>(process)];
    scene.ghosts = state.ghosts;
    if (states_.has_clocks()) scene.now = now;
    return scene;
  }

  void segment() {
    const CodeSegment& segment = form_.segment;
    const auto at = static_cast<std::size_t>(process_);
    step_.assumed.push_back(step_.before.is_live[at]);
    setting_.encoder.forget_reads();
    step_.entry =
        enter(segment, setting_, scene_of(process_, step_.before, time_term(truth(true), zero())));
    Entry& entry = *step_.entry;
    if (!states_.has_clocks()) entry.scene.now = nullptr;
    if (entry.scene.now) admit(number_of(entry.scene.now->parts[0]));
    for (const TermPtr& local : entry.scene.locals) states_.prefer_small(local);
    receive(entry);
    for (const z3::expr& fact : entry.assumed) step_.assumed.push_back(fact);
    if (is_false(entry.scene.path)) {  // the state before is known, and does not let it begin
      step_.assumed.push_back(truth(false));
      return;
    }
    step_.runs.push_back({process_, segment.code, ways_of(segment, setting_, entry.scene)});
    step_.assumed.push_back(entry.scene.path);
    leave(process_, step_.runs.back().ways);
    if (entry.scene.now) remember_reading();
  }

  void admit(const z3::expr& reading) {
    step_.reading = reading;
    states_.small.push_back(reading);
    step_.assumed.push_back(states_.is_admissible(step_.before, process_, reading));
  }

  /// A reading bounds later ones if the code asked for it; where that is not known it may or not.
  void remember_reading() {
    const bool may_read = role(process_).reads_clock || !claim_.expectation.free_params.empty();
    if (!may_read) return;
    z3::expr reads = truth(false);
    for (const z3::expr& condition : setting_.encoder.reads()) reads = or_of(reads, condition);
    const z3::expr has_read = any_truth("has read");
    step_.assumed.push_back(implies_of(reads, has_read));
    z3::expr& last = step_.after.last[static_cast<std::size_t>(process_)];
    last = z3::ite(has_read && *step_.reading > last, *step_.reading, last);
  }

  /// The message that makes the segment run is in flight.
  void receive(Entry& entry) {
    const CodeSegment& segment = form_.segment;
    if (segment.at) {
      if (segment.at->kind == StatementKind::Ask && !segment.otherwise) receive_reply(entry);
      return;
    }
    if (segment.kind != CodeSegment::Kind::Handler) return;
    const int message = role(process_).handlers[static_cast<std::size_t>(segment.index)].message;
    const int parameters = segment.code->frame.parameter_count;
    std::vector<TermPtr> parts(entry.scene.locals.begin(), entry.scene.locals.begin() + parameters);
    parts.push_back(entry.scene.sender);
    parts.push_back(setting_.universe.number(process_));
    consume(message, tuple_term(std::move(parts)), truth(true));
  }

  /// The reply that completes the ask is still in flight, but where the ask is of nobody or has
  /// been completed before.
  void receive_reply(Entry& entry) {
    const model::AskData& ask = *form_.segment.at->ask;
    const model::Message& reply =
        claim_.message(claim_.protocol.messages[static_cast<std::size_t>(ask.message)].reply);
    const bool is_one = ask.count == model::AskData::Count::One;
    TermPtr result = ask.result_slot < 0
                         ? nullptr
                         : entry.scene.locals[static_cast<std::size_t>(ask.result_slot)];
    const TermPtr last = is_one && result ? result : setting_.universe.fresh(reply.tuple, "reply");
    const bool is_certain =
        is_one && !ask.next_reads_clock && claim_.expectation.free_params.empty();
    const z3::expr arrives = is_certain ? truth(true) : any_truth("a reply arrives");
    if (!is_one && result && result->kind == Term::Kind::Set)
      step_.assumed.push_back(implies_of(arrives, result->contains(last)));
    if (ask.where) {
      Scene scene = entry.scene;
      scene.path = and_of(scene.path, arrives);  // else it was asked when the reply came
      scene.locals.at(static_cast<std::size_t>(ask.it_slot)) = last;
      try {
        const z3::expr counts = setting_.encoder.truth(*ask.where, scene);
        entry.scene.path = and_of(entry.scene.path, implies_of(arrives, counts));
      } catch (const CannotEncode&) {
        entry.is_exact = false;
      }
    }
    std::vector<TermPtr> parts = last->parts;
    parts.push_back(setting_.universe.number(process_));
    consume(static_cast<int>(&reply - claim_.protocol.messages.data()),
            tuple_term(std::move(parts)), arrives);
  }

  /// A message leaves the network without effect: it is lost, or a reply to an ask that is closed.
  /// Of several equal ones it is the last, as else nothing changes. What closes an ask may take
  /// several replies with it, and does something else besides: each of these is a step here.
  void vanish() {
    const TypeId type = claim_.message(form_.message).in_flight;
    remove(form_.message, setting_.universe.fresh(type, "lost"), truth(true), truth(false));
  }

  /// The message is delivered, and leaves the network; an equal one may stay. Where messages are
  /// kept it is that one, but for replies: they go with the ask that they have completed.
  void consume(int message, TermPtr content, const z3::expr& is_delivered) {
    const bool stays = claim_.protocol.scenario.network_kept && !claim_.message(message).is_reply;
    z3::expr is_kept = stays ? truth(true) : any_truth("an equal one stays");
    if (claim_.omits(stays ? Duty::KeptStays : Duty::EqualStays)) is_kept = truth(false);
    remove(message, std::move(content), is_delivered, is_kept);
  }

  void remove(int message, TermPtr content, const z3::expr& is_delivered, const z3::expr& is_kept) {
    step_.message = message;
    step_.delivered = content;
    step_.is_delivered = is_delivered;
    step_.is_kept = is_kept;
    const TypeId type = claim_.message(message).in_flight;
    step_.assumed.push_back(implies_of(is_delivered, setting_.universe.in_domain(content, type)));
    const auto found = step_.before.in_flight.find(message);
    if (found == step_.before.in_flight.end()) return;
    step_.assumed.push_back(implies_of(is_delivered, found->second->contains(content)));
    const z3::expr leaves = and_of(is_delivered, not_of(*step_.is_kept));
    Universe& universe = setting_.universe;
    const auto stays = [&universe, content, leaves, type](const TermPtr& each) {
      return not_of(and_of(leaves, universe.equal(each, content, type)));
    };
    step_.after.in_flight[message] = filtered(found->second, stays);
  }

  /// One state after all ways, whatever they end in.
  void leave(int process, const std::vector<Way>& ways) {
    if (ways.empty()) {
      step_.assumed.push_back(truth(false));
      return;
    }
    std::vector<TermPtr>& variables = step_.after.variables[static_cast<std::size_t>(process)];
    variables = ways.back().scene.variables;
    step_.after.ghosts = ways.back().scene.ghosts;
    for (auto way = ways.rbegin() + 1; way != ways.rend(); ++way) {
      for (std::size_t i = 0; i < variables.size(); ++i)
        variables[i] = choice(way->scene.path, way->scene.variables[i], variables[i]);
      for (std::size_t i = 0; i < step_.after.ghosts.size(); ++i)
        step_.after.ghosts[i] =
            choice(way->scene.path, way->scene.ghosts[i], step_.after.ghosts[i]);
    }
    for (const Way& way : ways)
      for (const SentTerm& sent : way.sent) send(process, sent, way.scene.sender);
  }

  void send(int process, const SentTerm& sent, const TermPtr& asker) {
    const auto found = step_.after.in_flight.find(sent.message);
    if (found == step_.after.in_flight.end() || claim_.omits(Duty::Sending)) return;
    Universe& universe = setting_.universe;
    const TermPtr target = sent.target ? sent.target : asker;
    CAPSTAN_REQUIRE(target != nullptr, "who answers has been asked by somebody");
    if (target->kind == Term::Kind::Opaque) throw target->reason;
    const model::Message& message = claim_.message(sent.message);
    const TypeId type = message.in_flight;
    const std::vector<model::Type::Field> fields = claim_.protocol.types.at(type).fields;
    const TermPtr self = universe.number(process);
    const bool is_reply = message.is_reply;
    const std::vector<z3::expr> is_live = is_reply ? step_.after.is_live : std::vector<z3::expr>{};
    const auto is_to = [target, is_live](const TermPtr& receiver) {
      const z3::expr is_meant = target->kind == Term::Kind::Set
                                    ? target->contains(receiver)
                                    : equal_flat(receiver, payload_of(target));
      return and_of(is_meant, is_up(receiver, is_live));
    };
    const auto is_sent = [&universe, sent, fields, self, is_to](const TermPtr& each) {
      z3::expr all = sent.path;
      for (std::size_t i = 0; i < sent.fields.size(); ++i)
        all = and_of(all, universe.equal(each->parts.at(i), sent.fields[i], fields[i].type));
      all = and_of(all, equal_flat(each->parts.at(sent.fields.size()), self));
      return and_of(all, is_to(each->parts.at(sent.fields.size() + 1)));
    };
    const TermPtr before = found->second;
    const auto contains = [before, is_sent](const TermPtr& each) {
      return or_of(before->contains(each), is_sent(each));
    };
    if (!before->is_listed) {
      found->second = set_term(contains);
      return;
    }
    auto members = before->members;
    const auto add = [&](const TermPtr& receiver, const z3::expr& condition) {
      std::vector<TermPtr> parts = sent.fields;
      parts.push_back(self);
      parts.push_back(receiver);
      const TermPtr content = tuple_term(std::move(parts));
      members.emplace_back(and_of(condition, not_of(before->contains(content))), content);
    };
    if (target->kind == Term::Kind::Set) {
      const TypeId receivers = fields.at(sent.fields.size() + 1).type;
      universe.each(receivers, [&](const TermPtr& each) {
        const z3::expr is_meant = and_of(sent.path, target->contains(each));
        if (!is_false(is_meant)) add(each, is_meant);
      });
    } else {
      const TermPtr receiver = payload_of(target);
      add(receiver, and_of(sent.path, is_up(receiver, is_live)));
    }
    found->second = listed_term(contains, std::move(members));
  }

  void crash() {
    const auto at = static_cast<std::size_t>(process_);
    step_.assumed.push_back(step_.before.is_live[at]);
    step_.assumed.push_back(may_strike());
    step_.after.is_live[at] = truth(false);
    purge_replies();
    const auto& variables = role(process_).variables;
    std::vector<TermPtr>& own = step_.after.variables[at];
    const std::vector<TermPtr> before = own;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      if (variables[i].storage == Storage::Volatile && !claim_.omits(Duty::VolatileReset)) {
        own[i] = states_.initial_value(process_, i, before, time_term(truth(false), zero()));
      } else if (variables[i].storage == Storage::Unsynced &&
                 !claim_.omits(Duty::UnsyncedFallback)) {
        own[i] = setting_.universe.fresh(
            variables[i].type,
            fmt::format("{}.{} on disk", claim_.process_name(process_), variables[i].name));
        states_.prefer_small(own[i]);
      }
    }
  }

  /// All asks of a process that crashes are closed, so no reply to it is in flight any more.
  void purge_replies() {
    for (auto& [message, set] : step_.after.in_flight) {
      if (!claim_.message(message).is_reply) continue;
      const z3::expr self = setting_.universe.context().int_val(process_);
      const auto stays = [self](const TermPtr& each) {
        return number_of(each->parts.back()) != self;
      };
      set = filtered(set, stays);
    }
  }

  /// Some clause may crash the process in this state.
  z3::expr may_strike() const {
    z3::expr some = truth(false);
    for (const model::Fault& fault : claim_.protocol.scenario.faults) {
      const bool is_meant = fault.kind == model::Fault::Kind::Crash && fault.limit > 0 &&
                            std::ranges::find(fault.subjects, process_) != fault.subjects.end();
      if (!is_meant) continue;
      if (!fault.among) return truth(true);
      try {
        const Encoder::Muted muted(setting_.encoder);
        const TermPtr among = setting_.encoder.evaluate(
            *fault.among, states_.scene(step_.before, {}, fault.among_frame.slots.size()));
        const TermPtr self = setting_.universe.number(process_);
        some = or_of(
            some, among->kind == Term::Kind::Set ? among->contains(self) : equal_flat(among, self));
      } catch (const CannotEncode&) {
        return truth(true);
      }
    }
    return some;
  }

  void restart() {
    const auto at = static_cast<std::size_t>(process_);
    step_.assumed.push_back(not_of(step_.before.is_live[at]));
    step_.after.is_live[at] = truth(true);
    const z3::expr now = setting_.universe.any_number("now");
    if (states_.has_clocks()) admit(now);
    setting_.encoder.forget_reads();
    const TermPtr shown = time_term(truth(true), now);
    const auto& variables = role(process_).variables;
    const std::vector<TermPtr> before = step_.before.variables[at];
    for (std::size_t i = 0; i < variables.size(); ++i)
      if (variables[i].storage == Storage::Volatile && !claim_.omits(Duty::VolatileReset))
        step_.after.variables[at][i] = states_.initial_value(process_, i, before, shown);
    run_blocks(process_, role(process_).on_restart, shown);
    if (states_.has_clocks()) remember_reading();
  }

  const Claim& claim_;
  WholeStates& states_;
  Setting& setting_;
  const StepForm& form_;
  int process_;
  WholeStep step_;
};

/// What a test that has this step forgotten calls it.
Duty duty_of(const CodeSegment& segment) {
  if (segment.at) {
    if (segment.at->kind == StatementKind::WaitUntil) return Duty::AfterWait;
    return segment.otherwise ? Duty::AfterElse : Duty::AfterAsk;
  }
  if (segment.kind == CodeSegment::Kind::Handler) return Duty::Delivery;
  return segment.kind == CodeSegment::Kind::Action ? Duty::Action : Duty::Operation;
}

class FormFinder {
 public:
  explicit FormFinder(const Claim& claim) : claim_(claim) {}

  std::vector<StepForm> all() {
    add(StepForm::Kind::Start, Duty::Start, "the start", {-1});
    for (CodeSegment& segment : segments_of(claim_.protocol)) add_segment(std::move(segment));
    if (has_time()) add(StepForm::Kind::Tick, Duty::Tick, "the passing of time", {-1});
    for (std::size_t r = 0; r < claim_.protocol.roles.size(); ++r) add_crashes(static_cast<int>(r));
    for (const int message : claim_.asked) add_losses(message);
    return std::move(forms_);
  }

 private:
  void add(StepForm::Kind kind, Duty duty, std::string name, std::vector<int> processes) {
    if (claim_.omits(duty) && duty != Duty::Start) return;
    StepForm form;
    form.kind = kind;
    form.duty = duty;
    form.name = std::move(name);
    form.processes = std::move(processes);
    forms_.push_back(std::move(form));
  }

  /// Whether code reads clocks at this point is not what it does where params are any.
  bool has_time() const {
    const model::Scenario& scenario = claim_.protocol.scenario;
    return scenario.has_ticks() || claim_.reads_clocks || claim_.reads_true_time ||
           (scenario.clocks && !claim_.expectation.free_params.empty());
  }

  /// What runs at the start, at a restart, or is never invoked, is no step of its own.
  void add_segment(CodeSegment segment) {
    using Kind = CodeSegment::Kind;
    if (!segment.at && (segment.kind == Kind::Start || segment.kind == Kind::Restart)) return;
    std::vector<int> processes = claim_.members(segment.role);
    const model::Role& role = claim_.protocol.roles[static_cast<std::size_t>(segment.role)];
    if (segment.kind == Kind::Restart)
      std::erase_if(processes, [&](int p) { return !may_crash(p); });
    if (segment.kind == Kind::Operation)
      std::erase_if(processes, [&](int p) {
        return !may_invoke(claim_.protocol, p,
                           role.operations[static_cast<std::size_t>(segment.index)]);
      });
    if (processes.empty()) return;
    const std::size_t before = forms_.size();
    add(StepForm::Kind::Segment, duty_of(segment), segment.name, std::move(processes));
    if (forms_.size() > before) forms_.back().segment = std::move(segment);
  }

  void add_crashes(int index) {
    std::vector<int> processes = claim_.members(index);
    std::erase_if(processes, [&](int p) { return !may_crash(p); });
    if (processes.empty()) return;
    const std::string& name = claim_.protocol.roles[static_cast<std::size_t>(index)].name;
    add(StepForm::Kind::Crash, Duty::Crash, fmt::format("a crash of `{}`", name), processes);
    add(StepForm::Kind::Restart, Duty::Restart, fmt::format("a restart of `{}`", name), processes);
  }

  /// A message may be lost, and a reply goes with the ask that it answers.
  void add_losses(int message) {
    const std::string& name = claim_.message(message).name;
    if (claim_.may_be_lost[static_cast<std::size_t>(message)])
      add_vanishing(message, Duty::Loss, fmt::format("the loss of a `{}`", name));
    if (claim_.message(message).is_reply)
      add_vanishing(message, Duty::ClosedAsk, fmt::format("the end of the ask of a `{}`", name));
  }

  void add_vanishing(int message, Duty duty, std::string name) {
    const std::size_t before = forms_.size();
    add(StepForm::Kind::Vanish, duty, std::move(name), {-1});
    if (forms_.size() > before) forms_.back().message = message;
  }

  bool may_crash(int process) const { return claim_.may_crash[static_cast<std::size_t>(process)]; }

  const Claim& claim_;
  std::vector<StepForm> forms_;
};

}  // namespace

std::vector<StepForm> step_forms(const Claim& claim) { return FormFinder(claim).all(); }

WholeStep take_step(const Claim& claim, WholeStates& states, const StepForm& form, int process,
                    const WholeState* before) {
  return StepMaker(claim, states, form, process).make(before);
}

}  // namespace capstan::checker
