# cmake -D OUTPUT=FILE -D SOURCE_DIR=DIR -P CommitHeader.cmake
#
# Writes a header with the commit that is being built. Touches the file only when the commit changed, so that a build
# after another build compiles nothing.

cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND git describe --always --dirty --abbrev=12 --exclude=*
  WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT "// Written by cmake/CommitHeader.cmake.

#ifndef SACCADE_CORE_BASE_COMMIT_H_
#define SACCADE_CORE_BASE_COMMIT_H_

namespace saccade {

inline constexpr const char* kCommit = \"@commit@\";

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_COMMIT_H_
")
