// The folder of a run and what lies where in it.
//
//   config.resolved.yaml          every option, defaults written out
//   sessions.jsonl                one line per call of `saccade train`: which build and plug-ins,
//                                 from which generation on, with how many threads
//   metrics.jsonl                 one line per generation
//   events.out.tfevents.*         the same for TensorBoard
//   checkpoints/000123.safetensors, checkpoints/best.safetensors
//   videos/                       made by saccade render
//   evaluation.json, report.html  where saccade eval --json and saccade report put them
//
// A run folder is used by one training process at a time; a lock held by the operating system (and
// released by it when the process dies) sees to that.

#ifndef SACCADE_CORE_RUNTIME_RUN_FOLDER_H_
#define SACCADE_CORE_RUNTIME_RUN_FOLDER_H_

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "core/runtime/trainer.h"

namespace saccade {

// Where things lie in the folder `run`.
namespace run_files {
std::filesystem::path Config(const std::filesystem::path& run);
std::filesystem::path Sessions(const std::filesystem::path& run);
std::filesystem::path Metrics(const std::filesystem::path& run);
std::filesystem::path Checkpoints(const std::filesystem::path& run);
std::filesystem::path Best(const std::filesystem::path& run);
std::filesystem::path Videos(const std::filesystem::path& run);
std::filesystem::path Evaluation(const std::filesystem::path& run);
}  // namespace run_files

// Throws kInput when `path` is not the folder of a run, naming what to give.
void RequireRun(const std::filesystem::path& path);

class RunFolder {
 public:
  // A new folder. Throws kInput when there is a run or anything else in it, kEnvironment when it
  // cannot be made.
  static RunFolder Create(const std::filesystem::path& path);

  // An existing one, to go on training in it. Throws kInput when it is no run folder or in use.
  static RunFolder OpenForTraining(const std::filesystem::path& path);

  ~RunFolder();
  RunFolder(RunFolder&& other) noexcept;
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  RunFolder& operator=(RunFolder&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return run_files::Config(path_); }
  std::filesystem::path metrics() const { return run_files::Metrics(path_); }

  // Removes what a process that was killed while writing left behind.
  void RemoveUnfinished() const;

  // Notes in sessions.jsonl that this build, with these plug-ins, trains on from `generation`.
  void RecordSession(std::int64_t generation, int threads,
                     const std::vector<std::string>& plugins) const;

  // The numbered checkpoints, oldest first; none when the run ended before it wrote the first.
  std::vector<std::filesystem::path> Checkpoints() const;

 private:
  explicit RunFolder(std::filesystem::path path);  // takes the lock

  std::filesystem::path path_;
  int lock_ = -1;
};

// Whether `file` is one that training writes into the folder of a run, and nobody else should.
bool IsFileOfRun(const std::filesystem::path& file);

// The file that RUN stands for: itself if it is a file; in a run folder the newest checkpoint, or the
// best one where that is all there is.
// Throws kInput when there is none.
std::filesystem::path FindCheckpoint(const std::filesystem::path& run);

// Writes checkpoints, and removes old ones, as the configuration of the run says. Files never
// disappear before their successor is safe on disk.
class CheckpointWriter : public Observer {
 public:
  explicit CheckpointWriter(const std::filesystem::path& run);
  void OnGeneration(const Trainer& trainer, const GenerationRecord& record) override;

  // Writes the present state unless it is written already; for the end of a run.
  void Write(const Trainer& trainer);

 private:
  void KeepBest(const Trainer& trainer, const GenerationRecord& record);
  void RemoveOld(int keep) const;

  std::filesystem::path config_;
  std::filesystem::path folder_;
  std::filesystem::path best_;
  std::int64_t written_ = -1;  // generation of the newest checkpoint
  double best_return_ = -std::numeric_limits<double>::infinity();
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_RUN_FOLDER_H_
