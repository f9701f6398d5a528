#include "envs/mujoco/model.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <vector>

#include <fmt/format.h>

#include "core/base/crc32c.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/threads.h"
#include "core/config/diagnostics.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;

bool SensesCameras(const mjModel& model) {
  const auto any = [&](const int* types) {
    return std::find(types, types + model.nsensor, mjOBJ_CAMERA) != types + model.nsensor;
  };
  return any(model.sensor_objtype) || any(model.sensor_reftype);
}

// Says what is amiss in a model or a simulation, such as contacts that do not fit into memory; once,
// because the numbers in the text are others every time. A simulation that diverges is data, and
// what a future MuJoCo will refuse in a model works today.
void Warn(std::string_view text) {
  for (const char* other : {"simulation is unstable", "is deprecated"}) {
    if (text.find(other) != text.npos) return;
  }
  const std::string kind(text.substr(0, text.find_first_of("0123456789", 1)));
  LogWarningOnce("MuJoCo: " + kind, fmt::format("MuJoCo: {}", text));
}

// MuJoCo's library is C; the exception passes through its frames, which own nothing that C++ would
// have to release. The mjData in use must not be stepped again.
void HandleLog(const mjLogMessage* message) {
  const std::string_view subject = message->subject;
  if (message->level == mjLOG_WARNING) Warn(subject);
  if (message->level != mjLOG_ERROR) return;
  if (subject.find("allocate memory") != subject.npos) {
    throw EnvironmentError(
        fmt::format("MuJoCo: {}; use fewer threads or a smaller model", message->subject));
  }
  throw InputError(fmt::format("MuJoCo: {}", message->subject));
}

void CheckVersion() {
  if (mj_version() == mjVERSION_HEADER) return;
  throw EnvironmentError(fmt::format(
      "MuJoCo: this program was built with the headers of version {}, but the library "
      "that it found is {}; remove the other library from LD_LIBRARY_PATH, or build again",
      mjVERSION_HEADER, mj_version()));
}

Error Refused(const fs::path& file, std::string_view message) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  return InputError(fmt::format("{}: {}", file.string(), message));
}

}  // namespace

void InitializeMujoco() {
  static std::once_flag once;
  std::call_once(once, [] {
    CheckVersion();
    mju_setLogHandler(HandleLog);
  });
}

ModelPtr LoadModel(const fs::path& file, const ModelEdit& edit) {
  InitializeMujoco();
  if (!fs::is_regular_file(file)) {
    throw InputError(fmt::format("{}: no such model file", file.string()));
  }
  if (::access(file.c_str(), R_OK) != 0) {
    throw InputError(fmt::format("{}: cannot read: {}", file.string(), std::strerror(errno)));
  }
  // It is compiled with threads of MuJoCo's own, and the process ends where there can be none.
  RequireThreads(2);
  char message[1024] = "";
  if (!edit) {
    ModelPtr model(mj_loadXML(file.c_str(), nullptr, message, sizeof(message)));
    return model != nullptr ? std::move(model) : throw Refused(file, message);
  }
  const SpecPtr spec(mj_parseXML(file.c_str(), nullptr, message, sizeof(message)));
  if (spec == nullptr) throw Refused(file, message);
  edit(*spec);
  ModelPtr model(mj_compile(spec.get(), nullptr));
  return model != nullptr ? std::move(model) : throw Refused(file, mjs_getError(spec.get()));
}

mjsElement* RequireElement(const mjSpec& spec, mjtObj type, const char* name) {
  mjsElement* const element = mjs_findElement(&spec, type, name);
  if (element != nullptr) return element;
  throw InputError(
      fmt::format("the model has no {} called '{}'; is $SACCADE_MODELS the Control "
                  "Suite's folder?",
                  mju_type2Str(type), name));
}

void RemoveElement(mjSpec& spec, mjtObj type, const char* name) {
  SACCADE_CHECK(mjs_delete(&spec, RequireElement(spec, type, name)) == 0);
}

ModelPtr CopyModel(const mjModel& model) { return ModelPtr(mj_copyModel(nullptr, &model)); }

DataPtr MakeData(const mjModel& model) {
  DataPtr data(mj_makeData(&model));
  if (data == nullptr) throw EnvironmentError("MuJoCo: not enough memory for a simulation");
  return data;
}

mjModel WithoutViews(const mjModel& model) {
  mjModel result = model;
  if (SensesCameras(model) || model.nplugin > 0 || (model.opt.enableflags & mjENBL_SLEEP) != 0) {
    return result;
  }
  result.ncam = 0;
  result.nlight = 0;
  return result;
}

int Count(const mjModel& model, mjtObj type) {
  switch (type) {
    case mjOBJ_ACTUATOR:
      return static_cast<int>(model.nu);
    case mjOBJ_BODY:
      return static_cast<int>(model.nbody);
    case mjOBJ_GEOM:
      return static_cast<int>(model.ngeom);
    case mjOBJ_JOINT:
      return static_cast<int>(model.njnt);
    case mjOBJ_KEY:
      return static_cast<int>(model.nkey);
    case mjOBJ_SENSOR:
      return static_cast<int>(model.nsensor);
    case mjOBJ_SITE:
      return static_cast<int>(model.nsite);
    default:
      SACCADE_CHECK(false);
  }
}

std::string UnknownMessage(const mjModel& model, mjtObj type, const std::string& name) {
  std::vector<std::string> known;
  for (int i = 0; i < Count(model, type); ++i) {
    if (const char* other = mj_id2name(&model, type, i)) known.emplace_back(other);
  }
  const std::string hint = config::DidYouMean(name, known);
  return fmt::format("the model has no {} called '{}'{} {}", mju_type2Str(type), name,
                     hint.empty() ? ";" : hint,
                     known.empty() ? "none of them has a name"
                                   : fmt::format("its names are: {}", fmt::join(known, ", ")));
}

int RequireId(const mjModel& model, mjtObj type, const std::string& name) {
  const int id = mj_name2id(&model, type, name.c_str());
  if (id < 0) throw InputError(UnknownMessage(model, type, name));
  return id;
}

std::string ModelDigest(const mjModel& model) {
  // Without where its files lay, and how long that is.
  const ModelPtr copy = CopyModel(model);
  copy->npaths = 0;
  copy->nbuffer = 0;
  std::fill_n(copy->mesh_pathadr, copy->nmesh, -1);
  std::fill_n(copy->skin_pathadr, copy->nskin, -1);
  std::fill_n(copy->hfield_pathadr, copy->nhfield, -1);
  std::fill_n(copy->tex_pathadr, copy->ntex, -1);
  std::string bytes(static_cast<std::size_t>(mj_sizeModel(copy.get())), '\0');
  mj_saveModel(copy.get(), nullptr, bytes.data(), static_cast<mjtSize>(bytes.size()));
  return fmt::format("mujoco {} crc32c {:08x}", mj_versionString(), Crc32c(bytes));
}

fs::path ModelFolder() {
  std::error_code ignored;
  const auto has_models = [&](const fs::path& folder) {
    return fs::exists(folder / "cartpole.xml", ignored);
  };
  // What is named is used, right or wrong.
  const char* given = std::getenv("SACCADE_MODELS");
  if (given != nullptr && *given != '\0') {
    if (has_models(given)) return given;
    throw InputError(fmt::format(
        "SACCADE_MODELS is '{}', where there is no cartpole.xml; name the folder of the Control "
        "Suite's models, or unset it",
        given));
  }
  const std::array<fs::path, 2> candidates = {
      fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() /
          "share/saccade/models",
      SACCADE_BUILD_MODELS};
  for (const fs::path& folder : candidates) {
    if (has_models(folder)) return folder;
  }
  throw EnvironmentError(
      fmt::format("the Control Suite's models are in neither {} nor {}; run scripts/setup, or set "
                  "SACCADE_MODELS",
                  candidates[0].string(), candidates[1].string()));
}

}  // namespace saccade
