// The curves of a run for TensorBoard: return, evaluation, speed, spread and failures.

#ifndef SACCADE_CORE_RUNTIME_EVENT_OBSERVER_H_
#define SACCADE_CORE_RUNTIME_EVENT_OBSERVER_H_

#include <filesystem>
#include <memory>

#include "core/runtime/trainer.h"

namespace saccade {

class EventFileWriter;

class EventObserver : public Observer {
 public:
  // A new events file in the folder `run`; a resumed run adds one, and TensorBoard joins them.
  explicit EventObserver(const std::filesystem::path& run);
  ~EventObserver() override;

  void OnGeneration(const Trainer& trainer, const GenerationRecord& record) override;

 private:
  std::unique_ptr<EventFileWriter> file_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_EVENT_OBSERVER_H_
