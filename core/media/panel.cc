#include "core/media/panel.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace saccade {
namespace {

constexpr Rgb kGround = {28, 31, 36};
constexpr Rgb kTitle = {130, 185, 245};
constexpr Rgb kName = {165, 170, 178};
constexpr Rgb kText = {238, 240, 242};
constexpr Rgb kBar = {245, 165, 75};
constexpr Rgb kZero = {70, 76, 84};

constexpr int kLetters = 9;  // pixels
constexpr int kLine = 18;    // of text
constexpr int kBelow = 5;    // its baseline
constexpr int kBars = 32;    // of bars below it
constexpr int kMargin = 10;  // at both sides
constexpr int kWidestBar = 20;

int HeightOf(const PanelRow& row) { return kLine + (row.bars.empty() ? 0 : kBars); }

// Cuts it to the width, with dots at the end.
std::string Fitting(std::string text, int width) {
  if (WidthOfText(text, kLetters) <= width) return text;
  while (!text.empty() && WidthOfText(text + "...", kLetters) > width) text.pop_back();
  return text.empty() ? "" : text + "...";
}

void DrawBars(ImageView out, const Rectangle& where, const std::vector<double>& bars) {
  const int count = std::min(static_cast<int>(bars.size()), where.width / 2);
  const int step = std::min(kWidestBar, where.width / count);
  const int middle = where.y + where.height / 2;
  Fill(out, {where.x, middle, step * count, 1}, kZero);
  for (int i = 0; i < count; ++i) {
    const double bar = bars[static_cast<std::size_t>(i)];
    if (!std::isfinite(bar)) continue;
    const int height =
        static_cast<int>(std::lround(std::clamp(bar, -1.0, 1.0) * (where.height / 2.0)));
    Fill(out, {where.x + i * step, middle - std::max(height, 0), step - 1, std::abs(height)}, kBar);
  }
}

void DrawRow(ImageView out, const Rectangle& where, const PanelRow& row) {
  const int baseline = where.y + kLine - kBelow;
  const std::string text = Fitting(row.text, where.width);
  const int width = WidthOfText(text, kLetters);
  DrawText(out, text, where.x + where.width - width, baseline, kLetters, kText);
  DrawText(out, Fitting(row.name, where.width - width - kMargin), where.x, baseline, kLetters,
           kName);
  if (row.bars.empty()) return;
  DrawBars(out, {where.x, where.y + kLine, where.width, kBars - 4}, row.bars);
}

}  // namespace

void DrawPanel(ImageView out, const Rectangle& where, std::span<const PanelSection> sections) {
  Fill(out, where, kGround);
  Rectangle line = {where.x + kMargin, where.y + kMargin, where.width - 2 * kMargin, kLine};
  if (line.width <= kMargin || where.height < kLine) return;
  const int end = where.y + where.height - kLine;  // below, there is room for one line
  int left_out = 0;
  for (const PanelSection& section : sections) {
    if (section.rows.empty()) continue;
    const bool has_room = left_out == 0 && line.y + kLine + HeightOf(section.rows[0]) <= end;
    if (has_room) {
      DrawText(out, Fitting(section.title, line.width), line.x, line.y + kLine - kBelow, kLetters,
               kTitle);
      line.y += kLine;
    }
    for (const PanelRow& row : section.rows) {
      if (!has_room || left_out > 0 || line.y + HeightOf(row) > end) {
        ++left_out;
        continue;
      }
      DrawRow(out, line, row);
      line.y += HeightOf(row);
    }
    line.y += kLine / 2;
  }
  if (left_out == 0) return;
  DrawText(out, Fitting(fmt::format("{} more", left_out), line.width), line.x,
           where.y + where.height - kBelow, kLetters, kName);
}

}  // namespace saccade
