// Runs a program as a user would and keeps what it said.

#ifndef SACCADE_TESTS_TESTING_SUBPROCESS_H_
#define SACCADE_TESTS_TESTING_SUBPROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace saccade::testing_tools {

struct Finished {
  int exit_code = 0;  // 128 + signal when a signal ended it
  std::string out;
  std::string err;
  std::int64_t peak_memory = 0;  // bytes that were resident at once, at most
  int signal = 0;                // that ended it; 0: it ended by itself
};

// A running program. Its output goes to files, so that it never waits for a reader.
class Subprocess {
 public:
  Subprocess(const std::vector<std::string>& arguments, const std::filesystem::path& folder);
  ~Subprocess();  // kills it if it still runs
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const;
  Finished Wait();

  // Returns when `file`, relative to the program's folder, is there. Throws, with what the program
  // said, as soon as it has ended without it or when time is up: no test may wait for ever. Name a
  // file that stays: a numbered checkpoint is soon removed again.
  void WaitForFile(const std::filesystem::path& file,
                   std::chrono::milliseconds timeout = std::chrono::seconds(30));
  bool HasEnded() const;
  std::string ErrorsSoFar() const;

 private:
  std::filesystem::path folder_;
  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t pid_ = -1;
};

// Runs `arguments` in `folder` until the end.
Finished Run(const std::vector<std::string>& arguments, const std::filesystem::path& folder);

}  // namespace saccade::testing_tools

#endif  // SACCADE_TESTS_TESTING_SUBPROCESS_H_
