#include "core/media/palette.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "core/base/error.h"

namespace saccade {
namespace {

constexpr std::size_t kBins = std::size_t{1} << 18;

// The pixels of one bin, or the sum over several.
struct Cell {
  std::size_t bin = 0;
  double count = 0;
  std::array<double, 3> sum{};
  std::array<double, 3> square{};

  double Mean(int axis) const { return sum[axis] / count; }
  // Σ (c − mean)² along one axis.
  double Error(int axis) const { return square[axis] - sum[axis] * sum[axis] / count; }
};

struct Box {
  std::span<Cell> cells;
  Cell total;
  int widest = 0;  // axis
  double error = 0;

  explicit Box(std::span<Cell> box_cells) : cells(box_cells) {
    for (const Cell& cell : cells) {
      total.count += cell.count;
      for (int axis = 0; axis < 3; ++axis) {
        total.sum[axis] += cell.sum[axis];
        total.square[axis] += cell.square[axis];
      }
    }
    for (int axis = 0; axis < 3; ++axis) {
      error += total.Error(axis);
      if (total.Error(axis) > total.Error(widest)) widest = axis;
    }
    if (cells.size() < 2) error = 0;  // cannot be cut
  }
};

std::vector<Cell> OccupiedCells(const ImageView& image, const std::vector<bool>& used,
                                std::size_t (*bin_of)(const std::uint8_t*)) {
  std::vector<Cell> cells;
  std::vector<std::int32_t> place(kBins, -1);
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    const std::uint8_t* const rgb = image.data + 3 * i;
    const std::size_t bin = bin_of(rgb);
    if (place[bin] < 0) {
      place[bin] = static_cast<std::int32_t>(cells.size());
      cells.push_back({.bin = bin});
    }
    Cell& cell = cells[static_cast<std::size_t>(place[bin])];
    cell.count += 1;
    for (int axis = 0; axis < 3; ++axis) {
      cell.sum[axis] += rgb[axis];
      cell.square[axis] += static_cast<double>(rgb[axis]) * rgb[axis];
    }
  }
  return cells;
}

// Both halves have cells unless all have the same mean along the axis; then there is no half.
std::size_t CutAtMean(const Box& box) {
  const double mean = box.total.Mean(box.widest);
  const auto middle = std::partition(box.cells.begin(), box.cells.end(), [&](const Cell& cell) {
    return cell.Mean(box.widest) < mean;
  });
  return static_cast<std::size_t>(middle - box.cells.begin());
}

std::vector<Box> Cut(std::span<Cell> cells, int max_boxes) {
  std::vector<Box> boxes = {Box(cells)};
  while (static_cast<int>(boxes.size()) < max_boxes) {
    const auto worst = std::max_element(
        boxes.begin(), boxes.end(), [](const Box& a, const Box& b) { return a.error < b.error; });
    if (worst->error <= 0) break;
    const Box box = *worst;
    const std::size_t middle = CutAtMean(box);
    if (middle == 0 || middle == box.cells.size()) {
      worst->error = 0;
      continue;
    }
    *worst = Box(box.cells.first(middle));
    boxes.emplace_back(box.cells.subspan(middle));
  }
  return boxes;
}

}  // namespace

Palette::Palette(const ImageView& image, const std::vector<bool>& used, int max_colors)
    : index_of_bin_(kBins) {
  SACCADE_CHECK(image.channels == 3 && used.size() * 3 == image.size());
  SACCADE_CHECK(max_colors >= 1 && max_colors <= 256);
  std::vector<Cell> cells = OccupiedCells(image, used, Bin);
  if (cells.empty()) {
    colors_.push_back({});
    return;
  }
  for (const Box& box : Cut(cells, max_colors)) {
    for (const Cell& cell : box.cells) {
      index_of_bin_[cell.bin] = static_cast<std::uint8_t>(colors_.size());
    }
    Rgb color{};
    for (int axis = 0; axis < 3; ++axis) {
      color[axis] = static_cast<std::uint8_t>(std::lround(box.total.Mean(axis)));
    }
    colors_.push_back(color);
  }
}

}  // namespace saccade
