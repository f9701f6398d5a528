#include "core/runtime/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/build_info.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/shell.h"
#include "core/runtime/json_fields.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExtension = ".safetensors";

// The numbered checkpoints of a folder, oldest first.
std::vector<fs::path> NumberedCheckpoints(const fs::path& folder) {
  std::vector<std::pair<long, fs::path>> found;
  std::error_code error;
  const fs::directory_iterator entries(folder, error);
  if (error == std::errc::permission_denied) {
    throw InputError(fmt::format("{}: cannot read: {}", folder.string(), error.message()));
  }
  for (const auto& entry : entries) {
    const std::string stem = entry.path().stem().string();
    long number = 0;
    const auto [end, problem] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
    if (problem == std::errc() && end == stem.data() + stem.size() &&
        entry.path().extension() == kExtension) {
      found.emplace_back(number, entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> paths;
  for (auto& [number, path] : found) paths.push_back(std::move(path));
  return paths;
}

// Whether nothing would be lost by starting in `path`: it is not there, is empty, or holds no more
// than what a process leaves that ended (killed, disk full) before it could write its
// configuration.
bool IsUnused(const fs::path& path) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path, ignored)) {
    const fs::path name = entry.path().filename();
    const bool is_left_over = name == ".lock" || IsUnfinished(name) ||
                              (name == "checkpoints" && fs::is_empty(entry.path(), ignored));
    if (!is_left_over) return false;
  }
  return true;
}

void RequireUnused(const fs::path& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored) && !fs::is_directory(path, ignored)) {
    throw InputError(fmt::format(
        "{}: is a file; choose another name for the folder of the run (--out)", path.string()));
  }
  if (!IsUnused(path) && !fs::exists(run_files::Config(path), ignored)) {
    throw InputError(fmt::format("{}: holds other files; choose another folder for the run (--out)",
                                 path.string()));
  }
  if (!IsUnused(path)) {
    throw InputError(
        fmt::format("{}: already in use; go on with it (--resume {}), or choose another folder "
                    "(--out)",
                    path.string(), ShellPath(path.string())));
  }
}

}  // namespace

fs::path run_files::Config(const fs::path& run) { return run / "config.resolved.yaml"; }
fs::path run_files::Sessions(const fs::path& run) { return run / "sessions.jsonl"; }
fs::path run_files::Metrics(const fs::path& run) { return run / "metrics.jsonl"; }
fs::path run_files::Checkpoints(const fs::path& run) { return run / "checkpoints"; }
fs::path run_files::Best(const fs::path& run) {
  return Checkpoints(run) / (std::string("best") + kExtension);
}
fs::path run_files::Videos(const fs::path& run) { return run / "videos"; }
fs::path run_files::Evaluation(const fs::path& run) { return run / "evaluation.json"; }

void RequireRun(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    throw InputError(
        fmt::format("{}: no such folder; give one that saccade train wrote", path.string()));
  }
  std::error_code error;
  if (!fs::exists(run_files::Config(path), error)) {
    if (error) {
      throw EnvironmentError(fmt::format("{}: cannot be read: {}", path.string(), error.message()));
    }
    throw InputError(fmt::format(
        "{}: is not the folder of a run: it has no config.resolved.yaml; give one that saccade "
        "train wrote",
        path.string()));
  }
}

RunFolder::RunFolder(fs::path path) : path_(std::move(path)) {
  lock_ = ::open((path_ / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) {
    throw EnvironmentError(fmt::format(
        "{}: cannot write into this folder: {}; make it writable, or choose another one",
        path_.string(), std::strerror(errno)));
  }
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    ::close(lock_);
    if (error != EWOULDBLOCK) {
      throw EnvironmentError(
          fmt::format("{}: cannot be locked: {}; choose a folder on another disk", path_.string(),
                      std::strerror(error)));
    }
    throw InputError(
        fmt::format("{}: another process is training in this folder; wait for it, or "
                    "train in another folder",
                    path_.string()));
  }
}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

RunFolder::~RunFolder() {
  if (lock_ >= 0) ::close(lock_);
}

RunFolder RunFolder::Create(const fs::path& path) {
  RequireUnused(path);
  MakeFolder(path);
  RunFolder folder(path);
  RequireUnused(path);  // until it was locked, somebody else may have begun in it
  MakeFolder(run_files::Checkpoints(path));
  return folder;
}

RunFolder RunFolder::OpenForTraining(const fs::path& path) {
  RequireRun(path);
  RunFolder folder(path);
  MakeFolder(run_files::Checkpoints(path));  // which somebody may have removed
  return folder;
}

void RunFolder::RemoveUnfinished() const {
  for (const fs::path& folder : {path_, run_files::Checkpoints(path_)}) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      if (IsUnfinished(entry.path().filename())) fs::remove(entry.path(), ignored);
    }
  }
}

void RunFolder::RecordSession(std::int64_t generation, int threads,
                              const std::vector<std::string>& plugins) const {
  const nlohmann::ordered_json session = {{"from_generation", generation},
                                          {"build", BuildSummary()},
                                          {"plugins", plugins},
                                          {"threads", threads}};
  const fs::path file = run_files::Sessions(path_);
  std::error_code ignored;
  // A full disk may have cut the last line; this one must not become a part of it.
  const bool is_cut = fs::exists(file, ignored) && !ReadFile(file).ends_with('\n');
  AppendFile(file).Append((is_cut ? "\n" : "") + DumpJson(session) + "\n");
}

std::vector<fs::path> RunFolder::Checkpoints() const {
  return NumberedCheckpoints(run_files::Checkpoints(path_));
}

bool IsFileOfRun(const fs::path& file) {
  const fs::path folder = file.parent_path();
  const auto is_run = [](const fs::path& path) {
    std::error_code ignored;
    return fs::exists(run_files::Config(path), ignored);
  };
  if (is_run(folder.parent_path()) && folder == run_files::Checkpoints(folder.parent_path())) {
    return true;
  }
  return is_run(folder) &&
         (file == run_files::Config(folder) || file == run_files::Metrics(folder) ||
          file == run_files::Sessions(folder) || file.filename() == ".lock" ||
          file.filename().string().starts_with("events.out.tfevents."));
}

fs::path FindCheckpoint(const fs::path& run) {
  std::error_code ignored;
  if (!fs::exists(run, ignored)) {
    throw InputError(fmt::format("{}: no such file or folder", run.string()));
  }
  if (!fs::is_directory(run, ignored)) {
    if (run.extension() != ".yaml" && run.extension() != ".yml") return run;
    throw InputError(fmt::format(
        "{}: is a configuration; train it (saccade train) and give the folder of the run",
        run.string()));
  }
  const auto checkpoints = NumberedCheckpoints(run_files::Checkpoints(run));
  const fs::path best = run_files::Best(run);
  if (checkpoints.empty() && fs::exists(best, ignored)) return best;
  if (checkpoints.empty()) {
    throw InputError(fmt::format("{}: has no checkpoints/*{}; give the folder of a run, or a file",
                                 run.string(), kExtension));
  }
  return checkpoints.back();
}

CheckpointWriter::CheckpointWriter(const fs::path& run)
    : config_(run_files::Config(run)),
      folder_(run_files::Checkpoints(run)),
      best_(run_files::Best(run)) {
  if (!fs::exists(best_)) return;
  try {
    const Checkpoint checkpoint = LoadCheckpoint(best_);
    best_return_ = Require<double>(checkpoint.trainer, "best_return", 1)[0];
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}; if it is damaged, delete it: the next evaluation "
                                          "makes another",
                                          error.what()));
  }
}

void CheckpointWriter::OnGeneration(const Trainer& trainer, const GenerationRecord& record) {
  const CheckpointOptions& options = trainer.experiment().config().checkpoint;
  // The best one first: a process that dies between the two repeats the generation, and its
  // evaluation, when it is resumed; the other way round the evaluation would be lost.
  KeepBest(trainer, record);
  if (record.generation % options.every == 0) Write(trainer);
}

void CheckpointWriter::Write(const Trainer& trainer) {
  if (trainer.generation() == written_) return;
  std::error_code ignored;
  if (fs::status(config_, ignored).type() == fs::file_type::not_found) {
    throw EnvironmentError(fmt::format(
        "{}: has gone while the run was training, and without it nobody can go on; keep "
        "the folder of a run as it is until that has ended",
        config_.string()));
  }
  SaveCheckpoint(folder_ / fmt::format("{:06}{}", trainer.generation(), kExtension),
                 trainer.Save());
  written_ = trainer.generation();
  RemoveOld(trainer.experiment().config().checkpoint.keep);
}

void CheckpointWriter::KeepBest(const Trainer& trainer, const GenerationRecord& record) {
  if (!record.evaluation || !(record.evaluation->score() > best_return_)) return;
  best_return_ = record.evaluation->score();
  Checkpoint checkpoint = trainer.Save();
  checkpoint.trainer["best_return"] = Tensor::Scalar(best_return_);
  SaveCheckpoint(best_, checkpoint);
}

void CheckpointWriter::RemoveOld(int keep) const {
  const auto checkpoints = NumberedCheckpoints(folder_);
  for (std::size_t i = 0; i + static_cast<std::size_t>(keep) < checkpoints.size(); ++i) {
    std::error_code ignored;
    fs::remove(checkpoints[i], ignored);
  }
}

}  // namespace saccade
