// One step of a long short-term memory.
//
//   (i, f, g, o) = W (x; h) + b          W (4H × (X + H)), b (4H), gates in this order
//   c ← σ(f) ∘ c + σ(i) ∘ tanh(g)
//   h ← σ(o) ∘ tanh(c)
//
// X inputs, H units; (x; h) is x on top of h. c and h are zero after Reset. One bias, where some
// libraries add two: their sum is the same function. No peepholes.
//
// A cell belongs to one runner. Step allocates nothing and costs 4H (X + H) multiplications.
//
// Departure from the paper: with the forget gate of Gers et al., whose bias starts at 1 so that the
// memory lasts from the beginning.
// References: Hochreiter & Schmidhuber, "Long short-term memory", 1997; Gers, Schmidhuber &
// Cummins, "Learning to forget", 2000; Jozefowicz et al., "An empirical exploration of recurrent
// network architectures", 2015 (the bias of 1).

#ifndef SACCADE_POLICIES_LAYERS_LSTM_CELL_H_
#define SACCADE_POLICIES_LAYERS_LSTM_CELL_H_

#include <span>
#include <string>

#include <Eigen/Core>

#include "policies/layers/dense.h"

namespace saccade {

struct LstmSpec {
  DenseSpec gates;

  int units() const { return gates.outputs() / 4; }        // H
  int inputs() const { return gates.inputs() - units(); }  // X

  // W ~ N(0, deviation² / (X + H)); b = 1 for the forget gate and 0 for the others.
  void Initialize(RandomStream& random, double deviation, std::span<float> weights) const;
};

// Appends "NAME/weight" and "NAME/bias" to `layout`.
LstmSpec AddLstm(const std::string& name, int inputs, int units, ParamLayout& layout);

class LstmCell {
 public:
  explicit LstmCell(const LstmSpec& spec);

  void Bind(std::span<const float> weights) { gates_.Bind(weights); }
  void Reset();
  void Step(std::span<const float> x);  // X

  std::span<const float> hidden() const { return SpanOf(hidden_); }  // h (H)

 private:
  Dense gates_;
  Eigen::VectorXf input_;  // (x; h) while W is applied
  Eigen::VectorXf z_;      // (i, f, g, o)
  Eigen::VectorXf cell_;
  Eigen::VectorXf hidden_;
};

}  // namespace saccade

#endif  // SACCADE_POLICIES_LAYERS_LSTM_CELL_H_
