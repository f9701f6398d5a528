// OpenGL contexts from OSMesa, Mesa's software rasteriser without EGL.

#ifndef SACCADE_ENVS_MUJOCO_GL_OSMESA_H_
#define SACCADE_ENVS_MUJOCO_GL_OSMESA_H_

#include <memory>
#include <string>

#include "envs/mujoco/gl_context.h"

namespace saccade {

// Throws kEnvironment with the reason. Not thread-safe.
std::unique_ptr<GlContext> MakeOsMesaContext(const std::string& library);

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_GL_OSMESA_H_
