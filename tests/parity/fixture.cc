#include "tests/parity/fixture.h"

#include <algorithm>
#include <set>

#include "core/api/registry.h"
#include "core/base/npz.h"
#include "envs/register.h"

namespace saccade {
namespace {

std::filesystem::path FixtureFile(const std::string& task) {
  return FixtureFolder() / (task + ".npz");
}

}  // namespace

std::filesystem::path FixtureFolder() {
  return std::filesystem::path(SACCADE_SOURCE_DIR) / "tests/parity/fixtures";
}

Fixture::Fixture(const std::string& task)
    : arrays(ReadNpz(FixtureFile(task))),
      observation_names(ReadNpzStrings(FixtureFile(task), "obs_names")) {}

std::vector<double> Fixture::Numbers(const std::string& name) const {
  return Require<double>(arrays, name);
}

std::int64_t Fixture::Integer(const std::string& name) const {
  return Require<std::int64_t>(arrays, name, 1).front();
}

std::vector<std::string> Fixture::NamesBelow(const std::string& prefix) const {
  std::set<std::string> names;
  for (const auto& [name, tensor] : arrays) {
    if (name.starts_with(prefix + "/")) names.insert(name.substr(prefix.size() + 1));
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> RecordedTasks() {
  std::vector<std::string> tasks;
  for (const auto& entry : std::filesystem::directory_iterator(FixtureFolder())) {
    const std::string stem = entry.path().stem();
    if (entry.path().extension() == ".npz" && stem != "tolerance") tasks.push_back(stem);
  }
  std::sort(tasks.begin(), tasks.end());
  return tasks;
}

std::shared_ptr<const EnvBlueprint> MakeBlueprint(const std::string& task) {
  Registry registry;
  RegisterEnvs(registry);
  return registry.envs().Find(task)->Make({&registry.renderers()});
}

std::string TestName(const std::string& task) {
  std::string name = task;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace saccade
