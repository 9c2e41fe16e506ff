// SPDX-License-Identifier: MIT
#include "reports/picture.hpp"

#include <utility>

namespace capstan::reports {
namespace {

struct Pair {
  const char* light;
  const char* dark;
};

constexpr Pair kPalette[kColorCount] = {
    {"#FFFFFF", "#0D1117"},  // Paper
    {"#1F2328", "#E6EDF3"},  // Ink
    {"#59636E", "#9198A1"},  // Muted
    {"#D1D9E0", "#30363D"},  // Line
    {"#E9EDF1", "#1C2229"},  // Leader
    {"#8B949E", "#6E7681"},  // Life
    {"#F6F8FA", "#151B23"},  // Panel
    {"#E9EDF3", "#1B2230"},  // Band
    {"#57606A", "#9198A2"},  // Wall
    {"#BE0A45", "#FF6B6B"},  // Warn
    {"#FCE7EE", "#3A1518"},  // WarnTint
    {"#7A4FBF", "#BC9BFF"},  // Skew
    {"#0B62A8", "#6CB6FF"},  // A
    {"#DCECFA", "#12304D"},  // ATint
    {"#8F6200", "#E3B341"},  // B
    {"#FFEFC2", "#3D2E0A"},  // BTint
    {"#00755F", "#4CC9A9"},  // C
    {"#D3F1E8", "#0C3329"},  // CTint
    {"#6B46B8", "#C0A2FF"},  // D
    {"#EAE2FA", "#2B1F4A"},  // DTint
    {"#4F5965", "#A5ACB5"},  // Neutral
    {"#EEF1F4", "#1E252D"},  // NeutralTint
};

}  // namespace

const char* hex(Color color, Theme theme) {
  const Pair& pair = kPalette[static_cast<std::size_t>(color)];
  return theme == Theme::Light ? pair.light : pair.dark;
}

bool overlap(const Rect& a, const Rect& b, double slack) {
  return a.left + slack < b.right && b.left + slack < a.right && a.top + slack < b.bottom &&
         b.top + slack < a.bottom;
}

bool contains(const Rect& outer, const Rect& inner, double slack) {
  return outer.left - slack <= inner.left && outer.top - slack <= inner.top &&
         inner.right <= outer.right + slack && inner.bottom <= outer.bottom + slack;
}

Rect TextRun::rect() const {
  const double width = text_width(text, size, face);
  const double left = align == Align::Left    ? at.x
                      : align == Align::Right ? at.x - width
                                              : at.x - width / 2;
  // From the top of a capital to a little below the line: what the eye sees as the text.
  return {left, at.y - size * 0.45, left + width, at.y + size * 0.45};
}

int Picture::add(Shape shape) {
  marks.emplace_back(std::move(shape));
  return static_cast<int>(marks.size()) - 1;
}

int Picture::add(TextRun text) {
  marks.emplace_back(std::move(text));
  return static_cast<int>(marks.size()) - 1;
}

}  // namespace capstan::reports
