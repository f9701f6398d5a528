// What a command takes as "RUN|ENV" or "ENV|CONFIG": environments are names, the others on disk.

#ifndef SACCADE_CORE_CLI_SUBJECT_H_
#define SACCADE_CORE_CLI_SUBJECT_H_

#include <memory>
#include <string>
#include <vector>

#include "core/api/registry.h"

namespace saccade::cli {

// Whether `subject` stands for what is on disk. The name of an environment does not, whatever lies
// here; then a warning says that ./NAME would.
bool IsRunOrConfig(const Registry& registry, const std::string& subject);

// The `env:` of a configuration: `name` and `overrides` (key=value). What is wrong with the name is
// reported as of `place`. Throws kInput when an override is none, or names another environment.
config::Node EnvironmentNode(const std::string& place, const std::string& name,
                             const std::vector<std::string>& overrides);

// The environment `name` with `overrides` (key=value) of its options. Throws kInput when there is
// none of that name, or its options are wrong.
std::shared_ptr<const EnvBlueprint> MakeEnvironment(const Registry& registry,
                                                    const std::string& name,
                                                    const std::vector<std::string>& overrides);

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_SUBJECT_H_
