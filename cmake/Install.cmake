# cmake --install: a tree that works wherever it is moved to.
#
#   bin/saccade                 finds lib/ beside itself
#   lib/                        MuJoCo's library; what draws pictures and opens windows; Saccade's static libraries
#   lib/cmake/saccade/          find_package(saccade): cmake/saccadeConfig.cmake.in says what it offers
#   include/saccade/            Saccade's headers, as in the repository
#   include/saccade-mujoco/     MuJoCo's, which environments need
#   share/saccade/models/       the Control Suite's models
#   share/saccade/configs/      configurations to start from, with the robots that are our own
#   share/saccade/licenses/     of everything above

include(CMakePackageConfigHelpers)
set(package lib/cmake/saccade)

get_property(libraries GLOBAL PROPERTY SACCADE_LIBRARIES)
list(FILTER libraries EXCLUDE REGEX "_skeleton$")

if(TARGET saccade)
  set_target_properties(saccade PROPERTIES INSTALL_RPATH "$ORIGIN/../lib")
  install(TARGETS saccade RUNTIME DESTINATION bin)
  install(TARGETS saccade_opencv saccade_window LIBRARY DESTINATION lib)
endif()
install(TARGETS saccade_plugin EXPORT saccade-plugin)
install(TARGETS ${libraries} EXPORT saccade-runtime ARCHIVE DESTINATION lib)
install(EXPORT saccade-plugin NAMESPACE saccade:: FILE saccade-plugin.cmake DESTINATION ${package})
install(EXPORT saccade-runtime NAMESPACE saccade:: FILE saccade-runtime.cmake DESTINATION ${package})

install(DIRECTORY core envs es policies DESTINATION include/saccade
  FILES_MATCHING PATTERN "*.h" PATTERN cli EXCLUDE PATTERN skeleton EXCLUDE)
get_property(digest GLOBAL PROPERTY SACCADE_INTERFACE_DIGEST)
install(FILES ${digest} DESTINATION include/saccade/core/plugin)

set(mujoco_library libmujoco.so.${MuJoCo_VERSION})
install(PROGRAMS ${MuJoCo_RUNTIME_LIBRARY} DESTINATION lib RENAME ${mujoco_library})
install(DIRECTORY $<TARGET_PROPERTY:mujoco::mujoco,INTERFACE_INCLUDE_DIRECTORIES>/mujoco
  DESTINATION include/saccade-mujoco)

install(DIRECTORY ${SACCADE_DM_CONTROL}/suite/ DESTINATION share/saccade/models)
install(DIRECTORY configs DESTINATION share/saccade)
install(FILES LICENSE NOTICE DESTINATION share/saccade/licenses)
install(FILES ${SACCADE_DM_CONTROL}/LICENSE DESTINATION share/saccade/licenses RENAME LICENSE.dm_control)
foreach(file LICENSE LICENSES_THIRD_PARTY.md)
  install(FILES .deps/mujoco-${MuJoCo_VERSION}/${file} DESTINATION share/saccade/licenses
    RENAME ${file}.mujoco OPTIONAL)
endforeach()

configure_package_config_file(cmake/saccadeConfig.cmake.in saccadeConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(saccadeConfigVersion.cmake COMPATIBILITY ExactVersion)
install(FILES ${PROJECT_BINARY_DIR}/saccadeConfig.cmake ${PROJECT_BINARY_DIR}/saccadeConfigVersion.cmake
              cmake/FindOpenCVModules.cmake
  DESTINATION ${package})
