/// What a run's page adds to the style sheet of comparison reports.
enum RunStyle {
  static let text = """
    .done{height:10px;background:var(--line);border-radius:5px;overflow:hidden;margin:6px 0 2px}
    .done i{display:block;height:100%;background:var(--grey)}
    .gap .pair{margin-top:10px}.gap .figure{margin:0}
    code{overflow-wrap:anywhere}
    .curves{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,310px),1fr));\
    gap:8px 28px}
    .curve .plot{height:240px}
    .curve .area{top:14px;bottom:30px;left:46px;right:10px}
    .curve svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
    .curve polyline{fill:none;stroke:var(--ink);stroke-width:2;vector-effect:non-scaling-stroke;\
    stroke-linejoin:round}
    .curve polyline.b{stroke:var(--grey);stroke-dasharray:5 4}
    .curve .end{width:8px;height:8px;margin:0 0 -4px -4px;border-radius:50%;\
    background:var(--ink)}
    .curve .end.b{background:var(--bg);border:2px solid var(--grey)}
    .curve figcaption{font-size:.92rem}.curve h3{margin:8px 0 0;color:var(--ink)}
    .key{white-space:nowrap;margin-right:14px;color:var(--muted)}
    .curve figcaption small{display:block}
    .key b{color:var(--ink);font-weight:600}
    .key i{display:inline-block;width:22px;margin-right:5px;vertical-align:middle;\
    border-top:2px solid var(--ink)}
    .key i.b{border-top:2px dashed var(--grey)}
    .spark{width:150px;height:30px;vertical-align:middle;background:var(--soft);\
    border-bottom:1px solid var(--grey);padding:1px 0}
    .spark path{fill:none;stroke:var(--ink);stroke-width:1.5;vector-effect:non-scaling-stroke}
    .course td small{display:inline;white-space:nowrap}
    .course th,.course td{vertical-align:middle}
    .course .fig{display:inline-block;width:4em}
    .course .unit{display:inline-block;height:12px;width:110px;min-width:0;margin:0;\
    vertical-align:middle}
    .course .unit .thick{top:2px;height:8px}
    .course td.db{white-space:nowrap}
    .course td:last-child{min-width:240px}
    .chosen{width:auto}.chosen td{overflow-wrap:anywhere}
    @media (max-width:640px){.course td:last-child,.course td.db{min-width:0}\
    .course td.db::before{content:"F1, validation: ";color:var(--muted);font-size:.85rem}\
    .spark{width:55%}.chosen{width:100%}}
    """
}
