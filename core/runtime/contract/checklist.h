// How the contracts are written: rules that are tried one after another.
//
//   Checklist checklist;
//   checklist.Require("the spec is complete", [&] { …; throw Broken("…"); });
//   checklist.Check("Step allocates nothing", [&] { … });
//   return checklist.findings();
//
// A rule holds when its function returns. It is broken when the function throws, be it Broken or
// whatever the code under test throws; but an error of the machine (kEnvironment: no GL, no memory)
// is nobody's breach and goes on to the caller.

#ifndef SACCADE_CORE_RUNTIME_CONTRACT_CHECKLIST_H_
#define SACCADE_CORE_RUNTIME_CONTRACT_CHECKLIST_H_

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/runtime/contract/finding.h"

namespace saccade::contract {

// Where a rule is broken, the value, and the way out.
class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Why a rule says nothing here.
class NotChecked : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// In the handler of everything that a rule's subject may throw: what it was, in words. Errors of the
// machine go on as they are.
std::string WhatWasThrown();

class Checklist {
 public:
  using Rule = std::function<void()>;

  void Check(const std::string& name, const Rule& rule);

  // The same for a rule without which the later ones mean nothing: they are then not checked.
  void Require(const std::string& name, const Rule& rule);

  const std::vector<Finding>& findings() const { return findings_; }

 private:
  std::vector<Finding> findings_;
  std::string missing_;  // the required rule that is broken
};

// Runs two functions at once, on threads of their own, until both have come to an end; then throws
// what the first or else the second of them threw.
void OnTwoThreads(const std::function<void(int thread)>& function);

// The same for functions that go on step by step together: each calls `next` to wait until the other
// one calls it too, or has ended.
void InStep(const std::function<void(int thread, const std::function<void()>& next)>& function);

}  // namespace saccade::contract

#endif  // SACCADE_CORE_RUNTIME_CONTRACT_CHECKLIST_H_
