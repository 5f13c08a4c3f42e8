# How other projects use this one. cmake --install: the library with its headers and CMake package, and the akyn command.
#
#     find_package(akyn REQUIRED)
#     target_link_libraries(program PRIVATE akyn::akyn)
include_guard()

# Part of a larger build: the programs that link akyn live in other directories, and must see what a
# static akyn links.
if(NOT PROJECT_IS_TOP_LEVEL)
  foreach(library IN ITEMS Threads::Threads fmt::fmt RocksDB::rocksdb-shared OpenSSL::Crypto CURL::libcurl
                           pugixml::pugixml EXPAT::EXPAT ZLIB::ZLIB PkgConfig::re2 PkgConfig::utf8proc
                           PkgConfig::libzstd)
    set_target_properties(${library} PROPERTIES IMPORTED_GLOBAL TRUE)
  endforeach()
endif()

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(AKYN_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/akyn)

install(
  TARGETS akyn
  EXPORT akynTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/akyn DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET akyn_shell)
  install(TARGETS akyn_shell RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

install(
  EXPORT akynTargets
  NAMESPACE akyn::
  DESTINATION ${AKYN_PACKAGE_DIR})

# A static library hands its own dependencies on to the link of the program; a shared one has them.
get_target_property(AKYN_TYPE akyn TYPE)
if(AKYN_TYPE STREQUAL "STATIC_LIBRARY")
  set(AKYN_IS_STATIC ON)
else()
  set(AKYN_IS_STATIC OFF)
endif()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/akynConfig.cmake.in ${PROJECT_BINARY_DIR}/akynConfig.cmake
                              INSTALL_DESTINATION ${AKYN_PACKAGE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/akynConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/akynConfig.cmake ${PROJECT_BINARY_DIR}/akynConfigVersion.cmake
        DESTINATION ${AKYN_PACKAGE_DIR})
