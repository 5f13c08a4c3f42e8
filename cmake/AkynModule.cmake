# akyn_module(name SOURCES a.cpp ... [USES module ...] [LIBRARIES target ...] [PRECOMPILE header ...])
#
# One module of the library, built once (akyn_<name>_objects) and offered as a static library
# akyn_<name> that knows the modules it USES and the third-party targets it links. The akyn library is
# made of the objects of all modules; tests link the modules they test.
include_guard()

# What every target of ours is compiled with.
add_library(akyn_build_settings INTERFACE)
target_compile_features(akyn_build_settings INTERFACE cxx_std_20)
target_compile_options(akyn_build_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                                     -Wold-style-cast -Woverloaded-virtual)
if(AKYN_WERROR)
  target_compile_options(akyn_build_settings INTERFACE -Werror)
endif()
# A backtrace names functions and lines. What a debugger wants besides is in Debug builds: it makes the objects more than
# twice as large, and building a fifth longer.
target_compile_options(akyn_build_settings INTERFACE $<$<CONFIG:RelWithDebInfo>:-g1>)
# Compiling instrumented code with more than -O1 takes longer than running the tests gains.
if(AKYN_SANITIZE)
  target_compile_options(akyn_build_settings INTERFACE $<$<CONFIG:RelWithDebInfo>:-O1>)
  # GCC sees uninitialized values in instrumented code that are not there.
  target_compile_options(akyn_build_settings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
if(AKYN_SANITIZE STREQUAL "address")
  target_compile_options(akyn_build_settings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                                                       -fno-omit-frame-pointer)
  target_link_options(akyn_build_settings INTERFACE -fsanitize=address,undefined)
elseif(AKYN_SANITIZE STREQUAL "thread")
  target_compile_options(akyn_build_settings INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(akyn_build_settings INTERFACE -fsanitize=thread)
endif()
if(AKYN_FUZZ)
  target_compile_options(akyn_build_settings INTERFACE -fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer)
  target_link_options(akyn_build_settings INTERFACE -fsanitize=address)
endif()
# Some third-party libraries ask for it, and precompiled headers have to be compiled like the files that use them.
target_compile_options(akyn_build_settings INTERFACE -pthread)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # What ccache needs, to know about precompiled headers.
  target_compile_options(akyn_build_settings INTERFACE -fpch-preprocess)
endif()
find_program(AKYN_MOLD mold)
if(AKYN_MOLD)
  target_link_options(akyn_build_settings INTERFACE -fuse-ld=mold)
endif()

# What most files include, compiled once for the library (akyn_precompiled) and once for the tests
# (akyn_test_precompiled). Files include all that they use, nevertheless: `./dev build --clang` has no precompiled headers.
set(AKYN_PRECOMPILED
    <algorithm> <array> <atomic> <chrono> <cmath> <condition_variable> <cstdint> <cstring> <deque> <exception>
    <filesystem> <functional> <limits> <map> <memory> <mutex> <numeric> <optional> <set> <span> <string> <string_view>
    <thread> <unordered_map> <unordered_set> <utility> <variant> <vector>)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp CONTENT "// Headers alone.\n")
add_library(akyn_precompiled OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp)
target_precompile_headers(akyn_precompiled PRIVATE ${AKYN_PRECOMPILED})
target_link_libraries(akyn_precompiled PRIVATE akyn_build_settings)

# How the objects of the library are compiled.
function(akyn_library_objects target)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden
                                             VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
endfunction()
akyn_library_objects(akyn_precompiled)

# How tests are. What takes the time of a test is in the library.
function(akyn_test_objects target)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 finds faults in std::string that are not there, once its header is precompiled.
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overflow)
  endif()
  target_link_libraries(${target} PRIVATE akyn_build_settings)
endfunction()
if(AKYN_BUILD_TESTS)
  add_library(akyn_test_precompiled OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp)
  target_precompile_headers(akyn_test_precompiled PRIVATE ${AKYN_PRECOMPILED} <random> <sstream> <doctest/doctest.h>)
  target_link_libraries(akyn_test_precompiled PRIVATE doctest::doctest)
  akyn_test_objects(akyn_test_precompiled)
endif()

set_property(GLOBAL PROPERTY AKYN_MODULES "")

function(akyn_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LIBRARIES;PRECOMPILE")
  list(TRANSFORM arg_USES PREPEND akyn_)
  foreach(target IN ITEMS akyn_${name}_objects akyn_${name})
    if(target STREQUAL "akyn_${name}")
      add_library(${target} STATIC $<TARGET_OBJECTS:akyn_${name}_objects>)
      set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
    else()
      add_library(${target} OBJECT ${arg_SOURCES})
    endif()
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
    target_link_libraries(${target} PUBLIC ${arg_USES} ${arg_LIBRARIES} PRIVATE $<BUILD_INTERFACE:akyn_build_settings>)
  endforeach()
  akyn_library_objects(akyn_${name}_objects)
  if(arg_PRECOMPILE)
    target_precompile_headers(akyn_${name}_objects PRIVATE ${arg_PRECOMPILE})
  else()
    target_precompile_headers(akyn_${name}_objects REUSE_FROM akyn_precompiled)
  endif()
  set_property(GLOBAL APPEND PROPERTY AKYN_MODULES akyn_${name})
endfunction()

# akyn_test(name SOURCES a.cpp ... USES module ... [LIBRARIES target ...])
# A doctest program build/bin/test_<name>, run by ctest as <name>. It links the modules it uses, hidden symbols and all.
function(akyn_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LIBRARIES")
  add_executable(test_${name} ${arg_SOURCES})
  akyn_test_objects(test_${name})
  target_precompile_headers(test_${name} REUSE_FROM akyn_test_precompiled)
  list(TRANSFORM arg_USES PREPEND akyn_)
  target_link_libraries(test_${name} PRIVATE akyn_test_main ${arg_USES} ${arg_LIBRARIES})
  add_test(NAME ${name} COMMAND test_${name})
endfunction()
