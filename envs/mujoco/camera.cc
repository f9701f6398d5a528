#include "envs/mujoco/camera.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mujoco/mujoco.h>

#include "core/base/error.h"
#include "core/config/diagnostics.h"

namespace saccade {
namespace {

Error UnknownCamera(const mjModel* model, const std::string& name_or_id) {
  std::vector<std::string> names;
  std::vector<std::string> known;
  for (int id = 0; id < model->ncam; ++id) {
    const char* name = mj_id2name(model, mjOBJ_CAMERA, id);
    if (name != nullptr) names.emplace_back(name);
    known.push_back(fmt::format("{} ({})", name == nullptr ? "without a name" : name, id));
  }
  known.push_back(fmt::format("the free camera ({})", kFreeCamera));
  const std::string hint = config::DidYouMean(name_or_id, names);
  // The names of a compiled model are one block of text that begins with the model's own.
  return InputError(fmt::format("there is no camera '{}' in the model '{}'{} It has {}", name_or_id,
                                model->names, hint.empty() ? "." : hint, fmt::join(known, ", ")));
}

}  // namespace

std::string NameOfCamera(const mjModel* model, int id) {
  if (id == kFreeCamera) return "free";
  const char* name = mj_id2name(model, mjOBJ_CAMERA, id);
  return name == nullptr ? fmt::format("{}", id) : name;
}

void SetOrbit(const Orbit& orbit, mjvCamera& camera) {
  std::ranges::copy(orbit.lookat, camera.lookat);
  camera.distance = orbit.distance;
  camera.azimuth = orbit.azimuth;
  camera.elevation = orbit.elevation;
}

Orbit OrbitOf(const mjvCamera& camera) {
  Orbit orbit{{}, camera.distance, camera.azimuth, camera.elevation};
  std::copy_n(camera.lookat, 3, orbit.lookat.begin());
  return orbit;
}

int CameraAfter(const mjModel* model, int id, int by) {
  const int count = model->ncam + 1;
  return ((id - kFreeCamera + by) % count + count) % count + kFreeCamera;
}

int CameraId(const mjModel* model, const std::string& name_or_id) {
  const int named = mj_name2id(model, mjOBJ_CAMERA, name_or_id.c_str());
  if (named >= 0) return named;
  if (name_or_id == "0" && model->ncam == 0) return kFreeCamera;
  int id = 0;
  const char* end = name_or_id.data() + name_or_id.size();
  const auto [stop, error] = std::from_chars(name_or_id.data(), end, id);
  const bool is_number = error == std::errc() && stop == end;
  if (!is_number || id < kFreeCamera || id >= model->ncam) throw UnknownCamera(model, name_or_id);
  return id;
}

}  // namespace saccade
