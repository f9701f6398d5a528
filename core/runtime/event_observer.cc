#include "core/runtime/event_observer.h"

#include <unistd.h>

#include <chrono>

#include <fmt/format.h>

#include "core/media/event_file.h"

namespace saccade {
namespace {

// Seconds since 1970: what TensorBoard sorts by.
double WallTime() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

EventObserver::EventObserver(const std::filesystem::path& run) {
  const double now = WallTime();
  file_ = std::make_unique<EventFileWriter>(
      run / fmt::format("events.out.tfevents.{:010.0f}.{}", now, ::getpid()), now);
}

EventObserver::~EventObserver() = default;

void EventObserver::OnGeneration(const Trainer&, const GenerationRecord& record) {
  const double now = WallTime();
  const auto add = [&](const char* tag, double value) {
    file_->AddScalar(tag, value, record.generation, now);
  };
  add("train/return_mean", record.population.mean);
  add("train/return_max", record.population.max);
  add("train/length_mean", record.population.mean_length);
  add("train/failed", record.population.diverged);
  add("strategy/sigma", record.sigma);
  add("speed/env_steps_per_second", record.steps_per_second);
  add("progress/env_steps", static_cast<double>(record.env_steps));
  if (record.evaluation) add("evaluation/return_mean", record.evaluation->mean);
}

}  // namespace saccade
