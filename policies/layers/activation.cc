#include "policies/layers/activation.h"

#include <array>
#include <numbers>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {
namespace {

using Vector = Eigen::Ref<Eigen::VectorXf>;

void Relu(Vector x) { x = x.cwiseMax(0.0f); }

void LeakyRelu(Vector x) { x = x.cwiseMax(0.01f * x); }

// x = max(x, 0) + min(x, 0), and e⁰ - 1 = 0: no branch.
void Elu(Vector x) { x.array() = x.array().max(0.0f) + (x.array().min(0.0f).exp() - 1.0f); }

void Silu(Vector x) { x.array() *= 0.5f + 0.5f * (0.5f * x.array()).tanh(); }

void Gelu(Vector x) {
  constexpr float kScale =
      0.5f * 2.0f * std::numbers::sqrt2_v<float> * std::numbers::inv_sqrtpi_v<float>;
  x.array() *= 0.5f + 0.5f * (kScale * (x.array() + 0.044715f * x.array().cube())).tanh();
}

void Softsign(Vector x) { x.array() /= 1.0f + x.array().abs(); }

struct Entry {
  const char* name;
  Activation function;
};

constexpr std::array<Entry, 8> kActivations = {{{"tanh", Tanh},
                                                {"sigmoid", Sigmoid},
                                                {"relu", Relu},
                                                {"leaky-relu", LeakyRelu},
                                                {"elu", Elu},
                                                {"silu", Silu},
                                                {"gelu", Gelu},
                                                {"softsign", Softsign}}};

}  // namespace

void Tanh(Eigen::Ref<Eigen::VectorXf> x) { x.array() = x.array().tanh(); }

void Sigmoid(Eigen::Ref<Eigen::VectorXf> x) { x.array() = 0.5f + 0.5f * (0.5f * x.array()).tanh(); }

std::vector<std::string> ActivationNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kActivations) names.emplace_back(entry.name);
  return names;
}

Activation FindActivation(const std::string& name) {
  for (const Entry& entry : kActivations) {
    if (name == entry.name) return entry.function;
  }
  throw InputError(fmt::format("unknown activation '{}'; use one of: {}", name,
                               fmt::join(ActivationNames(), ", ")));
}

}  // namespace saccade
