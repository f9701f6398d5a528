#include "core/runtime/recorder.h"

#include <map>
#include <string>

#include "core/base/error.h"

namespace saccade {
namespace {

// Rows of equal shape that become one array.
template <class T>
class Rows {
 public:
  explicit Rows(std::vector<std::int64_t> row_shape) : row_shape_(std::move(row_shape)) {}

  void Add(std::span<const T> row) {
    values_.insert(values_.end(), row.begin(), row.end());
    ++rows_;
  }
  void Add(T value) { Add(std::span<const T>(&value, 1)); }

  Tensor Take() const {
    std::vector<std::int64_t> shape = {rows_};
    shape.insert(shape.end(), row_shape_.begin(), row_shape_.end());
    return Tensor::From(std::span<const T>(values_), shape);
  }

 private:
  std::vector<std::int64_t> row_shape_;
  std::vector<T> values_;
  std::int64_t rows_ = 0;
};

// Everything that has a row before the first step and one after every step.
class StateRows {
 public:
  StateRows(Env& env, const FrameSource& frames)
      : env_(env), storage_(env.spec()), frames_(frames) {
    for (const ObservationEntry& entry : env.spec().observation) {
      observations_.emplace_back(std::vector<std::int64_t>{entry.size});
    }
  }

  ObservationBuffer buffer() { return storage_.buffer(); }

  void Add() {
    int offset = 0;
    for (std::size_t i = 0; i < observations_.size(); ++i) {
      const int size = env_.spec().observation[i].size;
      observations_[i].Add(storage_.state().subspan(static_cast<std::size_t>(offset),
                                                    static_cast<std::size_t>(size)));
      offset += size;
    }
    for (const auto& [name, tensor] : env_.GetState()) {
      states_.try_emplace(name, tensor.shape()).first->second.Add(tensor.Values<double>());
    }
    const ImageView pixels = storage_.buffer().pixels;
    pixels_.insert(pixels_.end(), pixels.data, pixels.data + pixels.size());
    frames_.Add(env_);
    ++rows_;
  }

  void Take(TensorMap& out) const {
    for (std::size_t i = 0; i < observations_.size(); ++i) {
      out["obs/" + env_.spec().observation[i].name] = observations_[i].Take();
    }
    for (const auto& [name, rows] : states_) out[name] = rows.Take();
    if (const auto& pixels = env_.spec().pixels) {
      out["obs/pixels"] = Tensor::From(std::span<const std::uint8_t>(pixels_),
                                       {rows_, pixels->height, pixels->width, pixels->channels});
    }
    frames_.Take(out);
  }

 private:
  Env& env_;
  ObservationStorage storage_;
  FrameRows frames_;
  std::vector<Rows<double>> observations_;
  std::map<std::string, Rows<double>> states_;
  std::vector<std::uint8_t> pixels_;
  std::int64_t rows_ = 0;
};

}  // namespace

TensorMap Record(Env& env, const EpisodeStart& start, std::span<const double> actions,
                 const FrameSource& frames) {
  const auto nu = static_cast<std::size_t>(env.spec().action_size());
  SACCADE_CHECK(nu > 0 && actions.size() % nu == 0);
  StateRows states(env, frames);
  Rows<double> applied({static_cast<std::int64_t>(nu)});
  Rows<double> rewards({});
  Rows<std::uint8_t> terminated({});
  Rows<std::uint8_t> truncated({});
  Rows<std::uint8_t> diverged({});

  if (start.state != nullptr) {
    env.SetState(*start.state, states.buffer());
  } else {
    env.Reset(start.key, states.buffer());
  }
  states.Add();
  for (StepResult step; !actions.empty() && !step.done(); actions = actions.subspan(nu)) {
    const auto action = actions.first(nu);
    step = env.Step(action, states.buffer());
    applied.Add(action);
    rewards.Add(step.reward);
    terminated.Add(step.terminated ? 1 : 0);
    truncated.Add(step.truncated ? 1 : 0);
    diverged.Add(step.diverged ? 1 : 0);
    states.Add();
  }

  TensorMap out;
  states.Take(out);
  out["actions"] = applied.Take();
  out["reward"] = rewards.Take();
  out["terminated"] = terminated.Take();
  out["truncated"] = truncated.Take();
  out["diverged"] = diverged.Take();
  return out;
}

}  // namespace saccade
