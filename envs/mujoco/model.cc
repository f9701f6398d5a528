#include "envs/mujoco/model.h"

#include <cstdlib>
#include <mutex>
#include <vector>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;

// MuJoCo's library is C; the exception passes through its frames, which own nothing that C++ would
// have to release. The mjData in use must not be stepped again.
void HandleLog(const mjLogMessage* message) {
  if (message->level != mjLOG_ERROR) return;
  if (std::string_view(message->subject).find("allocate memory") != std::string_view::npos) {
    throw EnvironmentError(
        fmt::format("MuJoCo: {}; use fewer threads or a smaller model", message->subject));
  }
  throw InputError(fmt::format("MuJoCo: {}", message->subject));
}

void CheckVersion() {
  if (mj_version() == mjVERSION_HEADER) return;
  throw EnvironmentError(
      fmt::format("MuJoCo: this program was built with the headers of version {}, but the library "
                  "that it found is "
                  "{}; remove the other library from LD_LIBRARY_PATH, or build again",
                  mjVERSION_HEADER, mj_version()));
}

}  // namespace

void InitializeMujoco() {
  static std::once_flag once;
  std::call_once(once, [] {
    CheckVersion();
    mju_setLogHandler(HandleLog);
  });
}

ModelPtr LoadModel(const fs::path& file) {
  InitializeMujoco();
  if (!fs::is_regular_file(file)) {
    throw InputError(fmt::format("{}: no such model file", file.string()));
  }
  char message[1024] = "";
  ModelPtr model(mj_loadXML(file.c_str(), nullptr, message, sizeof(message)));
  if (model == nullptr) throw InputError(fmt::format("{}: {}", file.string(), message));
  return model;
}

ModelPtr CopyModel(const mjModel& model) { return ModelPtr(mj_copyModel(nullptr, &model)); }

DataPtr MakeData(const mjModel& model) {
  DataPtr data(mj_makeData(&model));
  if (data == nullptr) throw EnvironmentError("MuJoCo: not enough memory for a simulation");
  return data;
}

int RequireId(const mjModel& model, mjtObj type, const std::string& name) {
  const int id = mj_name2id(&model, type, name.c_str());
  if (id >= 0) return id;
  std::vector<std::string> known;
  for (int i = 0; const char* other = mj_id2name(&model, type, i); ++i) known.emplace_back(other);
  throw InputError(fmt::format("the model has no {} called '{}'; it has: {}", mju_type2Str(type),
                               name, fmt::join(known, ", ")));
}

fs::path ModelFolder() {
  const char* given = std::getenv("SACCADE_MODELS");
  std::error_code ignored;
  const fs::path installed =
      fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() /
      "share/saccade/models";
  std::vector<fs::path> candidates;
  if (given != nullptr) candidates.emplace_back(given);
  candidates.push_back(installed);
  candidates.emplace_back(SACCADE_BUILD_MODELS);
  for (const fs::path& folder : candidates) {
    if (fs::exists(folder / "cartpole.xml")) return folder;
  }
  throw EnvironmentError(
      fmt::format("the Control Suite's models are in none of: {}; run scripts/setup, "
                  "or set SACCADE_MODELS",
                  fmt::join(std::vector<std::string>(candidates.begin(), candidates.end()), ", ")));
}

}  // namespace saccade
