#include "core/api/param_layout.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {

ParamBlock ParamLayout::Add(const std::string& name, int rows, int cols) {
  const std::int64_t size = size_ + std::int64_t{rows} * cols;
  if (rows < 1 || cols < 1 || size > std::numeric_limits<int>::max()) {
    throw InputError(fmt::format(
        "block '{}' of the weights is {} × {}, after {} weights; both must be positive, "
        "and all weights at most {}",
        name, rows, cols, size_, std::numeric_limits<int>::max()));
  }
  if (name.empty() || std::ranges::find(blocks_, name, &ParamBlock::name) != blocks_.end()) {
    throw InputError(fmt::format("block {} of the weights {}; give every block a name of its own",
                                 blocks_.size(),
                                 name.empty() ? "has no name" : "is called '" + name + "' too"));
  }
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
