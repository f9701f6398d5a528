#include "core/runtime/checkpoint.h"

#include <Eigen/Core>
#include <fmt/format.h>

#include "core/base/build_info.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/base/safetensors.h"

namespace saccade {
namespace {

constexpr const char* kFormat = "saccade-checkpoint-2";

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// The part that belongs to `group`, moved out of or into one flat map of "group/name".
void Join(const TensorMap& part, const std::string& group, TensorMap& all) {
  for (const auto& [name, tensor] : part) all[group + "/" + name] = tensor;
}

TensorMap Split(const TensorMap& all, const std::string& group) {
  TensorMap part;
  for (const auto& [name, tensor] : all) {
    if (name.starts_with(group + "/")) part[name.substr(group.size() + 1)] = tensor;
  }
  return part;
}

std::string HashText(const std::string& text) { return fmt::format("{:016x}", Fnv1a(text)); }

}  // namespace

void SaveCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  TensorMap tensors;
  Join(checkpoint.policy, "policy", tensors);
  Join(checkpoint.observation, "observation", tensors);
  Join(checkpoint.strategy, "strategy", tensors);
  Join(checkpoint.trainer, "trainer", tensors);
  WriteFileAtomically(path,
                      EncodeSafetensors(tensors, {{"format", kFormat},
                                                  {"saccade", BuildSummary()},
                                                  {"config", checkpoint.config},
                                                  {"layout", checkpoint.layout},
                                                  {"environment", checkpoint.environment},
                                                  {"layout_hash", HashText(checkpoint.layout)}}));
}

Checkpoint DecodeCheckpoint(std::string_view bytes, const std::string& source) {
  const SafetensorsFile file = DecodeSafetensors(bytes, source);
  const auto metadata = [&](const char* key) {
    const auto found = file.metadata.find(key);
    if (found == file.metadata.end()) {
      throw InputError(
          fmt::format("{}: is no checkpoint of Saccade's: its metadata has no '{}'", source, key));
    }
    return found->second;
  };
  if (metadata("format") != kFormat) {
    throw InputError(fmt::format("{}: has the format '{}', but this version reads '{}'", source,
                                 metadata("format"), kFormat));
  }
  const auto environment = file.metadata.find("environment");
  return {metadata("config"),
          metadata("layout"),
          environment == file.metadata.end() ? "" : environment->second,
          Split(file.tensors, "policy"),
          Split(file.tensors, "observation"),
          Split(file.tensors, "strategy"),
          Split(file.tensors, "trainer"),
          metadata("saccade")};
}

Checkpoint LoadCheckpoint(const std::filesystem::path& path) {
  return DecodeCheckpoint(ReadFile(path), path.string());
}

void WarnOfOtherEnvironment(const Checkpoint& checkpoint, const std::string& name,
                            const std::string& digest, const std::string& source) {
  if (checkpoint.environment.empty() || checkpoint.environment == digest) return;
  LogWarning(
      fmt::format("{}: the model of {} has changed since this was saved (its file, "
                  "$SACCADE_MODELS, or MuJoCo): {} then, {} now",
                  source, name, checkpoint.environment, digest));
}

TensorMap PackWeights(const ParamLayout& layout, std::span<const double> weights) {
  TensorMap blocks;
  for (const ParamBlock& block : layout.blocks()) {
    const Eigen::Map<const Eigen::MatrixXd> matrix(weights.data() + block.offset, block.rows,
                                                   block.cols);
    const RowMajor rows = matrix.cast<float>();
    if (!rows.allFinite()) {
      throw InputError(fmt::format(
          "the search has left all bounds: weights of '{}' are larger than single "
          "precision holds; start a new run with a lower learning rate, sigma or weight "
          "decay",
          block.name));
    }
    blocks[block.name] = Tensor::From(std::span(rows.data(), static_cast<std::size_t>(rows.size())),
                                      {block.rows, block.cols});
  }
  return blocks;
}

std::vector<double> UnpackWeights(const ParamLayout& layout, const Checkpoint& checkpoint,
                                  const std::string& source) {
  if (checkpoint.layout != layout.ToString()) {
    throw InputError(
        fmt::format("{}: holds the weights of another architecture\n  in the file: {}\n"
                    "  expected:    {}",
                    source, checkpoint.layout, layout.ToString()));
  }
  std::vector<double> weights(static_cast<std::size_t>(layout.size()));
  for (const ParamBlock& block : layout.blocks()) {
    const auto values = Require<float>(checkpoint.policy, block.name, block.size());
    if (!Eigen::Map<const Eigen::ArrayXf>(values.data(), std::ssize(values)).isFinite().all()) {
      throw InputError(
          fmt::format("{}: policy/{} holds a weight that is not finite; use an earlier "
                      "checkpoint",
                      source, block.name));
    }
    Eigen::Map<Eigen::MatrixXd>(weights.data() + block.offset, block.rows, block.cols) =
        Eigen::Map<const RowMajor>(values.data(), block.rows, block.cols).cast<double>();
  }
  return weights;
}

}  // namespace saccade
