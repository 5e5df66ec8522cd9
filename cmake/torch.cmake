# LibTorch as one imported target, kino_torch: a folder the user gives (KINOSCOPE_TORCH or Torch_DIR, as a CMake or an
# environment variable) or what scripts/setup fetched.
#
# Its own CMake package is not used: it changes the flags of every target and refuses to configure a CUDA build without
# the CUDA toolkit, though nothing here compiles CUDA code. Linking a CUDA LibTorch is enough; whether a device is there
# is found when the program runs.

set(KINOSCOPE_TORCH_VERSION 2.13)

set(torchRoots "")
foreach(given "${KINOSCOPE_TORCH}" "$ENV{KINOSCOPE_TORCH}")
  if(given)
    list(APPEND torchRoots "${given}")
  endif()
endforeach()
foreach(given "${Torch_DIR}" "$ENV{Torch_DIR}")
  if(given)
    list(APPEND torchRoots "${given}/../../..") # …/share/cmake/Torch
  endif()
endforeach()
list(APPEND torchRoots "${CMAKE_SOURCE_DIR}/.deps/libtorch")

set(torchRoot "")
foreach(root IN LISTS torchRoots)
  if(EXISTS "${root}/include/torch/csrc/api/include/torch/torch.h")
    get_filename_component(torchRoot "${root}" ABSOLUTE)
    break()
  endif()
endforeach()
if(NOT torchRoot)
  message(FATAL_ERROR "LibTorch was not found in ${torchRoots}: run scripts/setup, or set KINOSCOPE_TORCH to its folder.")
endif()

set(torchVersionHeader "${torchRoot}/include/torch/headeronly/version.h")
if(NOT EXISTS "${torchVersionHeader}")
  set(torchVersionHeader "${torchRoot}/include/torch/csrc/api/include/torch/version.h")
endif()
file(STRINGS "${torchVersionHeader}" torchVersionLines REGEX "define TORCH_VERSION_(MAJOR|MINOR) ")
string(REGEX REPLACE ".*MAJOR ([0-9]+).*MINOR ([0-9]+).*" "\\1.\\2" torchVersion "${torchVersionLines}")
if(NOT torchVersion VERSION_EQUAL KINOSCOPE_TORCH_VERSION)
  message(WARNING "LibTorch in ${torchRoot} is ${torchVersion}; Kinoscope is tested with ${KINOSCOPE_TORCH_VERSION}.")
endif()
message(STATUS "LibTorch ${torchVersion}: ${torchRoot}")

add_library(kino_torch INTERFACE IMPORTED)
target_include_directories(kino_torch SYSTEM INTERFACE
  "${torchRoot}/include" "${torchRoot}/include/torch/csrc/api/include")
# LibTorch is built with NDEBUG, and without it some of its types (at::RecordFunction) have members that the library lacks.
target_compile_definitions(kino_torch INTERFACE NDEBUG)
# The libraries register operators when loaded, so they stay linked even where no symbol of theirs is named.
set(torchLibraries "")
foreach(library torch torch_cpu torch_cuda c10 c10_cuda)
  if(EXISTS "${torchRoot}/lib/lib${library}.so")
    list(APPEND torchLibraries "${torchRoot}/lib/lib${library}.so")
  endif()
endforeach()
target_link_libraries(kino_torch INTERFACE -Wl,--no-as-needed ${torchLibraries} -Wl,--as-needed)
set(TORCH_LIBRARIES kino_torch)
