// What the tests of broken things share: exactly one rule is broken, with this message.

#ifndef SACCADE_TESTS_CONTRACT_BROKEN_H_
#define SACCADE_TESTS_CONTRACT_BROKEN_H_

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/runtime/contract/finding.h"

namespace saccade::contract {

inline void ExpectKept(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    EXPECT_NE(finding.verdict, Verdict::kBroken) << finding.rule << ": " << finding.detail;
  }
}

inline void ExpectBroken(const std::vector<Finding>& findings, const std::string& rule,
                         const std::string& detail) {
  bool found = false;
  for (const Finding& finding : findings) {
    if (finding.rule == rule) {
      found = true;
      EXPECT_EQ(finding.verdict, Verdict::kBroken) << rule;
      EXPECT_THAT(finding.detail, testing::HasSubstr(detail));
    } else {
      EXPECT_NE(finding.verdict, Verdict::kBroken) << finding.rule << ": " << finding.detail;
    }
  }
  EXPECT_TRUE(found) << rule;
}

}  // namespace saccade::contract

#endif  // SACCADE_TESTS_CONTRACT_BROKEN_H_
