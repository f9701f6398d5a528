# How a room of the house becomes a target.

find_program(SACCADE_CCACHE ccache)
if(SACCADE_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${SACCADE_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SACCADE_CCACHE})
endif()

# No fused multiply-add behind our back: rewards must equal Python's bit for bit, and the same run
# must give the same bytes with every compiler.
add_compile_options(-Wall -Wextra -Wshadow
                    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>
                    -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options(-Wno-restrict)  # false alarms in std::string, GCC bug 105329
endif()
if(SACCADE_WERROR)
  add_compile_options(-Werror)
endif()
if(SACCADE_SANITIZE)
  add_compile_options(-fsanitize=${SACCADE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SACCADE_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(-Wno-maybe-uninitialized)  # false alarms in std::regex, GCC bug 105616
  endif()
endif()

# The Control Suite's models, of the version that is pinned.
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/wheels.txt pin REGEX "^dm_control==")
string(REGEX REPLACE "^dm_control==([0-9.]+).*" "dm_control-\\1" pin "${pin}")
set(SACCADE_DM_CONTROL ${PROJECT_SOURCE_DIR}/.deps/${pin})

# saccade_library(NAME SOURCES... [PUBLIC targets...] [PRIVATE targets...])
#
# A static library whose headers are included from the root of the repository. What is saccade_x here
# is saccade::x to others.
function(saccade_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  string(REGEX REPLACE "^saccade_" "" short_name ${name})
  add_library(saccade::${short_name} ALIAS ${name})
  set_target_properties(${name} PROPERTIES EXPORT_NAME ${short_name})
  set_property(GLOBAL APPEND PROPERTY SACCADE_LIBRARIES ${name})  # for cmake --install
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/saccade>)
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
endfunction()

# saccade_precompile_headers(TARGET HEADERS... | REUSE_FROM TARGET)
#
# As target_precompile_headers, in a way that ccache can look into.
function(saccade_precompile_headers target)
  if(ARGV1 STREQUAL REUSE_FROM)
    target_precompile_headers(${target} ${ARGN})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess> "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

# saccade_vector_sources(SOURCES...)
#
# Files with vectors of Highway's in them: compiled for the least processor that it has vectors for. On x86, MuJoCo's
# library asks for more (AVX).
function(saccade_vector_sources)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set(options -msse4.2 -maes -mpclmul)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    set(options -march=armv8-a+crypto)
  endif()
  # Headers that were precompiled for another processor would not do.
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "${options}" SKIP_PRECOMPILE_HEADERS ON)
endfunction()
