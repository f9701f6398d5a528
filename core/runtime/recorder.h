// Steps an environment with given actions and keeps everything that another implementation could be
// compared with.

#ifndef SACCADE_CORE_RUNTIME_RECORDER_H_
#define SACCADE_CORE_RUNTIME_RECORDER_H_

#include <span>
#include <vector>

#include "core/api/env.h"
#include "core/base/tensor.h"
#include "core/runtime/frames.h"

namespace saccade {

// Where an episode starts.
struct EpisodeStart {
  EpisodeKey key;  // used unless there is a state
  const TensorMap* state = nullptr;
};

// Runs at most actions.size() / nu steps, fewer when the episode ends. With T the steps done:
//
//   T+1 rows   every named state (qpos, qvel, time, …), obs/<name>, obs/pixels, frames (frames.h)
//   T rows     actions, reward, terminated, truncated, diverged
//
// obs/pixels are uint8 (T+1 × H × W × C), or with pixels.flatten float64 (T+1 × HWC) in [0, 1].
TensorMap Record(Env& env, const EpisodeStart& start, std::span<const double> actions,
                 const FrameSource& frames);

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_RECORDER_H_
