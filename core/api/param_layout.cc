#include "core/api/param_layout.h"

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {

ParamBlock ParamLayout::Add(const std::string& name, int rows, int cols) {
  SACCADE_CHECK(rows > 0 && cols > 0);
  const ParamBlock block{name, rows, cols, size_};
  blocks_.push_back(block);
  size_ += block.size();
  return block;
}

std::string ParamLayout::ToString() const {
  std::string text;
  for (const ParamBlock& block : blocks_) {
    text += fmt::format("{}{} {}×{}", text.empty() ? "" : ", ", block.name, block.rows, block.cols);
  }
  return text;
}

}  // namespace saccade
