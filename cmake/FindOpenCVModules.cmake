# Single modules of OpenCV, without the package that brings them all.
#
# Debian ships OpenCV's CMake configuration only in libopencv-dev, which pulls in half a gigabyte of
# modules that we do not use. This finds the modules named as COMPONENTS by their headers and
# libraries and defines opencv_<component> imported targets.

find_path(OpenCVModules_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4)
foreach(component IN LISTS OpenCVModules_FIND_COMPONENTS)
  find_library(OpenCVModules_${component}_LIBRARY opencv_${component})
  mark_as_advanced(OpenCVModules_${component}_LIBRARY)
  if(OpenCVModules_INCLUDE_DIR AND OpenCVModules_${component}_LIBRARY)
    set(OpenCVModules_${component}_FOUND TRUE)
    if(NOT TARGET opencv_${component})
      add_library(opencv_${component} UNKNOWN IMPORTED)
      set_target_properties(opencv_${component} PROPERTIES
        IMPORTED_LOCATION ${OpenCVModules_${component}_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${OpenCVModules_INCLUDE_DIR})
    endif()
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenCVModules
  REQUIRED_VARS OpenCVModules_INCLUDE_DIR HANDLE_COMPONENTS)
