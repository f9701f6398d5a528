// Elementwise nonlinearities, by name.
//
//   tanh        tanh x
//   sigmoid     σ(x) = 1 / (1 + e⁻ˣ) = (1 + tanh(x/2)) / 2, computed in the second form
//   relu        max(x, 0)
//   leaky-relu  max(x, 0.01 x)
//   elu         x for x > 0, eˣ - 1 otherwise
//   silu        x σ(x)
//   gelu        x σ(2 √(2/π) (x + 0.044715 x³)), the tanh form of x Φ(x)
//   softsign    x / (1 + |x|)
//
// Thread-safe, deterministic, in place, without allocation. The vectorised tanh and exp are
// Eigen's, within a few units in the last place.
//
// References: Clevert et al., "Fast and accurate deep network learning by exponential linear
// units", 2016; Hendrycks & Gimpel, "Gaussian error linear units", 2016.

#ifndef SACCADE_POLICIES_LAYERS_ACTIVATION_H_
#define SACCADE_POLICIES_LAYERS_ACTIVATION_H_

#include <string>
#include <vector>

#include <Eigen/Core>

namespace saccade {

// Replaces every element by its image.
using Activation = void (*)(Eigen::Ref<Eigen::VectorXf>);

// In the order above.
std::vector<std::string> ActivationNames();

// Throws kInput, listing the known names, when there is no such activation.
Activation FindActivation(const std::string& name);

// σ, which gates use under its own name.
void Sigmoid(Eigen::Ref<Eigen::VectorXf> x);
void Tanh(Eigen::Ref<Eigen::VectorXf> x);

}  // namespace saccade

#endif  // SACCADE_POLICIES_LAYERS_ACTIVATION_H_
