/// The style sheet. Colour means a verdict, never a strategy; every colour has a sign beside it.
package enum ReportStyle {
  package static let text = [palette, page, tables, marks, plots, phone, print].joined(
    separator: "\n")

  /// Light and dark; paper stays light.
  private static let palette = """
    :root{color-scheme:light;--bg:#fff;--ink:#1b1e22;--muted:#565c64;--line:#d5d9de;\
    --soft:#f4f6f8;--gain:#0060A8;--loss:#A84300;--grey:#6b727b;--link:#0060A8;--warn:#fdf3e7;\
    --stop:#fbe9e4;--tint:0,96,168;--misstint:168,67,0}
    @media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--bg:#14171b;\
    --ink:#e9ebee;--muted:#aab1ba;--line:#3a4048;--soft:#1e2227;--gain:#6CB8F0;--loss:#F2A25C;\
    --grey:#9aa2ac;--link:#6CB8F0;--warn:#33281a;--stop:#3b211a;--tint:108,184,240;\
    --misstint:242,162,92}}
    """

  private static let page = """
    *{box-sizing:border-box}
    body{margin:0;background:var(--bg);color:var(--ink);\
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;\
    font-variant-numeric:tabular-nums}
    header,main,footer{max-width:1140px;margin:0 auto;padding:0 20px}
    header{padding-top:28px}
    h1{font-size:1.7rem;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
    h2{font-size:1.25rem;line-height:1.3;margin:44px 0 8px}
    h3{font-size:1rem;margin:16px 0 4px}
    p{margin:8px 0;max-width:76ch}
    small{font-size:.82rem;color:var(--muted);font-weight:400}
    .muted,.note,figcaption,caption{color:var(--muted)}
    .note,figcaption,caption{font-size:.88rem}
    a{color:var(--link)}
    .skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--bg);\
    padding:8px;z-index:9}
    :focus-visible{outline:3px solid var(--link);outline-offset:2px}
    .alerts ul{list-style:none;margin:16px 0 0;padding:0}
    .alerts li{padding:10px 14px;margin:8px 0;border-left:5px solid var(--loss);\
    background:var(--warn)}
    .alerts li.invalidating{background:var(--stop);border-left-width:10px}
    .gap{background:var(--soft);padding:18px 22px 14px;margin-top:20px;border-radius:8px}
    .gap h2{margin:0 0 6px}
    .pair{display:flex;flex-wrap:wrap;gap:8px 48px}
    .figure{margin:0;display:flex;flex-direction:column;max-width:30ch}
    .big{font-size:3.1rem;line-height:1.1;font-weight:700}
    .gapline{position:relative;height:74px;margin:8px 84px 4px 12px;\
    border-bottom:2px solid var(--line)}
    .gapline i{position:absolute;font-style:normal}
    .gapline .span{bottom:8px;height:12px;background:var(--loss);min-width:2px}
    .gapline .span b{position:absolute;bottom:34px;left:50%;transform:translateX(-50%);\
    white-space:nowrap;color:var(--loss)}
    .gapline .f1dot,.gapline .accdot{bottom:5px;width:18px;height:18px;margin-left:-9px;\
    border-radius:50%;border:3px solid var(--ink);background:var(--bg)}
    .gapline .accdot{background:var(--ink)}
    .gapline .name{bottom:27px;font-size:.85rem;white-space:nowrap}\
    .gapline .name.f{transform:translateX(calc(-100% + 9px))}\
    .gapline .name.a{transform:translateX(-9px)}
    .gapline .tick{bottom:-26px;transform:translateX(-50%);font-size:.8rem;color:var(--muted)}
    .gapline+p{margin-top:34px}
    .verdict-text{font-size:1.2rem;line-height:1.45;margin:22px 0 0;max-width:72ch}
    .split{display:grid;grid-template-columns:minmax(0,4fr) minmax(0,6fr);gap:24px;\
    align-items:start}
    .two{display:grid;grid-template-columns:1fr 1fr;gap:24px}
    details{margin:10px 0;border-top:1px solid var(--line)}
    summary{padding:8px 0;cursor:pointer;min-height:24px;font-weight:600}
    dl{margin:8px 0;max-width:84ch}dt{font-weight:600;margin-top:10px}\
    dd{margin:0;overflow-wrap:anywhere}
    figure{margin:12px 0}
    footer{padding-bottom:40px;color:var(--muted);font-size:.88rem}
    .printonly{display:none}
    """

  private static let tables = """
    .scroll{overflow-x:auto;margin-top:12px}
    .verdict{display:inline-block}
    .strategies .verdict{display:block}
    .tall{max-height:80vh;overflow-y:auto}
    table{border-collapse:collapse;width:100%;font-size:.92rem}
    caption{text-align:left;padding:0 0 6px;max-width:90ch}
    th,td{text-align:left;vertical-align:top;padding:6px 10px 6px 0;\
    border-bottom:1px solid var(--line)}
    thead th{font-weight:600;vertical-align:bottom;background:var(--bg);position:sticky;top:0;\
    z-index:2}
    thead small{display:block}
    .strategies tbody th{min-width:13ch;overflow-wrap:break-word}
    .strategies td:last-child{min-width:200px}
    .strategies td.n{white-space:nowrap}
    .cap::first-letter{text-transform:uppercase}
    tbody th{font-weight:600;overflow-wrap:break-word;min-width:9ch}
    td small,tbody th small{display:block}
    .fig small{display:inline}
    .n{text-align:right}th.n,td.n{padding-left:8px;padding-right:12px}
    th button{font:inherit;color:inherit;background:none;border:0;padding:2px 0;min-height:24px;\
    cursor:pointer;text-align:inherit}
    th button::after{content:" ↕";color:var(--muted)}
    th[aria-sort=descending] button::after{content:" ↓"}
    th[aria-sort=ascending] button::after{content:" ↑"}
    .filter input{font:inherit;padding:3px 8px;min-height:28px;color:inherit;\
    background:var(--bg);border:1px solid var(--grey);border-radius:4px}
    .matrix{width:auto;font-size:.85rem}
    .matrix td{text-align:right;padding:4px 8px;min-width:36px;\
    background:rgba(var(--misstint),calc(var(--v)*.6))}
    .matrix td.hit{background:rgba(var(--tint),calc(var(--v)*.35))}
    .matrix th{padding:4px 8px;font-weight:600}
    .effects td:nth-child(2),.effects td:nth-child(3){min-width:20ch}
    """

  private static let marks = """
    .verdict.gain{color:var(--gain)}.verdict.loss{color:var(--loss)}
    .verdict.same,.verdict.unclear,.verdict.unjudged{color:var(--muted)}
    .axis,.unit{position:relative;display:block;height:16px;min-width:120px;margin:3px 7px}
    .axis::before{content:"";position:absolute;left:50%;top:0;bottom:0;width:2px;margin-left:-1px;\
    background:var(--grey)}
    .axis::after,.unit::after{content:"";position:absolute;left:0;right:0;top:50%;height:1px;\
    background:var(--line)}
    .unit.plain::after{display:none}
    .axis i,.unit i{position:absolute;z-index:1}
    .bar{top:50%;height:4px;margin-top:-2px;min-width:2px;background:var(--grey)}
    .thick{top:3px;height:10px;background:var(--grey)}
    .dot,.o{top:50%;width:12px;height:12px;margin:-6px 0 0 -6px;border-radius:50%;\
    background:var(--grey)}
    .o{background:var(--bg);border:2px solid var(--grey)}
    .bar.gain,.dot.gain,.thick.gain{background:var(--gain)}
    .bar.loss,.dot.loss,.thick.loss{background:var(--loss)}
    .bar.unjudged{opacity:.45}
    .dot.unjudged{opacity:.7}
    td.db,td.chg{min-width:190px}
    """

  private static let plots = """
    .plot{position:relative;height:370px;min-width:250px}
    .tradeoff .plot{height:440px}
    .plot.square{height:320px;max-width:340px}
    .area{position:absolute;left:56px;right:12px;top:34px;bottom:46px;\
    border-left:1px solid var(--grey);border-bottom:1px solid var(--grey)}
    .plot i{position:absolute;font-style:normal}
    .plot u{text-decoration:none;position:absolute;font-size:.8rem;color:var(--muted);\
    white-space:nowrap}
    .gx{top:0;bottom:0;width:1px;background:var(--line)}
    .gx u{top:100%;transform:translate(-50%,3px);left:0}
    .gy{left:0;right:0;height:1px;background:var(--line)}
    .gy u{right:100%;transform:translate(-5px,-50%)}
    .hx{top:0;bottom:0;border-left:2px dashed var(--grey)}
    .hy{left:0;right:0;border-bottom:2px dashed var(--grey)}
    .xname,.yname{position:absolute;font-size:.85rem;font-weight:600}
    .xname{right:10px;bottom:0;white-space:nowrap}
    .yname{left:0;top:0}
    .seed{width:5px;height:5px;margin:0 0 -2.5px -2.5px;border-radius:50%;background:var(--grey);\
    opacity:.55}
    .ch{height:2px;margin-bottom:-1px;background:var(--grey)}
    .cv{width:2px;margin-left:-1px;background:var(--grey)}
    .ch,.cv{opacity:.6}
    .ch.gain,.cv.gain{background:var(--gain)}.ch.loss,.cv.loss{background:var(--loss)}
    .ring{width:15px;height:15px;margin:0 0 -7.5px -7.5px;border-radius:50%;\
    border:3px solid var(--grey);background:var(--bg)}
    .ring.gain{border-color:var(--gain)}.ring.loss{border-color:var(--loss)}
    .ring.base{border-color:var(--ink)}
    .num,.cname{transform:translate(-50%,50%);font-size:.85rem;font-weight:700;line-height:15px;\
    white-space:nowrap}
    .cname{font-weight:400}
    .num{background:var(--bg);padding:0 2px;border-radius:3px}
    .lead{height:1px;background:var(--ink);transform-origin:0 50%}
    .open,.fill{width:12px;height:12px;margin:0 0 -6px -6px;border-radius:50%;\
    background:var(--grey)}
    .open{background:var(--bg);border:2px solid var(--grey)}
    .fill.gain,.stem.gain{background:var(--gain)}.fill.loss,.stem.loss{background:var(--loss)}
    .fill.small{width:8px;height:8px;margin:0 0 -4px -4px}
    .stem{width:3px;margin-left:-1.5px;background:var(--grey)}
    .diag{left:0;bottom:0;width:100%;height:100%;\
    background:linear-gradient(to bottom right,transparent calc(50% - 1px),var(--line),\
    transparent calc(50% + 1px))}
    .classplot .plot{max-width:720px}
    """

  /// Rows stack; figures stay, the axis of changes goes.
  private static let phone = """
    @media (max-width:860px){.split,.two{grid-template-columns:minmax(0,1fr)}}
    @media (max-width:640px){
    header,main,footer{padding-left:14px;padding-right:14px}
    .gap{padding:14px}.big{font-size:2.5rem}.pair{gap:12px 32px}
    .verdict-text{font-size:1.08rem}
    table.classes,table.strategies,table.stack{display:block}
    .classes thead,.strategies thead,.stack thead{position:absolute;width:1px;height:1px;\
    overflow:hidden;clip-path:inset(50%)}
    .classes caption,.strategies caption{display:block}
    .classes tbody,.strategies tbody,.stack tbody{display:block}
    .classes tr,.strategies tr,.stack tr{display:grid;grid-template-columns:1fr 1fr;gap:0 14px;\
    padding:10px 0;border-bottom:1px solid var(--line)}
    .classes tr[hidden]{display:none}
    .classes th,.classes td,.strategies th,.strategies td,.stack th,.stack td{border:0;padding:1px 0;\
    text-align:left;min-width:0}
    .classes tbody th,.classes .db,.classes .chg,.classes td:last-child,.strategies tbody th,\
    .strategies td:last-child,.stack tbody th,.stack td:not(.n){grid-column:1/-1}
    .strategies td:first-child{display:none}
    .strategies tr{counter-increment:row}
    .strategies tbody{counter-reset:row}
    .strategies tbody th::before{content:counter(row) "  "}
    .n[data-label]::before,.stack td[data-label]::before{content:attr(data-label) ": ";\
    color:var(--muted);font-size:.85rem}
    .classes .chg .axis{display:none}
    .tall{max-height:none}
    }
    """

  private static let print = """
    @media print{
    body{font-size:10.5pt}
    header,main,footer{max-width:none;padding:0}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    .skip,.filter{display:none}.printonly{display:block}
    .tall{max-height:none}.scroll{overflow:visible}
    thead{display:table-header-group}thead th{position:static}
    tr,figure,.gap,li{break-inside:avoid}
    h2,h3,summary,caption,thead{break-after:avoid}
    tr.mid{display:none}
    details::details-content{content-visibility:visible;display:block;block-size:auto}
    th button::after{content:""}
    }
    @media (prefers-reduced-motion:reduce){*{scroll-behavior:auto}}
    """
}
