// Precompiled once for all tests.
#pragma once

#include "core/base/pch.h"

#include <QtTest/QtTest>
