// Akyn: an embedded knowledge-graph store. Include this one header; it draws in standard headers only.
#pragma once

#include <akyn/appender.h>  // IWYU pragma: export
#include <akyn/changes.h>
#include <akyn/convert.h>      // IWYU pragma: export
#include <akyn/error.h>        // IWYU pragma: export
#include <akyn/facts.h>        // IWYU pragma: export
#include <akyn/functions.h>    // IWYU pragma: export
#include <akyn/options.h>      // IWYU pragma: export
#include <akyn/path.h>         // IWYU pragma: export
#include <akyn/query.h>        // IWYU pragma: export
#include <akyn/results.h>      // IWYU pragma: export
#include <akyn/statistics.h>   // IWYU pragma: export
#include <akyn/store.h>        // IWYU pragma: export
#include <akyn/term.h>         // IWYU pragma: export
#include <akyn/transaction.h>  // IWYU pragma: export
