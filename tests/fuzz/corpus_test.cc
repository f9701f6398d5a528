// Replays what fuzzing once found, and its seeds, in every build.

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/fuzz/fuzz.h"

namespace saccade::fuzz {
namespace {

namespace fs = std::filesystem;

// A finding ends the process, and the trace names the file.
void Replay(const std::string& target, void (*fuzz)(std::string_view)) {
  const fs::path corpus = fs::path(SACCADE_SOURCE_DIR) / "tests/fuzz/corpus" / target;
  int count = 0;
  for (const auto& entry : fs::directory_iterator(corpus)) {
    SCOPED_TRACE(entry.path());
    const std::string bytes = ReadFile(entry.path());
    fuzz(bytes);
    for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 16) {
      fuzz(std::string_view(bytes).substr(0, size));  // and cut off in several places
    }
    ++count;
  }
  EXPECT_GT(count, 0);
}

TEST(Corpus, Config) { Replay("config", FuzzConfig); }
TEST(Corpus, Npy) { Replay("npy", FuzzNpy); }
TEST(Corpus, Npz) { Replay("npz", FuzzNpz); }
TEST(Corpus, Checkpoint) { Replay("checkpoint", FuzzCheckpoint); }
TEST(Corpus, Scene) { Replay("scene", FuzzScene); }

// Seeds of a format that is read no more would be refused at once, and nothing behind that fuzzed.
TEST(Corpus, TheSeedsOfCheckpointsAreSound) {
  const fs::path corpus = fs::path(SACCADE_SOURCE_DIR) / "tests/fuzz/corpus/checkpoint";
  for (const char* strategy : {"ars", "cma-es", "cr-fm-nes", "fake-es", "guided-es", "openai-es",
                               "pgpe", "sep-cma-es", "snes"}) {
    EXPECT_NO_THROW(
        ResumeSeed(strategy, ReadFile(corpus / (std::string(strategy) + ".safetensors"))))
        << strategy;
  }
}

}  // namespace
}  // namespace saccade::fuzz
