// Precompiled once for widgets/, the window and the program.
#pragma once

#include "core/base/pch.h"

#include <QtGui/QtGui>
#include <QtWidgets/QtWidgets>
