// SPDX-License-Identifier: MIT
// geometry: what must be true of every picture, read from its data.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "reports/picture.hpp"

namespace capstan::reports::test {

inline bool is_box(const Shape& shape) {
  return shape.kind == "chip" || shape.kind == "pill" || shape.kind == "lane" ||
         shape.kind == "command" || shape.kind == "badge" || shape.kind == "circle";
}

/// No two boxes overlap, no two texts overlap, a text lies in its own box and in no other, and all
/// lies on the page. A circle may sit on the edge of nothing; badges stand in the boxes of the why
/// panel on purpose.
inline void check_geometry(const Picture& picture) {
  const Rect page = {0, 0, picture.width, picture.height};
  for (std::size_t i = 0; i < picture.marks.size(); ++i) {
    const Shape* shape = std::get_if<Shape>(&picture.marks[i]);
    const TextRun* text = std::get_if<TextRun>(&picture.marks[i]);
    const Rect here = shape != nullptr ? shape->rect : text->rect();
    INFO("mark " << i << ": " << (text != nullptr ? text->text : shape->kind + " " + shape->id)
                 << " at " << here.left << "," << here.top);
    CHECK(contains(page, here));
    if (text != nullptr && text->inside >= 0)
      CHECK(contains(std::get<Shape>(picture.marks[static_cast<std::size_t>(text->inside)]).rect,
                     here, 0.5));
    for (std::size_t j = i + 1; j < picture.marks.size(); ++j) {
      const Shape* other_shape = std::get_if<Shape>(&picture.marks[j]);
      const TextRun* other_text = std::get_if<TextRun>(&picture.marks[j]);
      const Rect there = other_shape != nullptr ? other_shape->rect : other_text->rect();
      INFO("and mark " << j << ": "
                       << (other_text != nullptr ? other_text->text
                                                 : other_shape->kind + " " + other_shape->id)
                       << " at " << there.left << "," << there.top);
      if (shape != nullptr && other_shape != nullptr) {
        const bool is_badge_in_box = (shape->kind == "chip" && (other_shape->kind == "badge") &&
                                      contains(shape->rect, other_shape->rect));
        if (is_box(*shape) && is_box(*other_shape) && !is_badge_in_box)
          CHECK_FALSE(overlap(here, there, 0.5));
      } else if (text != nullptr && other_text != nullptr) {
        CHECK_FALSE(overlap(here, there, 0.5));
      } else {
        const Shape& box = shape != nullptr ? *shape : *other_shape;
        const TextRun& run = text != nullptr ? *text : *other_text;
        const std::size_t index = shape != nullptr ? i : j;
        const bool is_own =
            run.inside == static_cast<int>(index) ||
            (run.inside >= 0 &&
             contains(box.rect,
                      std::get<Shape>(picture.marks[static_cast<std::size_t>(run.inside)]).rect));
        if (is_box(box) && !is_own) CHECK_FALSE(overlap(here, there, 0.5));
      }
    }
  }
}

inline bool has_text(const Picture& picture, const std::string& text) {
  for (const Mark& mark : picture.marks)
    if (const TextRun* run = std::get_if<TextRun>(&mark); run != nullptr && run->text == text)
      return true;
  return false;
}

/// Whether the words stand in the picture one after the other, on one or several lines.
inline bool says(const Picture& picture, const std::string& words) {
  std::string all;
  for (const Mark& mark : picture.marks)
    if (const TextRun* run = std::get_if<TextRun>(&mark))
      all += (all.empty() ? "" : " ") + run->text;
  return all.find(words) != std::string::npos;
}

}  // namespace capstan::reports::test
