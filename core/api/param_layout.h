// The named, ordered blocks of a policy's flat weight vector.
//
// The order is the order of Add, stored in every checkpoint and checked on load: no layout by
// accident of a container.

#ifndef SACCADE_CORE_API_PARAM_LAYOUT_H_
#define SACCADE_CORE_API_PARAM_LAYOUT_H_

#include <string>
#include <vector>

namespace saccade {

struct ParamBlock {
  std::string name;  // "layer0/weight"
  int rows = 0;
  int cols = 0;
  int offset = 0;  // of its first weight; column-major, as Eigen maps it

  int size() const { return rows * cols; }
};

class ParamLayout {
 public:
  // Appends a block and returns it. Throws kInput when it is empty, has no name or that of another
  // one (checkpoints keep blocks by their names), or the weights become too many.
  ParamBlock Add(const std::string& name, int rows, int cols);

  int size() const { return size_; }
  const std::vector<ParamBlock>& blocks() const { return blocks_; }

  // "name rows×cols, …": equal layouts have equal texts.
  std::string ToString() const;

 private:
  std::vector<ParamBlock> blocks_;
  int size_ = 0;
};

}  // namespace saccade

#endif  // SACCADE_CORE_API_PARAM_LAYOUT_H_
