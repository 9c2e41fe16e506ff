// SPDX-License-Identifier: MIT
#include "model/source/explanation.hpp"

namespace capstan::model {

const Explanation* explanation_of(std::string_view code) {
  for (const std::span<const Explanation> part :
       {explanations::syntax(), explanations::names(), explanations::types(),
        explanations::scenarios(), explanations::lint()})
    for (const Explanation& each : part)
      if (each.code == code) return &each;
  return nullptr;
}

}  // namespace capstan::model
