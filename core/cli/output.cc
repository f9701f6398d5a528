#include "core/cli/output.h"

#include <algorithm>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runtime/run_folder.h"

namespace saccade::cli {

namespace fs = std::filesystem;

namespace {

// Whether a file is, by its name, of a kind that commands read.
bool IsInput(const fs::path& file) {
  constexpr std::string_view kKinds[] = {".npy",  ".npz", ".safetensors", ".so",
                                         ".urdf", ".xml", ".yaml",        ".yml"};
  return std::ranges::find(kKinds, file.extension().string()) != std::end(kKinds);
}

}  // namespace

void PrepareOutput(const fs::path& out, std::string_view ending,
                   const std::vector<std::string>& others) {
  if (out.empty()) return;
  std::error_code ignored;
  const fs::path file = fs::weakly_canonical(fs::absolute(out, ignored), ignored);
  if (fs::is_directory(file, ignored)) {
    throw InputError(fmt::format("{}: is a folder; give the name of a file", out.string()));
  }
  for (const std::string& other : others) {
    if (other.empty() || fs::is_other(out, ignored)) continue;
    if (fs::weakly_canonical(fs::absolute(other, ignored), ignored) != file) continue;
    throw InputError(fmt::format(
        "{}: is read or written by this command already; the output needs a name of its own",
        out.string()));
  }
  if (IsFileOfRun(file)) {
    throw InputError(
        fmt::format("{}: belongs to a run; choose another name for the output", out.string()));
  }
  if (file.extension() != ending && IsInput(file) && fs::is_regular_file(file, ignored)) {
    throw InputError(
        fmt::format("{}: is there already and no {} file; choose another name for the "
                    "output, or remove it first",
                    out.string(), ending));
  }
  if (out.has_parent_path()) MakeFolder(out.parent_path());
  RequireWritable(out);
}

}  // namespace saccade::cli
