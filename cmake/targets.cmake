# How a target of Kinoscope is made: one folder, one library.

# What is no inner loop (tests, commands) is compiled faster while one develops; a release optimises all alike.
set(KINO_GLUE_OPTIONS $<$<CONFIG:None>:-O1>)

add_library(kino_options INTERFACE)
target_include_directories(kino_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(kino_options INTERFACE -Wall -Wextra -Wpedantic $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local> -Wnon-virtual-dtor)
target_link_libraries(kino_options INTERFACE Threads::Threads)
if(KINOSCOPE_WERROR)
  target_compile_options(kino_options INTERFACE -Werror)
endif()
if(KINOSCOPE_SANITIZE)
  target_compile_options(kino_options INTERFACE -fsanitize=${KINOSCOPE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(kino_options INTERFACE -fsanitize=${KINOSCOPE_SANITIZE})
endif()

# One precompiled header for all of core/, tests and kino. It is a target of its own, without definitions of any package:
# GCC refuses a precompiled header in files that lack a macro it was made with. Programs are compiled as position
# independent as libraries are, or they could not share it.
target_compile_options(kino_options INTERFACE -fPIC)
add_library(kino_pch OBJECT "${CMAKE_SOURCE_DIR}/cmake/pch.cpp")
target_link_libraries(kino_pch PRIVATE kino_options nlohmann_json::nlohmann_json)
target_precompile_headers(kino_pch PRIVATE "${CMAKE_SOURCE_DIR}/core/base/pch.h")

# Half of what a file costs the compiler is the same in the next one: those of the large libraries are compiled four at a time.
# Names in unnamed namespaces of such a library differ.
function(kino_compile_together name)
  set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 4)
endfunction()

# kino_library(NAME LINKS … PRIVATE_LINKS …): the library of the folder it is called in. LINKS are the folders and
# packages whose types its headers show; PRIVATE_LINKS stay inside.
function(kino_library name)
  cmake_parse_arguments(ARG "" "" "LINKS;PRIVATE_LINKS" ${ARGN})
  kino_sources_outside_libraries(sources)
  add_library(${name} STATIC ${sources})
  target_precompile_headers(${name} REUSE_FROM kino_pch)
  target_link_libraries(${name} PUBLIC kino_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
endfunction()

# A room that must not link what its folder links is a library of its own: it has a CMakeLists.txt, and its sources are
# left out of the folder's.
function(kino_sources_outside_libraries result)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "*.h" "*.cpp")
  file(GLOB_RECURSE libraries CONFIGURE_DEPENDS "CMakeLists.txt")
  foreach(list IN LISTS libraries)
    get_filename_component(room "${list}" DIRECTORY)
    if(NOT room STREQUAL CMAKE_CURRENT_SOURCE_DIR)
      list(FILTER sources EXCLUDE REGEX "^${room}/")
    endif()
  endforeach()
  set(${result} "${sources}" PARENT_SCOPE)
endfunction()

# kino_torch_library(NAME LINKS … PRIVATE_LINKS … PLAIN … PLAIN_LINKS …): the same for a folder that works with LibTorch, whose
# headers are worth a precompiled header of their own. PLAIN are patterns of those of its files that need none of it: they are
# a library NAME_plain, part of NAME, which a program can link that must not load LibTorch.
function(kino_torch_library name)
  if(NOT TARGET kino_torch_pch)
    add_library(kino_torch_pch OBJECT "${CMAKE_SOURCE_DIR}/cmake/pch.cpp")
    target_link_libraries(kino_torch_pch PRIVATE kino_options kino_torch nlohmann_json::nlohmann_json)
    target_precompile_headers(kino_torch_pch PRIVATE "${CMAKE_SOURCE_DIR}/core/nn/pch.h")
  endif()
  cmake_parse_arguments(ARG "" "" "LINKS;PRIVATE_LINKS;PLAIN;PLAIN_LINKS" ${ARGN})
  kino_sources_outside_libraries(sources)
  if(ARG_PLAIN)
    file(GLOB plainSources CONFIGURE_DEPENDS ${ARG_PLAIN})
    list(REMOVE_ITEM sources ${plainSources})
    add_library(${name}_plain STATIC ${plainSources})
    target_precompile_headers(${name}_plain REUSE_FROM kino_pch)
    target_link_libraries(${name}_plain PUBLIC kino_options nlohmann_json::nlohmann_json ${ARG_PLAIN_LINKS})
    list(PREPEND ARG_LINKS ${name}_plain)
  endif()
  if(NOT sources) # all that there is so far lies in rooms
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE kino_options kino_torch ${ARG_LINKS} ${ARG_PRIVATE_LINKS})
    return()
  endif()
  add_library(${name} STATIC ${sources})
  target_precompile_headers(${name} REUSE_FROM kino_torch_pch)
  kino_compile_together(${name})
  target_link_libraries(${name} PUBLIC kino_options kino_torch nlohmann_json::nlohmann_json ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
endfunction()
