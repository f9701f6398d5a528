// An evolution strategy: a search distribution over ℝⁿ that moves towards higher fitness.
//
//   const int count = strategy.Ask();            // opens generation g
//   strategy.Candidate(i, x);                    // i = 0 … count-1, from any thread
//   strategy.Tell(fitness);                      // closes it: one value per candidate
//
// Higher is better. A failed candidate has fitness NaN and ranks below every other one; when all
// have failed the strategy does not move. Candidates are functions of (seed, generation, i) and of
// the state before Ask: nobody needs to store or send them. Double precision throughout.
//
// Mirrored strategies order candidates as (x⁺₀, x⁻₀, x⁺₁, x⁻₁, …), so candidate i belongs to
// direction i / 2; the runtime may give both the same episode (common random numbers).
//
// No files, clocks, threads or printing. Save and Load restore bit for bit between generations.
// The base class checks the protocol and the sizes; strategies implement the Do… methods.

#ifndef SACCADE_CORE_API_STRATEGY_H_
#define SACCADE_CORE_API_STRATEGY_H_

#include <cstdint>
#include <span>
#include <string_view>

#include <Eigen/Core>

#include "core/base/tensor.h"

namespace saccade {

// What an option `population` may be at most: far more than anybody needs, and its tables still fit
// into memory.
inline constexpr int kMaxPopulation = 1'000'000;

struct StrategyContext {
  Eigen::VectorXd start;   // n, where the search begins
  std::uint64_t seed = 0;  // of the run
};

class Strategy {
 public:
  explicit Strategy(const StrategyContext& context)
      : dimension_(static_cast<int>(context.start.size())), seed_(context.seed) {}
  virtual ~Strategy() = default;
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;

  int dimension() const { return dimension_; }  // n
  std::uint64_t seed() const { return seed_; }
  int generation() const { return generation_; }  // completed Tells
  virtual bool mirrored() const = 0;

  // The name in the catalogue, such as "cma-es". Save writes it and Load compares it.
  virtual std::string_view name() const = 0;

  // Opens a generation and returns its number of candidates (may differ between generations).
  int Ask();

  // Writes candidate `index` (n). Const and thread-safe between Ask and Tell.
  void Candidate(int index, std::span<double> out) const;

  // Closes the generation.
  void Tell(std::span<const double> fitness);

  // The centre of the search distribution: the solution that is evaluated, saved and deployed.
  // Of n numbers, or Ask, Tell and Load throw kInput.
  virtual const Eigen::VectorXd& mean() const = 0;

  // The root mean square distance of a candidate from the mean per coordinate: √(E|x - mean|² / n).
  virtual double sigma() const = 0;

  // The state between generations. Save throws kInput when Load would refuse it. Load throws kInput
  // when the tensors belong to another strategy or size; the strategy is then as it was before.
  TensorMap Save() const;
  void Load(const TensorMap& state);

 protected:
  virtual int DoAsk() = 0;
  virtual void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const = 0;
  // `fitness` has the size that DoAsk returned and at least one finite value; NaN marks failures.
  virtual void DoTell(const Eigen::VectorXd& fitness) = 0;
  virtual void DoSave(TensorMap& state) const = 0;
  // Reads everything before it changes anything.
  virtual void DoLoad(const TensorMap& state) = 0;

 private:
  void RequireWholeMean() const;

  int dimension_;
  std::uint64_t seed_;
  int generation_ = 0;
  int asked_ = 0;  // candidates of the open generation; 0 when none is open
};

}  // namespace saccade

#endif  // SACCADE_CORE_API_STRATEGY_H_
