// A function that the test program and a plug-in both define.

#ifndef SACCADE_TESTS_UNIT_CORE_PLUGIN_SHARED_NAME_H_
#define SACCADE_TESTS_UNIT_CORE_PLUGIN_SHARED_NAME_H_

namespace saccade {

const char* SharedName();

}  // namespace saccade

#endif  // SACCADE_TESTS_UNIT_CORE_PLUGIN_SHARED_NAME_H_
