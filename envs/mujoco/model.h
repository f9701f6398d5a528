// MuJoCo's objects as C++ values, and its messages as our errors.

#ifndef SACCADE_ENVS_MUJOCO_MODEL_H_
#define SACCADE_ENVS_MUJOCO_MODEL_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <mujoco/mujoco.h>

namespace saccade {

struct MujocoDeleter {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
  void operator()(mjData* data) const { mj_deleteData(data); }
  void operator()(mjSpec* spec) const { mj_deleteSpec(spec); }
};

using ModelPtr = std::unique_ptr<mjModel, MujocoDeleter>;
using DataPtr = std::unique_ptr<mjData, MujocoDeleter>;
using SpecPtr = std::unique_ptr<mjSpec, MujocoDeleter>;

// What is changed in a model before it is compiled.
using ModelEdit = std::function<void(mjSpec& spec)>;

// Compiles a model file, after `edit` if there is one. Throws kInput with MuJoCo's message (element,
// line) when it cannot.
ModelPtr LoadModel(const std::filesystem::path& file, const ModelEdit& edit = {});

// An element of a model that is not compiled yet; throws kInput when there is none of that name.
mjsElement* RequireElement(const mjSpec& spec, mjtObj type, const char* name);
// Takes it out.
void RemoveElement(mjSpec& spec, mjtObj type, const char* name);

ModelPtr CopyModel(const mjModel& model);
DataPtr MakeData(const mjModel& model);

// The same arrays under a header that knows no cameras and no lights, for steps that nobody watches:
// placing them is 1.3 % of the cheetah's instructions, and mj_camlight does it when somebody looks.
// For MuJoCo's steps alone, since names are not found with it. Whole where a step has to place
// them: where sensors sense cameras or plug-ins may, and where bodies sleep, whom mj_camlight
// passes over.
mjModel WithoutViews(const mjModel& model);

// How many elements the model has of a type that can be asked for by name: actuator, body, geom,
// joint, key, sensor, site.
int Count(const mjModel& model, mjtObj type);

// "the model has no joint called 'x'; …" with the nearest name and all names of that type.
std::string UnknownMessage(const mjModel& model, mjtObj type, const std::string& name);

// The id of a named element; throws kInput with UnknownMessage.
int RequireId(const mjModel& model, mjtObj type, const std::string& name);

// Of all that was compiled, wherever its files lie: "mujoco 3.17.0 crc32c 0123abcd".
std::string ModelDigest(const mjModel& model);

// The folder of the Control Suite's models: $SACCADE_MODELS, which throws kInput where there are
// none; else share/saccade/models beside the program, else where the build found them. Throws
// kEnvironment naming both.
std::filesystem::path ModelFolder();

// Once per process, before anything else of MuJoCo's: its errors become exceptions (kInput), each
// of its warnings is said once (they are counted in mjData too, where MujocoEnv looks), and a
// library of another version than the headers throws kEnvironment. Thread-safe; LoadModel calls it.
void InitializeMujoco();

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_MODEL_H_
