#include "core/jobs/report/sections.h"

namespace kino::report {

// Colours are the window's (widgets/style/theme.cpp). None of these characters needs escaping, but for > which XML takes as it is.
const char *const kStyle = R"css(
:root { color-scheme: light dark; --surface: #fafaf8; --raised: #fff; --line: #deddd8; --text: #1e1f22; --dim: #6b6e76; --accent: #2f6fde; --bad: #c8372d; --warning: #8f5c00; --good: #22744a;
  --k0: #2c7cc7; --k1: #d0501f; --k2: #0b8f6e; --k3: #a27bd9; --k4: #c79a1b; --k5: #4fb3d9; --k6: #c2588e; --k7: #6e8b3d; --k8: #5b5fc7; --k9: #e0874f; --k10: #2fa7a0; --k11: #8b6f5a; }
@media (prefers-color-scheme: dark) {
  :root { --surface: #17181b; --raised: #1f2125; --line: #33363c; --text: #e6e6e3; --dim: #9a9da5; --accent: #6ea0ff; --bad: #f0695f; --warning: #e0a33e; --good: #5dbb7b;
    --k0: #56a0e4; --k1: #f0764a; --k2: #2fbf9b; --k3: #b48cf0; --k4: #e0b83e; --k5: #74cbef; --k6: #e07aae; --k7: #9cbb62; --k8: #8c90f0; --k9: #f5a877; --k10: #4fc9c1; --k11: #b89a84; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--surface); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 40px 0 8px; padding-top: 12px; border-top: 1px solid var(--line); }
h3 { font-size: 16px; margin: 28px 0 6px; overflow-wrap: anywhere; }
h4 { font-size: 14px; margin: 18px 0 4px; }
p { margin: 4px 0 10px; max-width: 80ch; overflow-wrap: anywhere; }
a { color: var(--accent); }
.dim, caption, footer { color: var(--dim); }
.bad { color: var(--bad); } .warning { color: var(--warning); } .good { color: var(--good); }
.wide { overflow-x: auto; margin: 0 0 12px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
caption { text-align: left; padding: 4px 0 6px; }
th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; } th[scope="row"] { min-width: 110px; } thead th { color: var(--dim); font-weight: 500; white-space: nowrap; }
thead th.t { white-space: normal; min-width: 60px; } td.n, th.n { text-align: right; white-space: nowrap; overflow-wrap: normal; }
td.path { white-space: nowrap; overflow-wrap: normal; font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 13px; color: var(--dim); }
td.long { min-width: 90px; max-width: 340px; }
table.confusion th, table.confusion td { border: 0; padding: 5px 10px; }
table.confusion td.cell { text-align: right; min-width: 56px; border: 2px solid var(--surface); }
table.confusion td.hit { outline: 1px solid var(--dim); outline-offset: -3px; }
table.confusion td.cell small { display: block; color: inherit; opacity: .85; font-size: 11px; line-height: 1.2; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(480px, 100%), 1fr)); gap: 20px 28px; }
figure { margin: 0; break-inside: avoid; } figcaption { font-weight: 600; font-size: 14px; margin-bottom: 2px; }
svg { width: 100%; height: auto; display: block; } svg text { font-size: 11px; fill: var(--dim); font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); stroke-width: 1; }
.curve { fill: none; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
.k0 { stroke: var(--k0); } .k1 { stroke: var(--k1); } .k2 { stroke: var(--k2); } .k3 { stroke: var(--k3); } .k4 { stroke: var(--k4); } .k5 { stroke: var(--k5); }
.k6 { stroke: var(--k6); } .k7 { stroke: var(--k7); } .k8 { stroke: var(--k8); } .k9 { stroke: var(--k9); } .k10 { stroke: var(--k10); } .k11 { stroke: var(--k11); }
.d1 { stroke-dasharray: 6 4; } .d2 { stroke-dasharray: 2 4; } .d3 { stroke-dasharray: 8 3 2 3; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 20px; padding: 0; margin: 4px 0 12px; } .legend svg { display: inline-block; width: 28px; height: 10px; margin-right: 6px; }
details { margin: 8px 0; } summary { cursor: pointer; color: var(--accent); }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px; overflow-x: auto; font: 12.5px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(110px, max-content) 1fr; gap: 2px 16px; margin: 6px 0; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
nav ul { columns: 2; padding-left: 18px; margin: 8px 0; }
@media print {
  body { background: #fff; font-size: 11px; } main { max-width: none; padding: 0; } table { font-size: 10px; } .wide { overflow: visible; } a { color: inherit; text-decoration: none; } nav { display: none; }
  h2, h3 { break-after: avoid; } tr { break-inside: avoid; } details::details-content { content-visibility: visible; display: block; } details > * { display: block; }
  td.cell { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .k1 { stroke-dasharray: 6 3; } .k2 { stroke-dasharray: 2 3; } .k3 { stroke-dasharray: 9 3 2 3; } .k4 { stroke-dasharray: 12 4; }
}
)css";

} // namespace kino::report
