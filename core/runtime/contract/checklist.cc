#include "core/runtime/contract/checklist.h"

#include <algorithm>
#include <barrier>
#include <exception>
#include <thread>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade::contract {
namespace {

Finding Try(const std::string& name, const Checklist::Rule& rule) {
  try {
    rule();
    return {name, Verdict::kHolds, ""};
  } catch (const NotChecked& reason) {
    return {name, Verdict::kNotChecked, reason.what()};
  } catch (const Broken& broken) {
    return {name, Verdict::kBroken, broken.what()};
  } catch (...) {
    return {name, Verdict::kBroken, WhatWasThrown()};
  }
}

}  // namespace

std::string WhatWasThrown() {
  try {
    RethrowAsError("it");
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kEnvironment) throw;
    return error.what();
  }
}

int CountBroken(const std::vector<Finding>& findings) {
  return static_cast<int>(std::count_if(findings.begin(), findings.end(), [](const Finding& f) {
    return f.verdict == Verdict::kBroken;
  }));
}

void Checklist::Check(const std::string& name, const Rule& rule) {
  findings_.push_back(missing_.empty()
                          ? Try(name, rule)
                          : Finding{name, Verdict::kNotChecked,
                                    fmt::format("means nothing unless '{}' holds", missing_)});
}

void Checklist::Require(const std::string& name, const Rule& rule) {
  Check(name, rule);
  if (missing_.empty() && findings_.back().verdict == Verdict::kBroken) missing_ = name;
}

void OnTwoThreads(const std::function<void(int thread)>& function) {
  std::exception_ptr thrown[2];
  const auto run = [&](int thread) {
    try {
      function(thread);
    } catch (...) {
      thrown[thread] = std::current_exception();
    }
  };
  std::thread other(run, 1);
  run(0);
  other.join();
  for (const std::exception_ptr& error : thrown) {
    if (error != nullptr) std::rethrow_exception(error);
  }
}

void InStep(const std::function<void(int thread, const std::function<void()>& next)>& function) {
  std::barrier step(2);
  OnTwoThreads([&](int thread) {
    struct Leave {  // however it ends, the other one must not wait for it
      std::barrier<>& barrier;
      ~Leave() { barrier.arrive_and_drop(); }
    } leave{step};
    function(thread, [&] { step.arrive_and_wait(); });
  });
}

}  // namespace saccade::contract
