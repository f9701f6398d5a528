// All that can be registered: what is built in, and the skeletons.

#ifndef SACCADE_TESTS_CONTRACT_EVERYTHING_H_
#define SACCADE_TESTS_CONTRACT_EVERYTHING_H_

#include "core/api/registry.h"

namespace saccade::contract {

const Registry& Everything();

}  // namespace saccade::contract

#endif  // SACCADE_TESTS_CONTRACT_EVERYTHING_H_
