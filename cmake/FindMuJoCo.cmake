# Finds MuJoCo's C library, in this order:
#   1. the folder MUJOCO_ROOT (CMake variable, else environment): what the user names wins, right or wrong;
#   2. an installed CMake package of exactly the wanted version;
#   3. .deps/mujoco-VERSION, where scripts/setup unpacks MuJoCo's Python wheel.
# The wheel has a versioned libmujoco.so.X.Y.Z, no link to it and no CMake file, hence this module.
#
# The wanted version is the one given to find_package, else the one pinned in cmake/wheels.txt. It is asked for exactly:
# another MuJoCo has other numerics, and the parity tests compare with this one.
#
# Defines the imported target mujoco::mujoco, MuJoCo_VERSION (read from mujoco.h) and, for install(FILES),
# MuJoCo_RUNTIME_LIBRARY. Searches anew at each configure (nothing is cached), so a newer pin takes effect at once.

if(MuJoCo_FOUND AND TARGET mujoco::mujoco)
  return()
endif()

# Reads mjVERSION_HEADER. From 3.5 on, three digits a part: 3017000 is 3.17.0. Before, one digit: 337 is 3.3.7.
function(_mujoco_header_version header result)
  file(STRINGS ${header} number REGEX "^#define mjVERSION_HEADER +[0-9]+")
  string(REGEX MATCH "[0-9]+$" number "${number}")
  set(base 1000)
  if(number LESS 1000000)
    set(base 10)
  endif()
  math(EXPR major "${number} / (${base} * ${base})")
  math(EXPR minor "${number} / ${base} % ${base}")
  math(EXPR patch "${number} % ${base}")
  set(${result} ${major}.${minor}.${patch} PARENT_SCOPE)
endfunction()

# Leaves the target and version and library, or problem, in the caller's variables.
function(_mujoco_find version library problem)
  set(wanted ${MuJoCo_FIND_VERSION})
  if(NOT wanted)
    file(STRINGS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/wheels.txt wanted REGEX "^mujoco==")
    string(REGEX REPLACE "^mujoco==([0-9.]+).*" "\\1" wanted "${wanted}")
  endif()

  set(remedy "run scripts/setup, which fetches MuJoCo ${wanted} into .deps/")
  set(root ${MUJOCO_ROOT})
  if(NOT root)
    set(root $ENV{MUJOCO_ROOT})
  endif()
  if(root)
    set(remedy "correct MUJOCO_ROOT, or unset it and ${remedy}")
  else()
    find_package(mujoco ${wanted} EXACT CONFIG QUIET)
    if(mujoco_FOUND)
      set(${version} ${wanted} PARENT_SCOPE)
      set(${library} $<TARGET_FILE:mujoco::mujoco> PARENT_SCOPE)
      return()
    endif()
    cmake_path(SET root NORMALIZE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../.deps/mujoco-${wanted})
  endif()

  find_path(include_dir mujoco/mujoco.h PATHS ${root}/include NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH NO_CACHE)
  find_library(file NAMES libmujoco.so.${wanted} mujoco PATHS ${root} ${root}/lib NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH NO_CACHE)
  if(NOT include_dir)
    set(${problem} "there is no include/mujoco/mujoco.h in ${root}: ${remedy}." PARENT_SCOPE)
    return()
  endif()
  _mujoco_header_version(${include_dir}/mujoco/mujoco.h found)
  if(NOT found VERSION_EQUAL wanted)
    set(${problem} "${root} holds MuJoCo ${found}, and Saccade is tested with ${wanted}: ${remedy}." PARENT_SCOPE)
  elseif(NOT file)
    set(${problem} "there is no libmujoco.so in ${root}: ${remedy}." PARENT_SCOPE)
  else()
    set(${version} ${found} PARENT_SCOPE)
    set(${library} ${file} PARENT_SCOPE)
    add_library(mujoco::mujoco SHARED IMPORTED)
    set_target_properties(mujoco::mujoco PROPERTIES
      IMPORTED_LOCATION ${file} INTERFACE_INCLUDE_DIRECTORIES ${include_dir})
  endif()
endfunction()

unset(MuJoCo_VERSION)
unset(MuJoCo_RUNTIME_LIBRARY)
_mujoco_find(MuJoCo_VERSION MuJoCo_RUNTIME_LIBRARY _mujoco_problem)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(MuJoCo
  REQUIRED_VARS MuJoCo_RUNTIME_LIBRARY FAIL_MESSAGE "MuJoCo: ${_mujoco_problem}")
