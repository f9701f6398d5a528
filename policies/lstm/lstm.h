// A recurrent policy: dense encoder (optional), one LSTM layer, linear output.
//
//   e = φ(… φ(W₀ x + b₀))       "encoderK/weight", "encoderK/bias"; e = x without an encoder
//   h, c ← LSTM(e, h, c)         "lstm/weight" (4H × (E + H)), "lstm/bias" (4H)
//   a = V h + d                   "output/weight" (nu × H), "output/bias" (nu)
//
// The cell's equations and the order of its gates are in policies/layers/lstm_cell.h. Reset clears
// h and c. Start: as the multi-layer perceptron, the forget gate's bias at 1.
// Act allocates nothing and is deterministic.

#ifndef SACCADE_POLICIES_LSTM_LSTM_H_
#define SACCADE_POLICIES_LSTM_LSTM_H_

#include <memory>
#include <string>
#include <vector>

#include "core/api/policy.h"
#include "core/config/visitor.h"
#include "policies/layers/activation.h"
#include "policies/layers/input.h"

namespace saccade {

struct LstmOptions {
  int hidden = 32;
  std::vector<int> encoder = {};
  std::string activation = "tanh";
  double initial_scale = 1;
  double initial_output_scale = 0.01;
  InputOptions input = {};

  void Visit(config::Visitor& v) {
    v.Field("hidden", hidden, "units of the LSTM", config::Rule::AtLeast(1));
    v.Field("encoder", encoder, "units of each dense layer before the LSTM; [] for none",
            config::Rule::AtLeast(1));
    v.Field("activation", activation, "nonlinearity after each layer of the encoder",
            config::Rule::OneOf(ActivationNames()));
    v.Field("initial_scale", initial_scale,
            "standard deviation of a unit's first weights, times the root of its inputs",
            config::Rule::Between(0, 1e6));
    v.Field("initial_output_scale", initial_output_scale,
            "the same for the output layer; 0 starts at action 0", config::Rule::Between(0, 1e6));
    input.Visit(v);
  }
};

std::unique_ptr<Policy> MakeLstm(const LstmOptions& options, const PolicyContext& context);

}  // namespace saccade

#endif  // SACCADE_POLICIES_LSTM_LSTM_H_
