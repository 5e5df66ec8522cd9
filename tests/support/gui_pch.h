// Precompiled once for all tests of widgets and the window.
#pragma once

#include "core/base/pch.h"

#include <QtTest/QtTest>
#include <QtWidgets/QtWidgets>

#include "tests/support/test_data.h"
