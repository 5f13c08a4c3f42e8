// What operators are taken to cost: nanoseconds a row, about, unless said otherwise. Only their ratios matter.
#pragma once

namespace akyn::plan {

inline constexpr double kScanRow = 1;
inline constexpr double kOpen = 3'000;       // a cursor
inline constexpr double kSeekBlock = 3'000;  // a block that is entered and partly decoded
inline constexpr double kMergeRow = 2;
inline constexpr double kBuildRow = 30;
inline constexpr double kProbeRow = 15;
inline constexpr double kOutputRow = 3;
inline constexpr double kLookup = 700;  // of a key
inline constexpr double kSortKey = 30;
inline constexpr double kFilterRow = 20;
inline constexpr double kExtendRow = 40;
inline constexpr double kGroupRow = 10;
inline constexpr double kSortRow = 100;
inline constexpr double kCopyRow = 1;
inline constexpr double kHashedRow = 15;
inline constexpr double kTriplePartsRow = 500;

}  // namespace akyn::plan
