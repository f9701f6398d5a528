// An environment around an environment: forwards everything that it does not change.

#ifndef SACCADE_ENVS_WRAPPERS_WRAPPER_H_
#define SACCADE_ENVS_WRAPPERS_WRAPPER_H_

#include <memory>
#include <utility>
#include <vector>

#include "core/api/env.h"

namespace saccade {

class WrapperEnv : public Env {
 public:
  WrapperEnv(const EnvSpec& spec, std::unique_ptr<Env> inner)
      : Env(spec), inner_(std::move(inner)) {}

  bool has_named_state() const override { return inner_->has_named_state(); }
  Scene scene() override { return inner_->scene(); }
  double render_seconds() const override { return inner_->render_seconds(); }

 protected:
  TensorMap DoGetState() const override { return inner_->GetState(); }

  Env& inner() { return *inner_; }
  const Env& inner() const { return *inner_; }

  void AppendInnerState(std::vector<double>& out) const {
    std::vector<double> state;
    inner_->SaveState(state);
    out.insert(out.end(), state.begin(), state.end());
  }

 private:
  std::unique_ptr<Env> inner_;
};

class WrapperBlueprint : public EnvBlueprint {
 public:
  explicit WrapperBlueprint(std::shared_ptr<const EnvBlueprint> inner)
      : inner_(std::move(inner)), spec_(inner_->spec()) {}

  const EnvSpec& spec() const override { return spec_; }
  const mjModel_* model() const override { return inner_->model(); }
  std::string digest() const override { return inner_->digest(); }

 protected:
  const EnvBlueprint& inner() const { return *inner_; }
  EnvSpec& mutable_spec() { return spec_; }

 private:
  std::shared_ptr<const EnvBlueprint> inner_;
  EnvSpec spec_;  // the inner one's, changed by the wrapper
};

}  // namespace saccade

#endif  // SACCADE_ENVS_WRAPPERS_WRAPPER_H_
