// TensorBoard event files: scalars over time, which `tensorboard --logdir RUN` plots.
//
// A file is a sequence of TFRecords, each
//
//   length (uint64) · mask(CRC-32C(length)) · data · mask(CRC-32C(data)),   little-endian,
//   mask(c) = rotate_right(c, 15) + 0xa282ead8,
//
// whose data is a protocol buffer:
//
//   Event   {wall_time = 1: double, step = 2: int64, file_version = 3: string,
//            summary = 5: Summary}
//   Summary {value = 1: {tag = 1: string, simple_value = 2: float}}
//
// The first record of a new file says "brain.Event:2". Each record reaches the operating system in
// one write before AddScalar returns: a killed process loses nothing, and an existing file is
// continued. TensorBoard finds the file if its name contains "tfevents".
//
// Thread safety: a writer belongs to one thread. Cost: one write per scalar.
// Reference: tensorflow/core/util/event.proto and summary.proto;
// tensorflow/core/lib/io/record_writer.

#ifndef SACCADE_CORE_MEDIA_EVENT_FILE_H_
#define SACCADE_CORE_MEDIA_EVENT_FILE_H_

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "core/base/file.h"

namespace saccade {

class EventFileWriter {
 public:
  // Throws kEnvironment when `path` cannot be written. `wall_time` (seconds since 1970) is that of
  // the first record of a new file.
  EventFileWriter(const std::filesystem::path& path, double wall_time);

  // Adds a point of the curve `tag`. Throws kEnvironment when the disk is full.
  void AddScalar(std::string_view tag, double value, std::int64_t step, double wall_time);

 private:
  void AppendRecord(std::string_view data);

  AppendFile file_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_EVENT_FILE_H_
