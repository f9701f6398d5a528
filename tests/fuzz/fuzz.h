// What is fuzzed: one function per reader, which takes any bytes, and one for the renderer raycast.
//
// The contract of each: bytes that cannot be used throw kInput, which the function swallows, and
// bytes that can be used come back unchanged after being written and read again. Anything else (a
// crash, a hang, an allocation beyond what the header of the reader promises, another exception, a
// difference) is a finding.
//
// tests/fuzz/corpus/<name>/ keeps seeds and every input that ever failed; corpus_test.cc replays
// them in every build, and scripts/fuzz searches for more.

#ifndef SACCADE_TESTS_FUZZ_FUZZ_H_
#define SACCADE_TESTS_FUZZ_FUZZ_H_

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace saccade::fuzz {

void FuzzConfig(std::string_view bytes);
void FuzzNpy(std::string_view bytes);
void FuzzNpz(std::string_view bytes);
void FuzzCheckpoint(std::string_view bytes);
// Not a reader: what is drawn of any scene (scene_fuzz.cc).
void FuzzScene(std::string_view bytes);

// Resumes from a checkpoint of the strategy `name`, as those of the corpus are. Throws what is wrong
// with it.
void ResumeSeed(const std::string& name, std::string_view bytes);

// Runs `read` and swallows the one exception that it may throw.
template <class Function>
void ReadOrRefuse(Function read) {
  try {
    read();
  } catch (const Error& error) {
    SACCADE_CHECK(error.kind() == ErrorKind::kInput);
    SACCADE_CHECK(*error.what() != '\0');
  }
}

}  // namespace saccade::fuzz

#endif  // SACCADE_TESTS_FUZZ_FUZZ_H_
