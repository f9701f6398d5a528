#include "core/cli/actor.h"

#include <optional>
#include <system_error>

#include "core/cli/subject.h"
#include "core/runtime/run_folder.h"
#include "core/runtime/saved_policy.h"
#include "core/runtime/worker.h"

namespace saccade::cli {
namespace {

namespace fs = std::filesystem;

class PolicyActor : public Actor {
 public:
  PolicyActor(const Registry& registry, const std::string& run,
              const std::vector<std::string>& overrides)
      : policy_(registry, run, overrides), worker_(policy_.experiment()) {
    worker_.Bind(policy_.weights());
  }
  std::string subject() const override { return policy_.file().string(); }
  bool stays() const override {
    std::error_code ignored;
    return !IsFileOfRun(fs::weakly_canonical(fs::absolute(policy_.file()), ignored));
  }
  void Keep(const fs::path& file) const override { policy_.SaveArtefact(file); }
  Env& Start(const EpisodeKey& key) override {
    worker_.Start(key);
    return worker_.env();
  }
  StepResult Step() override {
    worker_.Act(policy_.filter());
    return worker_.StepEnv();
  }
  const ObservationBuffer& observation() const override { return worker_.observation(); }
  std::span<const double> action() const override { return worker_.action(); }

 private:
  SavedPolicy policy_;
  Worker worker_;
};

class UntrainedActor : public Actor {
 public:
  UntrainedActor(const Registry& registry, const std::string& env,
                 const std::vector<std::string>& overrides, Untrained untrained)
      : blueprint_(MakeEnvironment(registry, env, overrides)),
        env_(MakeEnv(*blueprint_)),
        storage_(blueprint_->spec()),
        buffer_(storage_.buffer()),
        action_(blueprint_->spec().action_low.size()),
        subject_(env),
        is_random_(untrained == Untrained::kRandom) {}
  std::string subject() const override { return subject_; }
  bool stays() const override { return true; }
  void Keep(const fs::path&) const override {}
  Env& Start(const EpisodeKey& key) override {
    random_.emplace(key.seed, Stream::kActionNoise, key.generation, key.index);
    NoAction(blueprint_->spec(), action_);
    env_->Reset(key, buffer_);
    return *env_;
  }
  StepResult Step() override {
    if (is_random_) SampleAction(env_->spec(), *random_, action_);
    return env_->Step(action_, buffer_);
  }
  const ObservationBuffer& observation() const override { return buffer_; }
  std::span<const double> action() const override { return action_; }

 private:
  std::shared_ptr<const EnvBlueprint> blueprint_;
  std::unique_ptr<Env> env_;
  ObservationStorage storage_;
  ObservationBuffer buffer_;
  std::vector<double> action_;
  std::optional<RandomStream> random_;
  std::string subject_;
  bool is_random_;
};

}  // namespace

std::unique_ptr<Actor> MakePolicyActor(const Registry& registry, const std::string& run,
                                       const std::vector<std::string>& overrides) {
  return std::make_unique<PolicyActor>(registry, run, overrides);
}

std::unique_ptr<Actor> MakeUntrainedActor(const Registry& registry, const std::string& env,
                                          const std::vector<std::string>& overrides,
                                          Untrained untrained) {
  return std::make_unique<UntrainedActor>(registry, env, overrides, untrained);
}

}  // namespace saccade::cli
