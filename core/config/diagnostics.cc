#include "core/config/diagnostics.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

namespace saccade::config {
namespace {

// Levenshtein distance in which swapping two neighbours counts as one edit.
int EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<int>> cost(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = static_cast<int>(i);
  std::iota(cost[0].begin(), cost[0].end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int change = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

void Diagnostics::Report(const Mark& mark, std::string_view path, std::string_view message) {
  std::string text;
  if (!mark.source.empty()) text += mark.ToString() + ": ";
  if (!path.empty()) text += fmt::format("{}: ", path);
  text.append(message);
  if (said_.insert(text).second) problems_.push_back({mark, std::move(text)});
}

std::vector<std::string> Diagnostics::messages() const {
  std::vector<Problem> sorted = problems_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.mark.source, a.mark.line, a.mark.column) <
           std::tie(b.mark.source, b.mark.line, b.mark.column);
  });
  std::vector<std::string> messages;
  for (Problem& problem : sorted) messages.push_back(std::move(problem.message));
  return messages;
}

void Diagnostics::ThrowIfAny() const {
  if (!empty()) throw LocatedError(JoinProblems(messages()));
}

std::string JoinProblems(std::span<const std::string> problems) {
  constexpr std::size_t kMost = 50;
  const auto shown = problems.first(std::min(problems.size(), kMost));
  std::string text = fmt::format("{}", fmt::join(shown, "\n"));
  if (problems.size() > kMost) text += fmt::format("\n… and {} more", problems.size() - kMost);
  return text;
}

std::string Place::PathOf(std::string_view field) const {
  return path_.empty() ? std::string(field) : fmt::format("{}.{}", path_, field);
}

void Place::Report(Diagnostics& diagnostics, std::string_view field,
                   std::string_view message) const {
  const Node* value = node_.Find(field);
  diagnostics.Report(value != nullptr ? value->mark : node_.mark, PathOf(field), message);
}

std::string DidYouMean(std::string_view word, std::span<const std::string> candidates) {
  constexpr std::size_t kLongestWord = 64;  // the distance is quadratic in the length
  if (word.size() > kLongestWord) return "";
  const std::string* best = nullptr;
  int best_distance = static_cast<int>(std::max<std::size_t>(2, word.size() / 3)) + 1;
  for (const std::string& candidate : candidates) {
    const int distance = EditDistance(word, candidate);
    if (distance < best_distance) {
      best = &candidate;
      best_distance = distance;
    }
  }
  constexpr std::size_t kShortestBeginning = 3;
  for (std::size_t i = 0;
       best == nullptr && word.size() >= kShortestBeginning && i < candidates.size(); ++i) {
    if (candidates[i].starts_with(word)) best = &candidates[i];
  }
  return best != nullptr ? fmt::format("; did you mean '{}'?", *best) : "";
}

}  // namespace saccade::config
