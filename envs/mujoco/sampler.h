// The draws that a reset may make. Everything random about a task's start goes through here, so
// that another stream (NumPy's, for seed parity with Python) can take the place of ours.

#ifndef SACCADE_ENVS_MUJOCO_SAMPLER_H_
#define SACCADE_ENVS_MUJOCO_SAMPLER_H_

#include "core/base/rng.h"

namespace saccade {

class Sampler {
 public:
  virtual ~Sampler() = default;
  virtual double Uniform(double low, double high) = 0;
  virtual double Normal() = 0;
};

class PhiloxSampler : public Sampler {
 public:
  explicit PhiloxSampler(RandomStream stream) : stream_(stream) {}
  double Uniform(double low, double high) override { return stream_.Uniform(low, high); }
  double Normal() override { return stream_.Normal(); }

 private:
  RandomStream stream_;
};

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_SAMPLER_H_
