// The measurements of frames: `render` and `video` of core/cli/measurement.h.

#ifndef SACCADE_CORE_CLI_FRAME_MEASUREMENT_H_
#define SACCADE_CORE_CLI_FRAME_MEASUREMENT_H_

#include <memory>

#include "core/cli/measurement.h"

namespace saccade::cli {

std::unique_ptr<Measurement> CompareFrames(const Registry& registry, const MeasuredEnv& env,
                                           int threads);
std::unique_ptr<Measurement> CompareVideo(const Registry& registry, const MeasuredEnv& env,
                                          int threads);

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_FRAME_MEASUREMENT_H_
