// OpenGL contexts from EGL; see gl_context.h for which displays there are.

#ifndef SACCADE_ENVS_MUJOCO_GL_EGL_H_
#define SACCADE_ENVS_MUJOCO_GL_EGL_H_

#include <memory>
#include <string>

#include "envs/mujoco/gl_context.h"

namespace saccade {

enum class EglPlatforms { kDevice, kSurfaceless, kBoth };

// On the first display that is hardware, else on the software display with the fewest contexts.
// Throws kEnvironment with the reasons when there is none. Not thread-safe.
std::unique_ptr<GlContext> MakeEglContext(const std::string& library, EglPlatforms platforms);

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_GL_EGL_H_
