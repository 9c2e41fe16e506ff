// SPDX-License-Identifier: MIT
// usage: which messages the code of a role sends or asks, by a walk over the tree before anything
// is typed.
//
// From: syntax/ast. To: typed/declarations: the type of `sender` is the role that sends a message,
// if there is only one.
#pragma once

#include <set>
#include <string>

#include "model/syntax/ast.hpp"

namespace capstan::model {

/// Names of the messages that code of the role, or a function of the protocol, sends or asks.
std::set<std::string> messages_sent_by(const ast::File& file, const ast::Role& role);

}  // namespace capstan::model
