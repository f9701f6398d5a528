// A checkpoint as `saccade train --resume` reads it, once with the checksum that it claims and once
// with the right one, because no search would find that.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/base/crc32c.h"
#include "core/runtime/trainer.h"
#include "es/register.h"
#include "policies/register.h"
#include "tests/fuzz/fuzz.h"
#include "tests/testing/fakes.h"

namespace saccade::fuzz {
namespace {

constexpr std::size_t kDigitsAt = 8 + 29;  // after the length and {"__metadata__":{"checksum":"
constexpr std::size_t kDigits = 8;

std::string WithRightChecksum(std::string_view bytes) {
  std::string file(bytes);
  if (file.size() < kDigitsAt + kDigits) return file;
  const std::uint32_t before = Crc32c(bytes.substr(0, kDigitsAt));
  const std::uint32_t crc = Crc32c(bytes.substr(kDigitsAt + kDigits), before);
  return file.replace(kDigitsAt, kDigits, fmt::format("{:08x}", crc));
}

// One experiment per strategy: each reads a state of its own.
const std::map<std::string, std::unique_ptr<Experiment>>& Experiments() {
  static const auto& experiments = *[] {
    auto* made = new std::map<std::string, std::unique_ptr<Experiment>>;
    Registry registry;
    fakes::RegisterFakes(registry);
    RegisterPolicies(registry);
    RegisterStrategies(registry);
    for (const std::string& strategy : registry.strategies().Names()) {
      const std::string yaml = fmt::format(
          "env: {{name: fake-env}}\npolicy: {{name: linear}}\nstrategy: {{name: {}}}\n", strategy);
      (*made)[strategy] = std::make_unique<Experiment>(registry, config::ParseYaml(yaml, "x.yaml"));
    }
    return made;
  }();
  return experiments;
}

void Resume(const Experiment& experiment, const Checkpoint& checkpoint) {
  const auto evaluator = MakeSerialEvaluator();
  Trainer trainer(experiment, *evaluator);
  trainer.Load(checkpoint, "x.safetensors");
  trainer.Save();
}

void ResumeAll(std::string_view bytes) {
  const Checkpoint checkpoint = DecodeCheckpoint(bytes, "x.safetensors");
  for (const auto& entry : Experiments()) {
    ReadOrRefuse([&] { Resume(*entry.second, checkpoint); });
  }
}

}  // namespace

void FuzzCheckpoint(std::string_view bytes) {
  ReadOrRefuse([&] { ResumeAll(bytes); });
  ReadOrRefuse([&] { ResumeAll(WithRightChecksum(bytes)); });
}

void ResumeSeed(const std::string& name, std::string_view bytes) {
  Resume(*Experiments().at(name), DecodeCheckpoint(bytes, name));
}

}  // namespace saccade::fuzz
