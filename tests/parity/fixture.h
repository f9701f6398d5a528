// The recordings of the real Control Suite, as the parity tests read them.

#ifndef SACCADE_TESTS_PARITY_FIXTURE_H_
#define SACCADE_TESTS_PARITY_FIXTURE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/api/env.h"
#include "core/base/tensor.h"

namespace saccade {

std::filesystem::path FixtureFolder();

// One task's file, read once.
struct Fixture {
  explicit Fixture(const std::string& task);

  std::vector<double> Numbers(const std::string& name) const;
  double Number(const std::string& name) const { return Numbers(name).at(0); }
  std::int64_t Integer(const std::string& name) const;
  // The names below "prefix/", without it.
  std::vector<std::string> NamesBelow(const std::string& prefix) const;

  TensorMap arrays;
  std::vector<std::string> observation_names;
};

// Every task that has been recorded: "cartpole-swingup", …
std::vector<std::string> RecordedTasks();

// The environment of that name as a user gets it, with all options at their defaults.
std::shared_ptr<const EnvBlueprint> MakeBlueprint(const std::string& task);

// For INSTANTIATE_TEST_SUITE_P: a task's name with underscores.
std::string TestName(const std::string& task);

}  // namespace saccade

#endif  // SACCADE_TESTS_PARITY_FIXTURE_H_
