// SPDX-License-Identifier: MIT
#include "reports/canvas.hpp"

#include <fmt/format.h>
#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "model/base/limits.hpp"
#include "model/base/require.hpp"
#include "model/source/utf8.hpp"
#include "reports/child.hpp"

namespace capstan::reports {
namespace {

constexpr const char* kFonts = "Helvetica,Arial,sans-serif";
constexpr const char* kMonoFont = "Courier New";

std::mutex graphviz_mutex;
std::string* messages = nullptr;  // where Graphviz's warnings go while the mutex is held

int take_message(char* text) {
  if (messages != nullptr) *messages += text;
  return 0;
}

/// One decimal and never "-0.0", so that files can be compared.
std::string number(double value) {
  std::string text = fmt::format("{:.1f}", value);
  return text == "-0.0" ? "0.0" : text;
}

std::string inches(double points) { return fmt::format("{:.4f}", points / 72); }

/// For quoted attribute values: Graphviz takes `\N` and the like as escapes, so user text may hold
/// no single backslash.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char byte : model::printable(text, true)) {
    if (byte == '\\')
      result += "\\\\";
    else if (byte == '\n')
      result += "&#10;";
    else if (byte == '&')
      result += "&amp;";
    else
      result += byte;
  }
  return result;
}

std::string html_escaped(const std::string& text) {
  std::string result;
  for (const char byte : model::printable(text)) {
    if (byte == '&')
      result += "&amp;";
    else if (byte == '<')
      result += "&lt;";
    else if (byte == '>')
      result += "&gt;";
    else if (byte == '"')
      result += "&quot;";
    else
      result += byte;
  }
  return result;
}

char* writable(const char* text) {
  return const_cast<char*>(text);
}  // cgraph's interface is older than const

/// Ids in order of creation. cgraph's own are addresses, by which it sorts subgraphs: the z-order
/// and the file would change from run to run. Names are left to cgraph's internal map, which it
/// falls back to when a discipline knows none.
struct Ids {
  static void* open(Agraph_t*, Agdisc_t*) {
    static IDTYPE next = 0;  // guarded by the mutex, as everything here
    next = 0;
    return &next;
  }
  static long map(void* state, int, char* name, IDTYPE* id, int) {
    if (name != nullptr) return 0;
    IDTYPE& next = *static_cast<IDTYPE*>(state);
    *id = next;
    next += 2;
    return 1;
  }
  static long allocate(void*, int, IDTYPE) { return 0; }
  static void release(void*, int, IDTYPE) {}
  static char* print(void*, int, IDTYPE) { return nullptr; }
  static void close(void*) {}
  static void take(void*, int, void*) {}
};

Agraph_t* open_graph(const std::string& name) {
  static Agiddisc_t ids = {Ids::open,  Ids::map,   Ids::allocate, Ids::release,
                           Ids::print, Ids::close, Ids::take};
  static Agdisc_t discipline = {&AgMemDisc, &ids, &AgIoDisc};
  return agopen(writable(name.c_str()), Agdirected, &discipline);
}

class Drawing {
 public:
  Drawing(const Picture& picture, Theme theme) : picture_(picture), theme_(theme) {
    graph_ = open_graph(escaped(picture.title));
    set_defaults();
    add_areas();
    add_anchors();
    for (std::size_t i = 0; i < picture_.marks.size(); ++i) {
      if (const Shape* shape = std::get_if<Shape>(&picture_.marks[i]))
        add_shape(*shape, i);
      else
        add_text(std::get<TextRun>(picture_.marks[i]), i);
    }
    for (std::size_t i = 0; i < picture_.strokes.size(); ++i) add_stroke(picture_.strokes[i], i);
  }
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;
  ~Drawing() { agclose(graph_); }

  Agraph_t* graph() { return graph_; }

  std::string dot() const {
    char* data = nullptr;
    std::size_t size = 0;
    std::FILE* file = open_memstream(&data, &size);
    CAPSTAN_REQUIRE(file != nullptr, "memory for a file");
    agwrite(graph_, file);
    std::fclose(file);
    std::string text(data, size);
    std::free(data);
    return text;
  }

 private:
  std::string y(double value) const { return number(picture_.height - value); }
  std::string at(Point point) const { return number(point.x) + "," + y(point.y); }
  const char* color(Color role) const { return hex(role, theme_); }

  template <typename Object>
  static void set(Object* object, const char* name, const std::string& value) {
    agsafeset(object, writable(name), writable(value.c_str()), writable(""));
  }

  void set_graph(const char* name, const std::string& value) {
    agattr(graph_, AGRAPH, writable(name), writable(value.c_str()));
  }
  void set_all(int kind, const char* name, const char* value) {
    agattr(graph_, kind, writable(name), writable(value));
  }

  void set_defaults() {
    set_graph("layout", "nop2");
    set_graph("outputorder", "edgesfirst");
    set_graph("linelength", "0");  // agwrite breaks no line
    set_graph("bb", fmt::format("0,0,{},{}", number(picture_.width), number(picture_.height)));
    set_graph("margin", "0");
    set_graph("pad", "0");
    set_graph("charset", "UTF-8");
    set_graph("bgcolor", color(Color::Paper));
    set_graph("fontname", kFonts);
    set_graph("tooltip", escaped(picture_.title));
    for (const auto& [name, value] :
         std::initializer_list<std::pair<const char*, const char*>>{{"label", "\\N"},
                                                                    {"fontname", kFonts},
                                                                    {"fontsize", "10"},
                                                                    {"margin", "0"},
                                                                    {"fixedsize", "true"},
                                                                    {"penwidth", "1"},
                                                                    {"shape", "none"}})
      set_all(AGNODE, name, value);
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"fontname", kFonts}, {"arrowhead", "none"}, {"penwidth", "1"}})
      set_all(AGEDGE, name, value);
  }

  void add_areas() {
    // Graphviz takes the union of what is drawn for the canvas, so an edge is drawn round the page.
    // It is not filled: other programs that read the file may draw clusters in another order.
    Agraph_t* page = agsubg(graph_, writable("cluster_page"), 1);
    set(page, "bb", fmt::format("0.0,0.0,{},{}", number(picture_.width), number(picture_.height)));
    set(page, "color", color(Color::Paper));
    set(page, "tooltip", " ");
    set(page, "class", "paper");
    for (std::size_t i = 0; i < picture_.areas.size(); ++i)
      add_area(picture_.areas[i], fmt::format("cluster_b{}", i + 1));
  }

  void add_area(const Area& area, const std::string& name) {
    Agraph_t* cluster = agsubg(graph_, writable(name.c_str()), 1);
    set(cluster, "bb",
        fmt::format("{},{},{},{}", number(area.rect.left), y(area.rect.bottom),
                    number(area.rect.right), y(area.rect.top)));
    set(cluster, "style", area.rounded ? "filled,rounded" : "filled");
    set(cluster, "fillcolor", color(area.fill));
    set(cluster, "color", color(area.line));
    set(cluster, "penwidth", number(area.pen));
    set(cluster, "tooltip", area.tooltip.empty() ? " " : escaped(area.tooltip));
    if (!area.kind.empty()) set(cluster, "class", area.kind);
  }

  Agnode_t* node(const std::string& name) { return agnode(graph_, writable(name.c_str()), 1); }

  static std::string anchor_name(std::size_t index) { return fmt::format("a{}", index + 1); }

  /// Lines that join no marks run from an invisible point to itself. Strokes are drawn in the order
  /// of their first node, so these points come before the marks.
  void add_anchors() {
    for (std::size_t i = 0; i < picture_.strokes.size(); ++i) {
      const Stroke& stroke = picture_.strokes[i];
      if (!stroke.from.empty()) continue;
      Agnode_t* anchor = node(anchor_name(i));
      set(anchor, "style", "invis");
      set(anchor, "shape", "point");
      set(anchor, "width", "0.01");
      set(anchor, "height", "0.01");
      set(anchor, "pos", at(stroke.points.front()));
    }
  }

  void set_box(Agnode_t* mark, Point centre, double width, double height) {
    set(mark, "pos", at(centre));
    set(mark, "width", inches(width));
    set(mark, "height", inches(height));
  }

  void set_links(Agnode_t* mark, const std::string& tooltip, const std::string& url) {
    if (!tooltip.empty()) set(mark, "tooltip", escaped(tooltip));
    if (!url.empty()) set(mark, "URL", url);
  }

  void add_shape(const Shape& shape, std::size_t index) {
    Agnode_t* mark = node(shape.id.empty() ? fmt::format("m{}", index + 1) : shape.id);
    set_box(mark, shape.rect.centre(), shape.rect.width(), shape.rect.height());
    set(mark, "shape", shape.form == Form::Circle ? "circle" : "box");
    set(mark, "style", shape.form == Form::Rounded ? "filled,rounded" : "filled");
    set(mark, "fillcolor", color(shape.fill));
    set(mark, "color", color(shape.line));
    set(mark, "penwidth", number(shape.pen));
    set(mark, "label", "");  // agwrite leaves out empty defaults, and readers would print the name
    if (!shape.id.empty()) set(mark, "id", shape.id);
    if (!shape.kind.empty()) set(mark, "class", shape.kind);
    set_links(mark, shape.tooltip, shape.url);
  }

  void add_text(const TextRun& run, std::size_t index) {
    Agnode_t* mark = node(fmt::format("t{}", index + 1));
    set(mark, "fontsize", number(run.size));
    set(mark, "fontcolor", color(run.color));
    const double width = text_width(run.text, run.size, run.face);
    if (run.has_halo) {
      set(mark, "style", "filled");
      set(mark, "fillcolor", color(run.halo));
      set(mark, "color", color(run.halo));
      set(mark, "shape", "box");
    }
    if (run.face == Face::Bold)
      set_bold(mark, run, width);
    else
      set_plain(mark, run, width);
    set_links(mark, run.tooltip, run.url);
  }

  static double centre_of(const TextRun& run, double box) {
    switch (run.align) {
      case Align::Left:
        return run.at.x + box / 2;
      case Align::Right:
        return run.at.x - box / 2;
      case Align::Centre:
        return run.at.x;
    }
    CAPSTAN_UNREACHABLE("an alignment");
  }

  void set_plain(Agnode_t* mark, const TextRun& run, double width) {
    // Were the node narrower than the text, Graphviz would warn and shift the text.
    const double box = width * (1 + kSlack) + kSlackPoints;
    set_box(mark, {centre_of(run, box), run.at.y}, box, run.size * 1.35);
    if (run.face == Face::Mono) set(mark, "fontname", kMonoFont);
    const char* justified = run.align == Align::Left    ? "\\l"
                            : run.align == Align::Right ? "\\r"
                                                        : "";
    set(mark, "label", escaped(run.text) + justified);
  }

  /// Bold is a table of one cell, since a bold font's name is not the same everywhere. Its height
  /// is odd and it lies half a point lower: then bold and plain text of one size share a line
  /// (measured for sizes 8 to 16).
  void set_bold(Agnode_t* mark, const TextRun& run, double width) {
    const int cell = static_cast<int>(std::ceil(width * (1 + kSlack) + kSlackPoints));
    int height = static_cast<int>(std::ceil(run.size * 1.35));
    if (height % 2 == 0) ++height;
    const double centre = centre_of(run, cell);
    set_box(mark, {centre, run.at.y + 0.5}, cell + 2, height + 2);
    const char* align = run.align == Align::Left    ? "LEFT"
                        : run.align == Align::Right ? "RIGHT"
                                                    : "CENTER";
    const std::string html = fmt::format(
        "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\"><TR><TD "
        "FIXEDSIZE=\"TRUE\" WIDTH=\"{}\" HEIGHT=\"{}\" ALIGN=\"{}\"><B>{}</B></TD></TR></TABLE>",
        cell, height, align, html_escaped(run.text));
    char* label = agstrdup_html(graph_, writable(html.c_str()));
    agsafeset(mark, writable("label"), label, writable(""));
    agstrfree(graph_, label);
  }

  void add_stroke(const Stroke& stroke, std::size_t index) {
    CAPSTAN_REQUIRE(stroke.points.size() >= 2, "a line has two ends");
    Agnode_t* tail = node(stroke.from.empty() ? anchor_name(index) : stroke.from);
    Agnode_t* head = stroke.to.empty() ? tail : node(stroke.to);
    Agedge_t* edge = agedge(graph_, tail, head, nullptr, 1);
    set(edge, "pos", path_of(stroke));
    set(edge, "color", color(stroke.color));
    set(edge, "penwidth", number(stroke.pen));
    if (stroke.dash != Dash::Solid)
      set(edge, "style", stroke.dash == Dash::Dashed ? "dashed" : "dotted");
    if (stroke.head != Head::None) {
      set(edge, "arrowhead", stroke.head == Head::Filled ? "normal" : "onormal");
      set(edge, "arrowsize", fmt::format("{:.2f}", stroke.head_size));
    }
    if (!stroke.tooltip.empty()) set(edge, "tooltip", escaped(stroke.tooltip));
    if (!stroke.kind.empty()) set(edge, "class", stroke.kind);
  }

  /// The Bezier of the line, its head's tip first. The line itself ends where the head begins.
  std::string path_of(const Stroke& stroke) const;

  const Picture& picture_;
  Theme theme_;
  Agraph_t* graph_ = nullptr;
};

Point between(Point a, Point b, double share) {
  return {a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
}

double distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }

/// Straight pieces as cubics; corners are cut and bent round over at most `round` points.
std::vector<Point> bezier_of(const std::vector<Point>& points, double round) {
  std::vector<Point> path = {points.front()};
  const auto line_to = [&path](Point end) {
    const Point start = path.back();
    path.push_back(between(start, end, 1.0 / 3));
    path.push_back(between(start, end, 2.0 / 3));
    path.push_back(end);
  };
  for (std::size_t i = 1; i + 1 < points.size(); ++i) {
    const Point corner = points[i];
    const double before = std::min(round, distance(points[i - 1], corner) / 2);
    const double after = std::min(round, distance(corner, points[i + 1]) / 2);
    line_to(
        between(corner, points[i - 1], before / std::max(1e-6, distance(points[i - 1], corner))));
    const Point end =
        between(corner, points[i + 1], after / std::max(1e-6, distance(corner, points[i + 1])));
    const Point start = path.back();
    path.push_back(between(start, corner, 2.0 / 3));
    path.push_back(between(end, corner, 2.0 / 3));
    path.push_back(end);
  }
  line_to(points.back());
  return path;
}

std::string Drawing::path_of(const Stroke& stroke) const {
  std::vector<Point> points = stroke.points;
  std::string text;
  if (stroke.head != Head::None) {
    const Point tip = points.back();
    text = "e," + at(tip) + " ";
    const Point from = points[points.size() - 2];
    const double length = std::max(1e-6, distance(from, tip));
    points.back() = between(tip, from, std::min(0.9, 10 * stroke.head_size / length));
  }
  const std::vector<Point> path = stroke.is_curve ? points : bezier_of(points, stroke.corner);
  for (std::size_t i = 0; i < path.size(); ++i) text += (i > 0 ? " " : "") + at(path[i]);
  return text;
}

std::string lower(std::string text) {
  for (char& byte : text) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  return text;
}

/// Maps the colours of the light theme to the dark one where the viewer asks for it. Graphviz
/// writes colours in lower case, and white by name.
std::string dark_mode_style() {
  std::string rules;
  for (int i = 0; i < kColorCount; ++i) {
    const auto role = static_cast<Color>(i);
    const std::string from = lower(hex(role, Theme::Light)), to = lower(hex(role, Theme::Dark));
    rules += fmt::format("[fill=\"{0}\"]{{fill:{1}}}[stroke=\"{0}\"]{{stroke:{1}}}", from, to);
  }
  const std::string paper = lower(hex(Color::Paper, Theme::Dark));
  rules += fmt::format("[fill=\"white\"]{{fill:{0}}}[stroke=\"white\"]{{stroke:{0}}}", paper);
  rules += fmt::format("text:not([fill]){{fill:{}}}", lower(hex(Color::Ink, Theme::Dark)));
  return "<style>@media (prefers-color-scheme:dark){" + rules + "}</style>";
}

/// Puts the style in, and takes out the names of nodes and edges, which browsers would show as
/// tooltips, and the version comment.
std::string finished_svg(const std::string& svg, Theme theme) {
  std::string result;
  bool has_title = false, has_style = theme == Theme::Dark;
  for (std::size_t at = 0; at < svg.size();) {
    const std::size_t end = std::min(svg.find('\n', at), svg.size() - 1) + 1;
    std::string line = svg.substr(at, end - at);
    at = end;
    if (line.rfind("<title>", 0) == 0) {
      if (has_title) continue;
      has_title = true;
    }
    if (line.rfind("<!--", 0) == 0) {  // a comment may end on a later line
      while (line.find("-->") == std::string::npos && at < svg.size()) {
        const std::size_t next = std::min(svg.find('\n', at), svg.size() - 1) + 1;
        line = svg.substr(at, next - at);
        at = next;
      }
      continue;
    }
    const std::size_t close = line.find('>');
    if (!has_style && line.find("viewBox=") != std::string::npos && close != std::string::npos) {
      line.insert(close + 1, dark_mode_style());
      has_style = true;
    }
    result += line;
  }
  return result;
}

std::string rendered(GVC_t* context, Agraph_t* graph, const char* format, std::string& failure) {
  char* data = nullptr;
  unsigned size = 0;
  if (gvRenderData(context, graph, format, &data, &size) != 0 || data == nullptr) {
    failure = fmt::format(
        "Graphviz cannot write {}: its plugin is missing (Debian: install the package graphviz)",
        format);
    return "";
  }
  std::string bytes(data, size);
  gvFreeRenderData(data);
  return bytes;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

GVC_t* context() {
  static GVC_t* const made = gvContext();  // one for the process: each costs 25 ms and leaks
  return made;
}

/// In this process.
Rendering drawn(const Picture& picture, Theme theme) {
  std::string said;
  messages = &said;
  agseterrf(take_message);
  Rendering result;
  {
    Drawing drawing(picture, theme);
    result.dot = drawing.dot();
    if (context() == nullptr) {
      result.failure = "Graphviz does not start";
    } else if (gvLayout(context(), drawing.graph(), "nop2") != 0) {
      result.failure =
          "Graphviz finds no layout plugin (Debian: install the package graphviz, or run `dot -c` "
          "as root)";
    } else {
      result.svg = finished_svg(rendered(context(), drawing.graph(), "svg", result.failure), theme);
      result.png = rendered(context(), drawing.graph(), "png", result.failure);
      gvFreeLayout(context(), drawing.graph());
    }
  }
  messages = nullptr;
  result.warnings = lines_of(said);
  return result;
}

// --- as bytes, on their way out of the child process

void put(std::string& bytes, const std::string& text) {
  const std::uint64_t size = text.size();
  bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += text;
}

std::string taken(const std::string& bytes, std::size_t& at) {
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data() + at, sizeof size);
  at += sizeof size;
  std::string text = bytes.substr(at, size);
  at += size;
  return text;
}

std::string packed(const Rendering& rendering) {
  std::string bytes;
  for (const std::string* text :
       {&rendering.dot, &rendering.svg, &rendering.png, &rendering.failure})
    put(bytes, *text);
  for (const std::string& warning : rendering.warnings) put(bytes, warning);
  return bytes;
}

Rendering unpacked(const std::string& bytes) {
  Rendering rendering;
  std::size_t at = 0;
  for (std::string* text : {&rendering.dot, &rendering.svg, &rendering.png, &rendering.failure})
    *text = taken(bytes, at);
  while (at < bytes.size()) rendering.warnings.push_back(taken(bytes, at));
  return rendering;
}

/// Loads Graphviz and its plugins into this process, so that children need not, each for itself;
/// but only after a child could do it, as what fails there would end this process. Empty, or why
/// not.
std::string load_graphviz() {
  static bool is_loaded = false;
  if (is_loaded) return "";
  const auto draw_nothing = [] { return packed(drawn(Picture{}, Theme::Light)); };
  const ChildAnswer trial = in_child(draw_nothing, model::seconds_left());
  if (!trial.failure.empty()) return trial.failure;
  draw_nothing();
  is_loaded = true;
  return "";
}

}  // namespace

Rendering render(const Picture& picture, Theme theme) {
  const std::lock_guard<std::mutex> lock(graphviz_mutex);
  std::string failure = load_graphviz();
  if (failure.empty()) {
    const ChildAnswer answer =
        in_child([&] { return packed(drawn(picture, theme)); }, model::seconds_left());
    if (answer.failure.empty()) return unpacked(answer.bytes);
    failure = answer.failure;
  }
  Rendering result;
  result.failure = fmt::format("a picture could not be drawn: {}", failure);
  return result;
}

}  // namespace capstan::reports
