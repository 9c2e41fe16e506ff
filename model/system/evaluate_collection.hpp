// SPDX-License-Identifier: MIT
// evaluate_collection: the parts of system/evaluate that are not in evaluate.cpp. Private
// to evaluate.
#pragma once

#include "model/system/evaluate.hpp"

namespace capstan::model {

/// MapIndex, SequenceIndex, Slice.
Value evaluate_index(const Expr& expr, Environment& environment);
/// MakeTuple, MakeSet, MakeSequence, MakeMap, ConstantMap, Range.
Value evaluate_collection(const Expr& expr, Environment& environment);
/// Operators on two collections: SubsetEqual, PointwiseLessEqual, In, NotIn, Union, Difference,
/// Concatenate,
/// PointwiseMax, PointwiseMin.
Value evaluate_collections(const Expr& expr, Environment& environment);
/// Sum, Size, First, Last, Max, Min of one collection.
Value evaluate_summary(const Expr& expr, Environment& environment);
Value evaluate_comprehension(const Expr& expr, Environment& environment);
/// Now, TimeAdd, comparisons of times that are some ticks apart, TimeMax2, TimeMin2,
/// TimeDifference.
Value evaluate_time(const Expr& expr, Environment& environment);

/// The position in a map (or, from 1, a sequence) that `index` names; throws ModelError if there is
/// none.
std::size_t map_position(const TypeTable& types, TypeId map_type, const Value& index, Span span);
std::size_t sequence_position(const Value& sequence, const Value& index, Span span);
/// Union of sets, concatenation of sequences.
Value joined(const Value& a, const Value& b);
/// The elements of `a` that are not in `b`.
Value without(const Value& a, const Value& b);

}  // namespace capstan::model
