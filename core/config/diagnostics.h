// Collects every problem of a configuration, so that the user sees all of them at once.

#ifndef SACCADE_CORE_CONFIG_DIAGNOSTICS_H_
#define SACCADE_CORE_CONFIG_DIAGNOSTICS_H_

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/config/node.h"

namespace saccade::config {

// Bad input whose message names the places already.
class LocatedError : public Error {
 public:
  explicit LocatedError(const std::string& message) : Error(ErrorKind::kInput, message) {}
};

class Diagnostics {
 public:
  // Reports `path` (such as "strategy.sigma"; may be empty) at `mark`.
  void Report(const Mark& mark, std::string_view path, std::string_view message);

  bool empty() const { return problems_.empty(); }

  // One line per problem, in the order of the file.
  std::vector<std::string> messages() const;

  // Throws LocatedError with all messages, one per line, if there are any.
  void ThrowIfAny() const;

 private:
  struct Problem {
    Mark mark;
    std::string message;
  };
  std::vector<Problem> problems_;
  std::set<std::string> said_;  // a problem is reported once
};

// Where a group of options was written, for what only the maker of the product can check: names
// that a model lacks, sizes that do not fit. Empty for options that were not read from a tree.
class Place {
 public:
  Place() = default;
  Place(Node node, std::string path) : node_(std::move(node)), path_(std::move(path)) {}

  // "env.reward[0].of"
  std::string PathOf(std::string_view field) const;

  // Reports at the value of `field`, or at the group where the field has its default.
  void Report(Diagnostics& diagnostics, std::string_view field, std::string_view message) const;

 private:
  Node node_;
  std::string path_;
};

// The problems, one per line; of very many the first ones and how many more there are.
std::string JoinProblems(std::span<const std::string> problems);

// Runs `function`. Bad input that it refuses without naming a place is reported at `mark`, as that of
// `path`.
template <class Function>
void Attempt(Diagnostics& diagnostics, const Mark& mark, std::string_view path,
             const Function& function) {
  try {
    function();
  } catch (const LocatedError& error) {
    diagnostics.Report({}, "", error.what());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    diagnostics.Report(mark, path, error.what());
  }
}

// "; did you mean 'x'?" for the candidate nearest to `word` by edit distance, or else the first that
// begins with it, or "".
std::string DidYouMean(std::string_view word, std::span<const std::string> candidates);

}  // namespace saccade::config

#endif  // SACCADE_CORE_CONFIG_DIAGNOSTICS_H_
