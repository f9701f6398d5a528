// What a run leaves behind: a safetensors file that any Python reads in one line.
//
//   from safetensors.numpy import load_file; load_file("000100.safetensors")
//
//   policy/<block>                float32 (rows × cols), the weights of the mean
//   observation/{count,mean,m2}   float64, statistics of the observation filter
//   strategy/…                    the state of the strategy   } for resuming;
//   trainer/…                     the counters of the run     } absent in an artefact
//   metadata                      format, saccade (what wrote it: core/base/build_info.h), layout,
//                                 layout_hash, config (resolved YAML), environment (a digest of its
//                                 model)
//
// A file without strategy and trainer is a policy artefact, which is enough to evaluate and render:
// what is left when the two are deleted, to hand a policy on. layout_hash is for readers elsewhere.

#ifndef SACCADE_CORE_RUNTIME_CHECKPOINT_H_
#define SACCADE_CORE_RUNTIME_CHECKPOINT_H_

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/param_layout.h"
#include "core/base/tensor.h"
#include "core/runtime/observation_filter.h"

namespace saccade {

struct Checkpoint {
  std::string config;            // resolved YAML
  std::string layout;            // ParamLayout::ToString
  std::string environment = {};  // EnvBlueprint::digest; empty in files of older versions
  TensorMap policy;
  TensorMap observation;
  TensorMap strategy;
  TensorMap trainer;
  std::string version = {};  // of the Saccade that wrote the file; set by LoadCheckpoint

  bool can_resume() const { return !strategy.empty() && !trainer.empty(); }
};

void SaveCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

// Throws kInput when the bytes are truncated, damaged, or no checkpoint of Saccade's; `source`
// names them in errors.
Checkpoint DecodeCheckpoint(std::string_view bytes, const std::string& source);

// The same over a file.
Checkpoint LoadCheckpoint(const std::filesystem::path& path);

// Says so when the environment `name` simulates something else than when the checkpoint was saved.
void WarnOfOtherEnvironment(const Checkpoint& checkpoint, const std::string& name,
                            const std::string& digest, const std::string& source);

// The blocks of a flat weight vector as named row-major matrices, and back. Both throw kInput when a
// weight is not finite in single precision, Unpack also when the blocks are those of another layout,
// showing both.
TensorMap PackWeights(const ParamLayout& layout, std::span<const double> weights);
std::vector<double> UnpackWeights(const ParamLayout& layout, const Checkpoint& checkpoint,
                                  const std::string& source);

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_CHECKPOINT_H_
