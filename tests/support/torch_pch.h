// Precompiled once for the tests of what stands on LibTorch. Torch comes first: Qt's macros must not meet its names.
#pragma once

#include "core/nn/pch.h"

#include <QtTest>
