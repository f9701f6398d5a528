// What `saccade train --resume` may change, and where it goes on.

#ifndef SACCADE_CORE_CLI_RESUME_H_
#define SACCADE_CORE_CLI_RESUME_H_

#include <string>
#include <vector>

#include "core/api/registry.h"
#include "core/runtime/run_folder.h"

namespace saccade::cli {

// A resumed run may be given another budget, be evaluated and saved at other generations, and be
// told where its files are now: everything else is what it was. Throws kInput at the first of
// `overrides` (key=value) that is none of these; `run` is the resolved configuration.
void CheckResumeOverrides(const Registry& registry, const config::Node& run,
                          const std::vector<std::string>& overrides);

// Loads the newest checkpoint of `folder`; a run that was stopped before it wrote one begins anew.
// Throws kInput when there should be one (`run` says how often they were written), or when it was
// trained with other options than the trainer has now. Changes no file.
void LoadNewest(const Registry& registry, const RunFolder& folder, const config::Node& run,
                Trainer& trainer);

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_RESUME_H_
